/** Writes our own description of one audio stream (RFC 4566, RFC 3264 §5 and §8). */
import { addressFamily, type Endpoint } from './address.ts';
import { type Codec, rtpmapValue } from './codec.ts';
import type { MediaLine } from './description.ts';
import type { Direction } from './direction.ts';
import type { LocalIce } from './ice.ts';
import { firstProfile, type KeyExchange, type LocalProtection } from './protection.ts';

/** Our end of the stream. */
export interface LocalAudio {
  /** Digits; the same for the whole call. */
  readonly sessionId: string;
  /** One more for every description that differs from the last (RFC 3264 §8). */
  readonly version: number;
  readonly address: string;
  /** RTCP is expected on the next one, if nothing else is said. */
  readonly port: number;
  /** Where RTCP is expected (RFC 3605). */
  readonly rtcp?: Endpoint | undefined;
  readonly direction: Direction;
  /** In order of preference, telephone-event among them. */
  readonly codecs: readonly Codec[];
  /** Milliseconds of sound in a packet that we want to receive. */
  readonly ptime?: number | undefined;
  /** Absent where sound is never protected. */
  readonly protection?: LocalProtection | undefined;
  /** Absent where ICE is not offered, or not answered. */
  readonly ice?: LocalIce | undefined;
}

/** The m= lines that a description must have: ours among lines that stay rejected. */
export interface Layout {
  readonly lines: readonly MediaLine[];
  readonly audioIndex: number;
  /** What our line is called; undefined where the peer's offer gave it no name (RFC 5888 §9). */
  readonly mid: string | undefined;
  /** How keys were agreed on last. */
  readonly keyExchange: KeyExchange;
}

/** What a call of ours begins with. */
export const firstLayout = (keyExchange: KeyExchange): Layout => ({
  lines: [{ type: 'audio', port: 0, profile: firstProfile(keyExchange), formats: ['0'] }],
  audioIndex: 0,
  mid: '0',
  keyExchange,
});

/** @param more lines of its own: protection and ICE. */
export function writeDescription(
  local: LocalAudio,
  layout: Layout,
  rtcpMux: boolean,
  more: readonly string[] = [],
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
    index === layout.audioIndex ? audioLines(local, line.profile, rtcpMux, more) : [rejectedLine(line)],
  );
  return [...head, ...media, ''].join('\r\n');
}

const rejectedLine = (line: MediaLine): string => `m=${line.type} 0 ${line.profile} ${line.formats.join(' ')}`;

function audioLines(local: LocalAudio, profile: string, rtcpMux: boolean, more: readonly string[]): string[] {
  const formats = local.codecs.map((codec) => codec.payloadType).join(' ');
  return [
    `m=audio ${local.port} ${profile} ${formats}`,
    ...rtcpLine(local),
    ...codecLines(local.codecs),
    ...more,
    ...(local.ptime === undefined ? [] : [`a=ptime:${local.ptime}`]),
    `a=${local.direction}`,
    ...(rtcpMux ? ['a=rtcp-mux'] : []),
  ];
}

function rtcpLine({ address, port, rtcp }: LocalAudio): string[] {
  if (!rtcp || (rtcp.address === address && rtcp.port === port + 1)) return [];
  const family = addressFamily(rtcp.address) === 6 ? 'IP6' : 'IP4';
  return [`a=rtcp:${rtcp.port}${rtcp.address === address ? '' : ` IN ${family} ${rtcp.address}`}`];
}

/** The rtpmap and fmtp lines of codecs. */
export const codecLines = (codecs: readonly Codec[]): string[] =>
  codecs.flatMap((codec) => [
    `a=rtpmap:${codec.payloadType} ${rtpmapValue(codec)}`,
    ...(codec.fmtp === '' ? [] : [`a=fmtp:${codec.payloadType} ${codec.fmtp}`]),
  ]);
