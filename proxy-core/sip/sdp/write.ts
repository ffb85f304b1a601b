/** Writes our own description of one audio stream (RFC 4566, RFC 3264 §5 and §8). */
import { addressFamily } from './address.ts';
import { type Codec, rtpmapValue } from './codec.ts';
import { type CryptoAttribute, cryptoLine, type SrtpKey } from './crypto.ts';
import type { MediaLine, Protection } from './description.ts';
import type { Direction } from './direction.ts';

/** Our end of the stream. */
export interface LocalAudio {
  /** Digits; the same for the whole call. */
  readonly sessionId: string;
  /** One more for every description that differs from the last (RFC 3264 §8). */
  readonly version: number;
  readonly address: string;
  /** Even; RTCP is expected on the next one. */
  readonly port: number;
  readonly direction: Direction;
  /** In order of preference, telephone-event among them. */
  readonly codecs: readonly Codec[];
  /** Milliseconds of sound in a packet that we want to receive. */
  readonly ptime?: number | undefined;
  /** Whether sound is to be protected, and our keys for it; never where there is none. */
  readonly protection?: LocalProtection | undefined;
}

export interface LocalProtection {
  readonly wanted: Protection;
  /** Best first, a key for each suite that we know; they stay the same through a call. */
  readonly keys: readonly SrtpKey[];
}

/** The m= lines that a description must have: ours among lines that stay rejected. */
export interface Layout {
  readonly lines: readonly MediaLine[];
  readonly audioIndex: number;
  /** Whether sound was protected last. */
  readonly isProtected: boolean;
}

/** What a call of ours begins with. */
export const firstLayout = (isProtected: boolean): Layout => ({
  lines: [{ type: 'audio', port: 0, profile: isProtected ? 'RTP/SAVP' : 'RTP/AVP', formats: ['0'] }],
  audioIndex: 0,
  isProtected,
});

/** @param crypto to offer, or the one that answers. */
export function writeDescription(
  local: LocalAudio,
  layout: Layout,
  rtcpMux: boolean,
  crypto: readonly CryptoAttribute[] = [],
): string {
  const family = addressFamily(local.address) === 6 ? 'IP6' : 'IP4';
  const head = [
    'v=0',
    `o=- ${local.sessionId} ${local.version} IN ${family} ${local.address}`,
    's=-',
    `c=IN ${family} ${local.address}`,
    't=0 0',
  ];
  const media = layout.lines.flatMap((line, index) =>
    index === layout.audioIndex ? audioLines(local, line.profile, rtcpMux, crypto) : [rejectedLine(line)],
  );
  return [...head, ...media, ''].join('\r\n');
}

const rejectedLine = (line: MediaLine): string => `m=${line.type} 0 ${line.profile} ${line.formats.join(' ')}`;

function audioLines(
  local: LocalAudio,
  profile: string,
  rtcpMux: boolean,
  crypto: readonly CryptoAttribute[],
): string[] {
  const formats = local.codecs.map((codec) => codec.payloadType).join(' ');
  return [
    `m=audio ${local.port} ${profile} ${formats}`,
    ...codecLines(local.codecs),
    ...crypto.map(cryptoLine),
    ...(local.ptime === undefined ? [] : [`a=ptime:${local.ptime}`]),
    `a=${local.direction}`,
    ...(rtcpMux ? ['a=rtcp-mux'] : []),
  ];
}

/** The rtpmap and fmtp lines of codecs. */
export const codecLines = (codecs: readonly Codec[]): string[] =>
  codecs.flatMap((codec) => [
    `a=rtpmap:${codec.payloadType} ${rtpmapValue(codec)}`,
    ...(codec.fmtp === '' ? [] : [`a=fmtp:${codec.payloadType} ${codec.fmtp}`]),
  ]);
