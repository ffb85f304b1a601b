/** A trace written down by a test: messages as they might have passed the exchange, without any exchange. */
import type { Endpoint, Selection, TraceEntry, TraceNote, TraceStore } from '../../proxy-core/server/trace/entry.ts';
import { Reader, type ReadMessage } from '../../proxy-core/server/trace/reading.ts';
import type { TransportName } from '../../proxy-core/sip/transport/port.ts';

export const EXCHANGE: Endpoint = { host: '198.51.100.1', port: 5060 };
export const ANNA: Endpoint = { host: '192.0.2.7', port: 5060 };
export const BEN: Endpoint = { host: '192.0.2.8', port: 5062 };
export const DOMAIN = 'office.example';

export interface Words {
  readonly method?: string;
  readonly uri?: string;
  readonly from?: string;
  readonly to?: string;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly callId?: string;
  readonly cseq?: number;
  /** Via values, the topmost first. */
  readonly vias?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly type?: string;
}

export const callerVia = 'SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKcaller;rport';
export const ourVia = (branch: string): string => `SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bK${branch};rport;lm=x`;

function lines(words: Words, method: string, vias: readonly string[]): string {
  const { from = '1001', to = '1002', fromTag = 'f', toTag, callId = 'call-1', cseq = 1, headers = {} } = words;
  const { body = '', type = 'application/sdp' } = words;
  const tag = toTag === undefined ? '' : `;tag=${toTag}`;
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return (
    vias.map((via) => `Via: ${via}\r\n`).join('') +
    `From: <sip:${from.includes('@') ? from : `${from}@${DOMAIN}`}>;tag=${fromTag}\r\n` +
    `To: <sip:${to.includes('@') ? to : `${to}@${DOMAIN}`}>${tag}\r\n` +
    `Call-ID: ${callId}\r\nCSeq: ${cseq} ${method}\r\n${more.join('')}` +
    (body === '' ? '' : `Content-Type: ${type}\r\n`) +
    `Content-Length: ${body.length}\r\n\r\n${body}`
  );
}

export function request(words: Words = {}): string {
  const { method = 'INVITE', to = '1002', vias = [callerVia] } = words;
  const uri =
    words.uri ?? (method === 'REGISTER' ? `sip:${DOMAIN}` : `sip:${to.includes('@') ? to : `${to}@${DOMAIN}`}`);
  return `${method} ${uri} SIP/2.0\r\nMax-Forwards: 70\r\n${lines(words, method, vias)}`;
}

export function response(status: number, reason: string, words: Words = {}): string {
  const { method = 'INVITE', vias = [callerVia] } = words;
  return `SIP/2.0 ${status} ${reason}\r\n${lines({ toTag: 't', ...words }, method, vias)}`;
}

export interface Moved {
  readonly transport?: TransportName;
  readonly connection?: string;
  readonly isRefused?: boolean;
}

export class TraceScript implements TraceStore {
  readonly entries: TraceEntry[] = [];
  readonly written: TraceNote[] = [];
  /** ms since 1970; goes on by 10 ms with each message. */
  now: number;

  constructor(now = Date.UTC(2026, 0, 5, 14, 2)) {
    this.now = now;
  }

  in(remote: Endpoint, wire: string, moved: Moved = {}): number {
    return this.#add('in', remote, wire, moved);
  }

  out(remote: Endpoint, wire: string, moved: Moved = {}): number {
    return this.#add('out', remote, wire, moved);
  }

  note(text: string, details: TraceNote['details'] = {}): void {
    this.written.push({ at: this.now, text, details });
  }

  wait(ms: number): this {
    this.now += ms;
    return this;
  }

  notes(): readonly TraceNote[] {
    return this.written;
  }

  async *scan({ after = 0, since = 0, until = Infinity, anyOf, host }: Selection): AsyncGenerator<TraceEntry[]> {
    const fits = ({ id, at, remote, wire }: TraceEntry): boolean =>
      id > after &&
      at >= since &&
      at <= until &&
      (host === undefined || remote.host === host) &&
      (anyOf === undefined || anyOf.some((text) => wire.includes(text)));
    yield this.entries.filter(fits);
  }

  read(): ReadMessage[] {
    const reader = new Reader();
    return this.entries.map((entry) => reader.read(entry));
  }

  #add(direction: 'in' | 'out', remote: Endpoint, wire: string, moved: Moved): number {
    this.now += 10;
    const id = this.entries.length + 1;
    const usual = { transport: 'UDP', connection: '', isRefused: false, isCut: false } as const;
    this.entries.push({ ...usual, ...moved, id, at: this.now, direction, remote, local: EXCHANGE, wire });
    return id;
  }
}
