/**
 * The places in a session description that say where media goes, read and rewritten line by line; every other byte
 * stays (RFC 4566, RFC 3605 a=rtcp, RFC 5761 rtcp-mux, RFC 8839 candidates, RFC 3264 §8.4 hold).
 */
import { addressKind } from '../../sip/sdp/address.ts';

export interface MediaPlace {
  /** Where its writer wants packets; undefined for the old form of hold (0.0.0.0) and for what is no address. */
  readonly address: string | undefined;
  /** 0 where the stream is refused or ended. */
  readonly port: number;
  /** Undefined where it is the port above. */
  readonly rtcpPort: number | undefined;
  readonly rtcpAddress: string | undefined;
  readonly isMuxed: boolean;
  /** Datagrams that a relay can carry: RTP in all its profiles, T.38, DTLS. */
  readonly isDatagrams: boolean;
  readonly isRtp: boolean;
  readonly sends: boolean;
  readonly receives: boolean;
}

/** Ours, in place of what stood there. */
export interface OwnPlace {
  /** A literal without brackets. */
  readonly address: string;
  readonly port: number;
  readonly rtcpPort: number;
}

interface Section {
  /** Line of m=, of its c= (-1 without one) and of the line that a c= would follow. */
  readonly start: number;
  end: number;
  connection: number;
}

/** More m= lines than this are no call. */
const MAX_MEDIA = 16;
const MAX_LINES = 2_000;

const M_LINE = /^m=(\S+) (\d{1,5})(?:\/1)? (\S+) (.+)$/;
const C_LINE = /^c=IN IP[46] ([^\s/]+)(?:\/\S*)?\s*$/i;
const RTCP_LINE = /^a=rtcp:(\d{1,5})(?: IN IP[46] (\S+))?\s*$/i;

export class SdpBody {
  readonly media: readonly MediaPlace[];
  /** Its writer speaks ICE and finds a way of its own. */
  readonly hasIce: boolean;
  readonly #lines: readonly string[];
  readonly #sections: readonly Section[];
  readonly #sessionConnection: number;

  /** Undefined for what is no description, or none that a relay could serve. */
  static parse(text: string): SdpBody | undefined {
    if (!text.startsWith('v=0')) return undefined;
    const lines = text.split('\n', MAX_LINES + 1);
    if (lines.length > MAX_LINES) return undefined;
    const sections: Section[] = [];
    let sessionConnection = -1;
    let hasIce = false;
    for (const [at, line] of lines.entries()) {
      const last = sections.at(-1);
      if (line.startsWith('m=')) {
        if (last !== undefined) last.end = at;
        sections.push({ start: at, end: lines.length, connection: -1 });
      } else if (line.startsWith('c=')) {
        if (last === undefined) sessionConnection = at;
        else if (last.connection < 0) last.connection = at;
      } else if (line.startsWith('a=ice-ufrag:') || line.startsWith('a=candidate:')) hasIce = true;
    }
    if (sections.length === 0 || sections.length > MAX_MEDIA) return undefined;
    return new SdpBody(lines, sections, sessionConnection, hasIce);
  }

  private constructor(lines: readonly string[], sections: readonly Section[], connection: number, hasIce: boolean) {
    this.#lines = lines;
    this.#sections = sections;
    this.#sessionConnection = connection;
    this.hasIce = hasIce;
    const session = directionIn(lines, 0, sections[0]?.start ?? 0) ?? 'sendrecv';
    this.media = sections.map((section) => this.#read(section, session));
  }

  /** The same with `own` in the places of the streams; undefined leaves a stream as it is. */
  rewritten(own: readonly (OwnPlace | undefined)[]): string {
    const lines: (string | null)[] = [...this.#lines];
    const inserted = new Map<number, string>();
    const insert = (at: number, line: string): void => void inserted.set(at, `${inserted.get(at) ?? ''}${line}\n`);
    const first = own.find((place) => place !== undefined);
    // The address for all: ours only where all that is alive goes through us.
    const isWhole = this.media.every(({ port }, index) => port === 0 || own[index] !== undefined);
    if (first !== undefined && isWhole && this.#sessionConnection >= 0) {
      this.#reconnect(lines, this.#sessionConnection, first);
    }
    for (const [index, section] of this.#sections.entries()) {
      const place = own[index];
      const media = this.media[index];
      if (place === undefined || media === undefined) continue;
      const eol = ending(lines[section.start] ?? '');
      lines[section.start] = (lines[section.start] ?? '').replace(/^(m=\S+) \d+(?:\/1)?/, `$1 ${place.port}`);
      if (section.connection >= 0) this.#reconnect(lines, section.connection, place);
      else if (!isWhole || this.#sessionConnection < 0) {
        const after = this.#lines[section.start + 1]?.startsWith('i=') === true ? section.start + 1 : section.start;
        insert(after, connectionLine(place, this.#connectionOf(section)) + eol);
      }
      this.#rewriteAttributes(lines, section, media, place);
      if (this.hasIce && media.port > 0 && !this.#has(section, 'a=candidate:')) {
        let last = section.end - 1;
        while (last > section.start && (this.#lines[last] ?? '').trim() === '') last--;
        insert(last, candidates(place, media.isMuxed, eol));
      }
    }
    let text = '';
    for (const [at, line] of lines.entries()) {
      const more = inserted.get(at);
      if (line !== null) text += at < lines.length - 1 || more !== undefined ? `${line}\n` : line;
      if (more !== undefined) text += more;
    }
    return text;
  }

  #rewriteAttributes(lines: (string | null)[], section: Section, media: MediaPlace, place: OwnPlace): void {
    let isOffered = false;
    for (let at = section.start + 1; at < section.end; at++) {
      const line = lines[at] ?? '';
      const eol = ending(line);
      if (line.startsWith('a=rtcp:')) lines[at] = `a=rtcp:${media.isMuxed ? place.port : place.rtcpPort}${eol}`;
      else if (line.startsWith('a=candidate:')) {
        // Ours in place of all: the checks pass through us and keep their credentials.
        lines[at] = isOffered ? null : candidates(place, media.isMuxed, eol);
        isOffered = true;
      } else if (line.startsWith('a=remote-candidates:')) lines[at] = null;
      // Candidates that come later would lead round us.
      else if (/^a=ice-options:.*\btrickle\b/.test(line)) {
        const rest = line
          .slice(14)
          .trim()
          .split(' ')
          .filter((option) => option !== 'trickle');
        lines[at] = rest.length === 0 ? null : `a=ice-options:${rest.join(' ')}${eol}`;
      }
    }
  }

  #read({ start, end, connection }: Section, session: Direction): MediaPlace {
    const match = M_LINE.exec((this.#lines[start] ?? '').trimEnd());
    const protocol = (match?.[3] ?? '').toUpperCase();
    const port = Number(match?.[2] ?? 0);
    let rtcp: RegExpExecArray | null = null;
    let isMuxed = false;
    for (let at = start + 1; at < end; at++) {
      const line = this.#lines[at] ?? '';
      if (line.startsWith('a=rtcp:')) rtcp = RTCP_LINE.exec(line);
      else if (line.startsWith('a=rtcp-mux')) isMuxed = true;
    }
    const address = this.#connectionOf({ start, end, connection });
    const direction = directionIn(this.#lines, start, end) ?? session;
    const usable = address !== undefined && addressKind(address) === 'unicast' ? address : undefined;
    const rtcpAddress = rtcp?.[2];
    const rtcpPort = Number(rtcp?.[1] ?? 0);
    const isRtp = protocol.includes('RTP/');
    return {
      address: usable,
      port: port > 65_535 ? 0 : port,
      rtcpPort: rtcpPort > 0 && rtcpPort <= 65_535 ? rtcpPort : undefined,
      rtcpAddress: rtcpAddress !== undefined && addressKind(rtcpAddress) === 'unicast' ? rtcpAddress : undefined,
      isMuxed,
      isDatagrams: isRtp ? !protocol.startsWith('TCP/') : protocol === 'UDPTL' || protocol.startsWith('UDP/'),
      isRtp,
      sends: direction === 'sendrecv' || direction === 'sendonly',
      receives: usable !== undefined && (direction === 'sendrecv' || direction === 'recvonly'),
    };
  }

  #connectionOf({ connection }: Section): string | undefined {
    const line = connection >= 0 ? connection : this.#sessionConnection;
    return line < 0 ? undefined : C_LINE.exec(this.#lines[line] ?? '')?.[1];
  }

  /** A hold by 0.0.0.0 stays one: the other side must see it. */
  #reconnect(lines: (string | null)[], at: number, place: OwnPlace): void {
    const line = lines[at] ?? '';
    lines[at] = connectionLine(place, C_LINE.exec(line)?.[1]) + ending(line);
  }

  #has({ start, end }: Section, prefix: string): boolean {
    for (let at = start; at < end; at++) if (this.#lines[at]?.startsWith(prefix)) return true;
    return false;
  }
}

type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

function directionIn(lines: readonly string[], from: number, to: number): Direction | undefined {
  for (let at = from; at < to; at++) {
    switch (lines[at]?.trimEnd()) {
      case 'a=sendrecv':
        return 'sendrecv';
      case 'a=sendonly':
        return 'sendonly';
      case 'a=recvonly':
        return 'recvonly';
      case 'a=inactive':
        return 'inactive';
    }
  }
  return undefined;
}

const ending = (line: string): string => (line.endsWith('\r') ? '\r' : '');

function connectionLine({ address }: OwnPlace, former: string | undefined): string {
  const six = address.includes(':');
  const isHold = former !== undefined && addressKind(former) === 'unspecified';
  return `c=IN IP${six ? 6 : 4} ${isHold ? (six ? '::' : '0.0.0.0') : address}`;
}

/** The priorities of a host candidate with the highest local preference (RFC 8445 §5.1.2.1). */
function candidates({ address, port, rtcpPort }: OwnPlace, isMuxed: boolean, eol: string): string {
  const rtp = `a=candidate:1 1 UDP 2130706431 ${address} ${port} typ host${eol}`;
  return isMuxed ? rtp : `${rtp}\na=candidate:1 2 UDP 2130706430 ${address} ${rtcpPort} typ host${eol}`;
}
