/** The sound of a window that makes none and hears none. */
import type { PeerMedia } from '../../app/renderer/softphone/media.ts';

/** What a window that makes no sound offers. */
export const offerWith = (direction: string): string =>
  [
    'v=0',
    'o=- 4611731400430051336 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 126',
    'c=IN IP4 0.0.0.0',
    'a=ice-ufrag:nobody',
    'a=ice-pwd:nobodyisthereatallhere',
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
    'a=setup:actpass',
    'a=mid:0',
    `a=${direction}`,
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:126 telephone-event/8000',
    '',
  ].join('\r\n');

export const unheard: PeerMedia = {
  offer: async (direction) => offerWith(direction),
  answer: async () => {},
  rollback: async () => {},
  setMuted() {},
  setHeld() {},
  sendDigit: () => false,
  mix() {},
  record: () => ({ ok: false, reason: 'Nobody records here' }),
  levels: async () => ({ microphone: 0.1, microphoneMuted: false, energy: performance.now(), heard: 0, packets: 0 }),
  close() {},
};
