/**
 * Offer and answer for one audio stream (RFC 3264). Supported towards a peer: RTP/AVP, RTP/AVPF without feedback, and
 * both protected by SRTP.
 */
import { ok, type Result } from '../grammar/result.ts';
import { type Codec, codecKey, isTelephoneEvent, sameCodec } from './codec.ts';
import { type AudioMedia, type MediaLine, parseDescription } from './description.ts';
import { answerDirection, type Direction } from './direction.ts';
import { iceLines, type LocalIce } from './ice.ts';
import {
  type AgreedProtection,
  acceptProtection,
  answerProtection,
  type LocalProtection,
  offerLines,
  type Protection,
} from './protection.ts';
import { type SdpError, sdpError } from './read.ts';
import { firstLayout, type Layout, type LocalAudio, writeDescription } from './write.ts';

/** One codec that both sides know, with the numbers that each wants to receive. */
export interface AgreedCodec {
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
  /** What we put into packets to the peer. */
  readonly sendPayloadType: number;
  /** What the peer puts into packets to us. */
  readonly receivePayloadType: number;
  /** The peer's parameters: what it wants to receive. */
  readonly remoteFmtp: string;
}

export interface AgreedAudio {
  readonly remote: Pick<AudioMedia, 'rtp' | 'rtcp' | 'rtcpMux' | 'ice' | 'maxptime'>;
  /** As seen by us. */
  readonly direction: Direction;
  /** At least one; we send with the first and take any. */
  readonly codecs: readonly AgreedCodec[];
  /** The one whose clock fits the first codec comes first (RFC 4733 §2.1); empty when the peer has none. */
  readonly telephoneEvents: readonly AgreedCodec[];
  readonly ptime: number | undefined;
  /** Undefined where sound goes in the clear. */
  readonly protection: AgreedProtection | undefined;
  /** The m= lines that later descriptions of this call must repeat. */
  readonly layout: Layout;
}

export interface Offer {
  readonly sdp: string;
  readonly local: LocalAudio;
  readonly layout: Layout;
}

const UNPROTECTED: LocalProtection = {
  wanted: 'never',
  offered: 'sdes',
  keys: [],
  fingerprint: { algorithm: '', value: '' },
  role: undefined,
};

/** Writes an offer. Codecs are listed as given; `last` comes from the last exchange of the same call. */
export function buildOffer(local: LocalAudio, last?: Layout): Offer {
  const protection = local.protection ?? UNPROTECTED;
  const layout = last ?? firstLayout(protection.wanted === 'always' ? protection.offered : 'none');
  const lines = [...offerLines(protection, layout.keyExchange), ...(local.ice ? namedIce(local.ice, layout.mid) : [])];
  // One association then protects both (RFC 5764 §4.1).
  return { sdp: writeDescription(local, layout, layout.keyExchange === 'dtls', lines), local, layout };
}

/**
 * Answers a peer's offer with one codec, the first of `local.codecs` that it has, and telephone-event. Payload types
 * are the offer's; other m= lines are rejected with port 0. 488 when nothing is in common, 400 when it is broken.
 */
export function answerOffer(
  text: string,
  local: LocalAudio,
): Result<{ readonly sdp: string; readonly agreed: AgreedAudio }, SdpError> {
  const protection = local.protection ?? UNPROTECTED;
  const parsed = parseDescription(text, protection.wanted, protection.keys);
  if (!parsed.ok) return parsed;
  const { audio, lines } = parsed.value;
  if (!audio) return sdpError(whyNoAudio(lines, protection.wanted), 488);
  const wanted = local.codecs.find(
    (codec) => !isTelephoneEvent(codec) && audio.codecs.some((c) => sameCodec(c, codec)),
  );
  const chosen = wanted && audio.codecs.find((codec) => sameCodec(codec, wanted));
  if (!wanted || !chosen) return sdpError('The offer has no audio codec in common with us', 488);
  const event = byFit(commonEvents(local.codecs, audio.codecs), chosen.clockRate)[0];
  const secured = answerProtection(protection, audio.protection);
  const layout = { lines, audioIndex: audio.index, mid: audio.mid, keyExchange: audio.protection.kind };
  const codecs: Codec[] = [
    { ...wanted, payloadType: chosen.payloadType },
    ...(event ? [{ ...event, fmtp: '0-15' }] : []),
  ];
  const direction = answerDirection(audio.direction, local.direction);
  const agreedCodec = (codec: Codec): AgreedCodec => agree(codec, codec.payloadType);
  return ok({
    sdp: writeDescription({ ...local, direction, codecs }, layout, audio.rtcpMux, [
      ...secured.lines,
      ...answerIce(audio, local),
    ]),
    agreed: {
      remote: audio,
      direction,
      codecs: [agreedCodec(chosen)],
      telephoneEvents: event ? [agreedCodec(event)] : [],
      ptime: audio.ptime,
      protection: secured.agreed,
      layout,
    },
  });
}

/** Takes a peer's answer to our offer. 488 when it refuses the audio or names nothing that we offered. */
export function acceptAnswer(offer: Offer, text: string): Result<AgreedAudio, SdpError> {
  const { keyExchange } = offer.layout;
  const local = offer.local.protection ?? UNPROTECTED;
  const parsed = parseDescription(text, keyExchange === 'none' ? 'never' : 'always', local.keys);
  if (!parsed.ok) return parsed;
  const { audio } = parsed.value;
  // Lines belong together by their places (RFC 3264 §6): a further one cannot stand in for ours.
  if (audio?.index !== offer.layout.audioIndex) return sdpError('The answer refuses the audio, or its protection', 488);
  const protection = acceptProtection(local, keyExchange, audio.protection);
  if (protection === 'refused') return sdpError('The answer has no key for a protection that was offered', 488);
  const agreed = audio.codecs.flatMap((codec) => {
    const ours = offer.local.codecs.find((candidate) => sameCodec(candidate, codec));
    return ours ? [agree(codec, ours.payloadType)] : [];
  });
  const codecs = agreed.filter((codec) => !isTelephoneEvent(codec));
  const [first] = codecs;
  if (!first) return sdpError('The answer has no audio codec that was offered', 488);
  const rejected = offer.layout.lines.map((line, index) =>
    index === offer.layout.audioIndex ? line : { ...line, port: 0 },
  );
  return ok({
    remote: audio,
    direction: answerDirection(audio.direction, offer.local.direction),
    codecs,
    telephoneEvents: byFit(agreed.filter(isTelephoneEvent), first.clockRate),
    ptime: audio.ptime,
    protection,
    layout: { ...offer.layout, lines: rejected },
  });
}

function answerIce({ ice, mid }: AudioMedia, local: LocalAudio): string[] {
  if (ice === 'mismatch') return ['a=ice-mismatch'];
  return ice && local.ice ? namedIce(local.ice, mid) : [];
}

/** Candidates that come later name the line that they are for. */
const namedIce = (ice: LocalIce, mid: string | undefined): string[] => [
  ...(mid === undefined ? [] : [`a=mid:${mid}`]),
  ...iceLines(ice),
];

function whyNoAudio(lines: readonly MediaLine[], wanted: Protection): string {
  const profiles = lines.filter((line) => line.type === 'audio' && line.port > 0).map((line) => line.profile);
  if (profiles.length === 0) return 'The offer has no audio';
  if (profiles.some((profile) => profile.startsWith('RTP/AVP')))
    return 'Only protected audio is taken, and none is offered';
  return wanted === 'never'
    ? 'Only plain RTP audio (RTP/AVP) is taken, and none is offered'
    : 'The protection that is offered is not one that we know';
}

const agree = (remote: Codec, receivePayloadType: number): AgreedCodec => ({
  name: remote.name,
  clockRate: remote.clockRate,
  channels: remote.channels,
  sendPayloadType: remote.payloadType,
  receivePayloadType,
  remoteFmtp: remote.fmtp,
});

function commonEvents(ours: readonly Codec[], theirs: readonly Codec[]): Codec[] {
  const known = new Set(ours.filter(isTelephoneEvent).map(codecKey));
  return theirs.filter((codec) => isTelephoneEvent(codec) && known.has(codecKey(codec)));
}

const byFit = <T extends { readonly clockRate: number }>(events: readonly T[], clockRate: number): T[] =>
  [...events].sort((a, b) => Number(b.clockRate === clockRate) - Number(a.clockRate === clockRate));
