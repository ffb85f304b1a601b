/** What stands in the larger panels of the settings, by its labels there, with the words that people may have for it. */
import { t } from '@lingui/core/macro';
import type { Control } from './panel.ts';

export const desktopControls = (): readonly Control[] => [
  { name: t`Show a bar with the call`, words: t`mini window, always on top, floating` },
  { name: t`Stay in the tray when the window is closed`, words: t`close button, minimise, exit, notification area` },
  { name: t`Tell of missed calls and messages`, words: t`notification, pop-up, banner, alert` },
];

export const soundControls = (): readonly Control[] => [
  { name: t`Test call to yourself`, words: t`echo test, check, try, hear myself` },
  { name: t`Microphone`, words: t`input, mic, speak` },
  { name: t`Speaker`, words: t`output, headphones, loudspeaker, hear` },
  { name: t`Volume of calls`, words: t`loud, quiet, loudness` },
  { name: t`Ringer`, words: t`ring tone, ringing, bell, incoming` },
  { name: t`Volume of ringing`, words: t`loud, quiet, ring tone, bell` },
  { name: t`Cancel echo`, words: t`echo cancellation, feedback` },
  { name: t`Suppress noise`, words: t`noise reduction, background, music` },
  { name: t`Adjust my volume`, words: t`automatic gain, AGC, level, too quiet` },
];

export const callControls = (): readonly Control[] => [
  { name: t`Do not disturb`, words: t`DND, quiet, busy, pause` },
  { name: t`Call waiting`, words: t`second call, busy, knock` },
  { name: t`Hide my number`, words: t`anonymous, CLIR, caller ID, privacy` },
  { name: t`Refuse hidden numbers`, words: t`anonymous, block, reject, spam` },
  { name: t`Record every call`, words: t`recording, automatic, tape` },
  { name: t`Answer by itself`, words: t`auto answer, intercom, automatic, paging` },
  { name: t`Who is on hold hears`, words: t`music on hold, waiting` },
  { name: t`When somebody wants to connect me`, words: t`transfer, REFER, ask` },
  { name: t`When a number sends me elsewhere`, words: t`redirect, forwarding, 302, diversion` },
  { name: t`Protect sound (SRTP)`, words: t`encryption, security, secure, SDES, DTLS` },
  { name: t`Digits are sent`, words: t`DTMF, tones, keypad, voice menu, INFO` },
  { name: t`Number of the voice mail`, words: t`voicemail, mailbox, answering machine, MWI` },
  { name: t`Calls may be taken over`, words: t`pickup, Replaces, attended transfer` },
  { name: t`Let the other side offer first`, words: t`late offer, delayed offer, SDP` },
  { name: t`Keys of protected calls`, words: t`SRTP, SDES, DTLS, encryption` },
  { name: t`Look for the best way for sound (ICE)`, words: t`NAT, router, no sound, candidates` },
  { name: t`STUN server`, words: t`NAT, router, public address, no sound` },
  { name: t`TURN server`, words: t`relay, NAT, firewall, no sound` },
  { name: t`The server is told`, words: t`presence, PUBLISH, status, lamp` },
  { name: t`Sound in a packet`, words: t`ptime, milliseconds, delay` },
  { name: t`Codecs`, words: t`codec, Opus, G.722, G.711, PCMU, PCMA, quality` },
  { name: t`Confirm ringing (100rel)`, words: t`PRACK, reliable, early media` },
  { name: t`Signs of life of a call`, words: t`session timer, keep-alive, call drops` },
];

export const diallingControls = (): readonly Control[] => [
  { name: t`Country`, words: t`region, country code, area code, +420` },
  { name: t`Add rule`, words: t`outside line, 0 first, prefix, replace, pattern, rule` },
  { name: t`Try a number`, words: t`check, what is dialled` },
];

export const connectionControls = (): readonly Control[] => [
  { name: t`Reach the server by`, words: t`transport, UDP, TCP, TLS, WebSocket, encryption` },
  { name: t`Outbound proxies`, words: t`outbound proxy, route, SBC` },
];
