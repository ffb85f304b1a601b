/** The window's own offer, read, and the answer to it, written: WebRTC over 127.0.0.1 with ICE-lite and passive DTLS (RFC 8829, RFC 8839, RFC 8842). */
import {
  type Codec,
  codecKey,
  codecLines,
  type Direction,
  isFingerprint,
  type MediaLine,
  mediaCodecs,
  parseFmtp,
  type RawMedia,
  type RawSession,
  readSdp,
} from '../sip/sdp/index.ts';

export interface Fingerprint {
  readonly algorithm: string;
  readonly value: string;
}

export interface WindowOffer {
  readonly lines: readonly MediaLine[];
  readonly audioIndex: number;
  readonly mid: string | undefined;
  readonly bundled: boolean;
  readonly iceUfrag: string;
  readonly icePassword: string;
  readonly fingerprint: Fingerprint;
  readonly direction: Direction;
  /** Those that can be carried to a SIP peer, in the window's order. */
  readonly codecs: readonly Codec[];
}

export interface LocalIce {
  readonly ufrag: string;
  readonly password: string;
  readonly port: number;
  readonly fingerprint: Fingerprint;
}

const CARRIED = new Set(['opus/48000/2', 'g722/8000/1', 'pcmu/8000/1', 'pcma/8000/1']);
const EVENT_CLOCKS = new Set([8000, 48000]);
const ICE_CHARS = /^[A-Za-z0-9+/]{4,256}$/;
const MID = /^[\w.+-]{1,32}$/;
/** What a peer may ask of our encoder; its wish for stereo is left out, a microphone has none. */
const OPUS_WISHES = ['maxplaybackrate', 'maxaveragebitrate', 'useinbandfec', 'usedtx', 'cbr'];

/** Reads the window's offer; a string says what is wrong with it. */
export function parseWindowOffer(
  sdp: string,
): { readonly ok: true; readonly value: WindowOffer } | { readonly ok: false; readonly error: string } {
  const read = readSdp(sdp);
  if (!read.ok) return { ok: false, error: read.error.reason };
  const session = read.value;
  const audioIndex = session.media.findIndex(
    (line) => line.type === 'audio' && line.port > 0 && line.protocol === 'UDP/TLS/RTP/SAVPF',
  );
  const raw = session.media[audioIndex];
  if (!raw) return { ok: false, error: 'The window offers no audio' };
  const security = readSecurity(session, raw);
  if (!security) return { ok: false, error: 'The window offers no usable ICE or DTLS parameters' };
  const mid = raw.mid === undefined ? undefined : String(raw.mid);
  if (mid !== undefined && !MID.test(mid)) return { ok: false, error: 'The window offers a malformed mid' };
  const codecs = mediaCodecs(raw).filter(
    (codec) => CARRIED.has(codecKey(codec)) || (codec.name === 'telephone-event' && EVENT_CLOCKS.has(codec.clockRate)),
  );
  if (!codecs.some((codec) => CARRIED.has(codecKey(codec)))) {
    return { ok: false, error: 'The window offers no codec that a SIP peer could take' };
  }
  return {
    ok: true,
    value: {
      ...security,
      lines: session.media.map((line) => ({
        type: line.type,
        port: line.port,
        profile: line.protocol,
        formats: String(line.payloads ?? '0').split(' '),
      })),
      audioIndex,
      mid,
      bundled: mid !== undefined && (session.groups ?? []).some((group) => group.type === 'BUNDLE'),
      direction: raw.direction ?? session.direction ?? 'sendrecv',
      codecs,
    },
  };
}

function readSecurity(
  session: RawSession,
  raw: RawMedia,
): Pick<WindowOffer, 'iceUfrag' | 'icePassword' | 'fingerprint'> | undefined {
  const iceUfrag = String(raw.iceUfrag ?? session.iceUfrag ?? '');
  const icePassword = String(raw.icePwd ?? session.icePwd ?? '');
  const print = raw.fingerprint ?? session.fingerprint;
  const setup = raw.setup ?? session.setup ?? 'actpass';
  if (!print || setup === 'passive' || !ICE_CHARS.test(iceUfrag) || !ICE_CHARS.test(icePassword)) return undefined;
  if (!isFingerprint(print)) return undefined;
  return { iceUfrag, icePassword, fingerprint: { algorithm: print.type, value: print.hash } };
}

export interface WindowAnswer {
  /** Digits; the same for one transport. */
  readonly sessionId: string;
  readonly ice: LocalIce;
  /** As the gateway sees it. */
  readonly direction: Direction;
  /** In the window's numbers, the one to send first; `fmtp` is what the peer asked for. */
  readonly codecs: readonly Codec[];
  readonly ptime: number | undefined;
  /** The one SSRC of what the gateway sends. */
  readonly ssrc: number;
}

/**
 * Writes the answer. The same arguments give the same text, so that a second early answer that changes nothing can be
 * told by comparing. Header extensions and RTCP feedback are declined by leaving them out: packets stay plain.
 */
export function writeWindowAnswer(offer: WindowOffer, answer: WindowAnswer): string {
  const lines = [
    'v=0',
    `o=- ${answer.sessionId} 1 IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    'a=ice-lite',
    ...(offer.bundled ? [`a=group:BUNDLE ${offer.mid}`] : []),
    'a=msid-semantic: WMS tandem',
    ...offer.lines.flatMap((line, index) =>
      index === offer.audioIndex
        ? audioLines(offer, answer)
        : [`m=${line.type} 0 ${line.profile} ${line.formats.join(' ')}`, 'c=IN IP4 0.0.0.0', 'a=inactive'],
    ),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function audioLines(offer: WindowOffer, answer: WindowAnswer): string[] {
  const { ice, codecs } = answer;
  return [
    `m=audio ${ice.port} UDP/TLS/RTP/SAVPF ${codecs.map((codec) => codec.payloadType).join(' ')}`,
    'c=IN IP4 127.0.0.1',
    `a=ice-ufrag:${ice.ufrag}`,
    `a=ice-pwd:${ice.password}`,
    `a=fingerprint:${ice.fingerprint.algorithm} ${ice.fingerprint.value}`,
    'a=setup:passive',
    ...(offer.mid === undefined ? [] : [`a=mid:${offer.mid}`]),
    `a=${answer.direction}`,
    'a=msid:tandem audio',
    'a=rtcp-mux',
    ...codecLines(codecs.map((codec) => ({ ...codec, fmtp: wishes(codec) }))),
    ...(answer.ptime === undefined ? [] : [`a=ptime:${answer.ptime}`]),
    `a=candidate:1 1 udp 2130706431 127.0.0.1 ${ice.port} typ host`,
    'a=end-of-candidates',
    `a=ssrc:${answer.ssrc} cname:tandem`,
  ];
}

function wishes(codec: Codec): string {
  if (codec.name === 'telephone-event') return '0-15';
  if (codec.name !== 'opus') return '';
  const asked = parseFmtp(codec.fmtp);
  return OPUS_WISHES.flatMap((key) => {
    const value = asked.get(key);
    return value !== undefined && /^\d{1,6}$/.test(value) ? [`${key}=${value}`] : [];
  }).join(';');
}
