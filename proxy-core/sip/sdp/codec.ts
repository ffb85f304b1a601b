/** Codecs as SDP names them: payload types, clock rates and how two of them are recognised as one (RFC 3551 §6, RFC 4566 §6). */

export interface Codec {
  readonly payloadType: number;
  /** In the usual spelling: `opus`, `G722`, `PCMU`, `PCMA`, `telephone-event`; others as they came. */
  readonly name: string;
  /** RTP timestamp units a second, in Hz. G722 says 8000 although it samples at 16000 (RFC 3551 §4.5.2). */
  readonly clockRate: number;
  readonly channels: number;
  /** Format parameters; empty when there are none. */
  readonly fmtp: string;
}

const STATIC: ReadonlyMap<number, { readonly name: string; readonly clockRate: number }> = new Map([
  [0, { name: 'PCMU', clockRate: 8000 }],
  [3, { name: 'GSM', clockRate: 8000 }],
  [4, { name: 'G723', clockRate: 8000 }],
  [8, { name: 'PCMA', clockRate: 8000 }],
  [9, { name: 'G722', clockRate: 8000 }],
  [13, { name: 'CN', clockRate: 8000 }],
  [18, { name: 'G729', clockRate: 8000 }],
]);

const SPELLING: ReadonlyMap<string, string> = new Map(
  ['opus', 'G722', 'PCMU', 'PCMA', 'CN', 'telephone-event'].map((name) => [name.toLowerCase(), name]),
);

export const canonicalName = (name: string): string => SPELLING.get(name.toLowerCase()) ?? name;

/** The codec of a payload type that needs no rtpmap; undefined when the number is not a static one that we know. */
export function staticCodec(payloadType: number): Codec | undefined {
  const known = STATIC.get(payloadType);
  return known && { payloadType, name: known.name, clockRate: known.clockRate, channels: 1, fmtp: '' };
}

/** Two codecs are the same when this is the same, whatever their payload types. */
export const codecKey = (codec: Pick<Codec, 'name' | 'clockRate' | 'channels'>): string =>
  `${codec.name.toLowerCase()}/${codec.clockRate}/${codec.channels}`;

export const sameCodec = (a: Codec, b: Codec): boolean => codecKey(a) === codecKey(b);

export const isTelephoneEvent = (codec: Pick<Codec, 'name'>): boolean => codec.name === 'telephone-event';

/** The value of `a=rtpmap` after the payload type. */
export const rtpmapValue = (codec: Codec): string =>
  `${codec.name}/${codec.clockRate}${codec.channels > 1 ? `/${codec.channels}` : ''}`;

/** Reads `a=1;b=2` into a map with lower-case keys; a bare word has an empty value. */
export function parseFmtp(fmtp: string): Map<string, string> {
  const params = new Map<string, string>();
  for (const part of fmtp.split(';')) {
    const at = part.indexOf('=');
    const key = (at < 0 ? part : part.slice(0, at)).trim().toLowerCase();
    if (key !== '') params.set(key, at < 0 ? '' : part.slice(at + 1).trim());
  }
  return params;
}
