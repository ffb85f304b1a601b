/** The model of a description with one audio stream, plain or protected, read from text (RFC 4566, RFC 3264, RFC 3605, RFC 5761). */
import { fail, ok, type Result } from '../grammar/result.ts';
import { addressKind, type Endpoint } from './address.ts';
import { type Codec, canonicalName, staticCodec } from './codec.ts';
import type { SrtpKey } from './crypto.ts';
import { type Direction, directionOf, sends } from './direction.ts';
import { type RemoteIce, readIce, readMid } from './ice.ts';
import { type Protection, type RemoteProtection, readProtection } from './protection.ts';
import { type RawMedia, type RawSession, readSdp, type SdpError, sdpError } from './read.ts';

/** An m= line as it stood, kept so that every later description has the same lines in the same order (RFC 3264 §8). */
export interface MediaLine {
  readonly type: string;
  readonly port: number;
  readonly profile: string;
  /** At least one; what follows the profile. */
  readonly formats: readonly string[];
}

export interface AudioMedia {
  /** Which m= line, from 0. */
  readonly index: number;
  readonly profile: string;
  readonly protection: RemoteProtection;
  /** Where its writer wants RTP; undefined when the address is 0.0.0.0 or ::, the old form of hold. */
  readonly rtp: Endpoint | undefined;
  /** Where its writer wants RTCP; the RTP endpoint itself with rtcp-mux. */
  readonly rtcp: Endpoint | undefined;
  readonly rtcpMux: boolean;
  /** Its name (RFC 5888). */
  readonly mid: string | undefined;
  /** `mismatch` where its candidates must not be used. */
  readonly ice: RemoteIce | 'mismatch' | undefined;
  /** As its writer sees it; an unspecified address has already taken away its receiving. */
  readonly direction: Direction;
  /** In the order of the m= line. */
  readonly codecs: readonly Codec[];
  /** Milliseconds of sound in a packet that its writer wants to receive. */
  readonly ptime: number | undefined;
  /** The most that it takes. */
  readonly maxptime: number | undefined;
}

export interface Description {
  readonly lines: readonly MediaLine[];
  /** The line that the wish for protection leads to, among those that are switched on. */
  readonly audio: AudioMedia | undefined;
}

/**
 * Reads a peer's description. 400 when the text is broken, 488 when it names what we cannot reach. Never throws.
 * @param ours a key for each suite that we know; without, any counts as protection.
 */
export function parseDescription(
  text: string,
  protection: Protection = 'offered',
  ours?: readonly SrtpKey[],
): Result<Description, SdpError> {
  const read = readSdp(text);
  if (!read.ok) return read;
  const session = read.value;
  const lines = session.media.map(mediaLine);
  const kinds = session.media.map((raw) =>
    raw.type === 'audio' && raw.port > 0 ? readProtection(session, raw, protection, ours) : undefined,
  );
  // The better one where there are both: a line for each is how best effort is offered.
  const best = ['dtls', 'sdes', 'none'].find((kind) => kinds.some((found) => found?.kind === kind));
  const index = kinds.findIndex((found) => found !== undefined && found.kind === best);
  const [raw, found] = [session.media[index], kinds[index]];
  if (!raw || !found) return ok({ lines, audio: undefined });
  const audio = audioMedia(text, session, raw, index, found);
  return audio.ok ? ok({ lines, audio: audio.value }) : fail(audio.error);
}

const mediaLine = (raw: RawMedia): MediaLine => ({
  type: raw.type,
  port: raw.port,
  profile: raw.protocol,
  formats: String(raw.payloads ?? '')
    .split(' ')
    .filter((format) => format !== ''),
});

function audioMedia(
  text: string,
  session: RawSession,
  raw: RawMedia,
  index: number,
  protection: RemoteProtection,
): Result<AudioMedia, SdpError> {
  const address = connectionAddress(raw.connection ?? session.connection);
  const kind = address === undefined ? 'refused' : addressKind(address);
  if (address === undefined || kind === 'refused') {
    return sdpError('The audio address is missing or not a unicast IP address', 488);
  }
  const declared = raw.direction ?? session.direction ?? 'sendrecv';
  const rtp = kind === 'unspecified' ? undefined : { address, port: raw.port };
  const rtcpMux = raw.rtcpMux !== undefined;
  const rtcp = rtp && (rtcpMux ? rtp : rtcpEndpoint(raw, rtp));
  const ice = readIce(text, session, raw, rtp, rtcp);
  // Port 9 there says that candidates are all there is, or will be (RFC 8839 §4.2.1.3): no hold.
  const isHeld = rtp === undefined && !(typeof ice === 'object' && raw.port === 9);
  return ok({
    index,
    profile: raw.protocol,
    protection,
    rtp,
    rtcp,
    rtcpMux,
    mid: readMid(raw),
    ice,
    direction: isHeld ? directionOf(sends(declared), false) : declared,
    codecs: mediaCodecs(raw),
    ptime: boundedPtime(raw.ptime),
    maxptime: boundedPtime(raw.maxptime),
  });
}

function connectionAddress(connection: RawSession['connection']): string | undefined {
  return connection && String(connection.ip).split('/', 1)[0];
}

function rtcpEndpoint(raw: RawMedia, rtp: Endpoint): Endpoint | undefined {
  const explicit = raw.rtcp;
  const port = explicit?.port ?? rtp.port + 1;
  const address = explicit?.address ?? rtp.address;
  return port >= 1 && port <= 65535 && addressKind(address) === 'unicast' ? { address, port } : undefined;
}

/** The codecs of an m= line in its order; formats that are no payload type or have no rtpmap are left out. */
export function mediaCodecs(raw: RawMedia): Codec[] {
  const codecs: Codec[] = [];
  for (const format of mediaLine(raw).formats) {
    const payloadType = Number(format);
    if (!/^\d{1,3}$/.test(format) || payloadType > 127 || codecs.some((c) => c.payloadType === payloadType)) continue;
    const map = raw.rtp.find((entry) => entry.payload === payloadType);
    const fmtp = String(raw.fmtp.find((entry) => entry.payload === payloadType)?.config ?? '').trim();
    const clockRate = Number(map?.rate);
    if (map && Number.isInteger(clockRate) && clockRate > 0) {
      const name = canonicalName(String(map.codec));
      // RFC 7587 §7 fixes Opus at two channels; some peers leave them out.
      const channels = name === 'opus' ? 2 : Number(map.encoding ?? 1);
      codecs.push({ payloadType, name, clockRate, channels, fmtp });
    } else {
      const known = staticCodec(payloadType);
      if (known) codecs.push({ ...known, fmtp });
    }
  }
  return codecs;
}

function boundedPtime(value: unknown): number | undefined {
  const ptime = Number(value);
  return Number.isInteger(ptime) && ptime >= 10 && ptime <= 120 ? ptime : undefined;
}
