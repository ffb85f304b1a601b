/** The public door of offer and answer. */
export { addressFamily, addressKind, type Endpoint } from './address.ts';
export { type Codec, codecKey, isTelephoneEvent, parseFmtp } from './codec.ts';
export type { SrtpKey } from './crypto.ts';
export { type MediaLine, mediaCodecs, parseDescription } from './description.ts';
export { type Direction, mirrored, receives, sends } from './direction.ts';
export { type Fragment, readFragment, writeFragment } from './fragment.ts';
export { type IceCandidate, type LocalIce, type RemoteIce, saysTrickle } from './ice.ts';
export {
  type AgreedAudio,
  type AgreedCodec,
  acceptAnswer,
  answerOffer,
  buildOffer,
  type Offer,
} from './negotiate.ts';
export {
  type AgreedProtection,
  type DtlsFingerprint,
  type DtlsRole,
  isFingerprint,
  type LocalProtection,
  type Protection,
} from './protection.ts';
export { type RawMedia, type RawSession, readSdp } from './read.ts';
export type { RelayPeer } from './relay-peer.ts';
export { codecLines, type Layout, type LocalAudio } from './write.ts';
