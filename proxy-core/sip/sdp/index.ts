/** The public door of offer and answer. */
export { type AddressKind, addressFamily, addressKind } from './address.ts';
export { type Codec, codecKey, isTelephoneEvent, parseFmtp, rtpmapValue, sameCodec } from './codec.ts';
export {
  type AudioMedia,
  type Description,
  type Endpoint,
  type MediaLine,
  mediaCodecs,
  parseDescription,
} from './description.ts';
export { answerDirection, type Direction, mirrored, receives, sends } from './direction.ts';
export { type AgreedAudio, type AgreedCodec, acceptAnswer, answerOffer, buildOffer, type Offer } from './negotiate.ts';
export { type RawMedia, type RawSession, readSdp, type SdpError } from './read.ts';
export { AUDIO_ONLY, codecLines, type Layout, type LocalAudio } from './write.ts';
