/** A phone service on real loopback sockets, and a server of datagrams or streams that a test plays by hand. */
import { createSocket, type Socket } from 'node:dgram';
import { connect, createServer, type Server, type Socket as Stream } from 'node:net';
import { createPhoneService, type PhoneService } from '../../../../../app/services/phone/phone-service.ts';
import type { Account } from '../../../../../app/shared/bridge.ts';
import type { AccountFlow, PhonePortSchema } from '../../../../../app/shared/phone-port.ts';
import type { Emitters } from '../../../../../app/shared/schema.ts';
import { buildRequest, type HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipMessage, SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { parseMessage } from '../../../../../proxy-core/sip/message/parse.ts';
import { until } from '../../../../support/until.ts';

type ReceivedEvent = Parameters<Emitters<PhonePortSchema>['sip']['received']>[0];
type ClosedEvent = Parameters<Emitters<PhonePortSchema>['sip']['closed']>[0];

export interface Arrival {
  readonly message: SipMessage;
  readonly host: string;
  readonly port: number;
  readonly via: 'UDP' | 'TCP';
  reply(text: string): void;
}

export const read = (text: string): SipMessage => {
  const parsed = parseMessage(text);
  if (!parsed.ok) throw new Error(parsed.error.reason);
  return parsed.value;
};

/** A server on 127.0.0.1 (or another address of loopback), by UDP and, where asked for, by TCP on the same port. */
export class FarEnd {
  readonly arrivals: Arrival[] = [];
  readonly raw: string[] = [];
  readonly port: number;
  readonly #socket: Socket;
  readonly #server: Server | undefined;
  readonly #streams = new Set<Stream>();

  private constructor(socket: Socket, server: Server | undefined) {
    this.#socket = socket;
    this.#server = server;
    this.port = socket.address().port;
    socket.on('message', (data, { address, port }) => {
      const text = data.toString('latin1');
      this.raw.push(text);
      this.#take(text, { host: address, port, via: 'UDP', reply: (reply) => this.send(port, reply) });
    });
    server?.on('connection', (stream) => {
      this.#streams.add(stream);
      stream.on('error', () => {});
      stream.on('data', (data) => {
        const text = data.toString('latin1');
        const { remoteAddress: host = '', remotePort: port = 0 } = stream;
        this.#take(text, { host, port, via: 'TCP', reply: (reply) => stream.write(reply, 'latin1') });
      });
    });
  }

  static async open(options: { readonly host?: string; readonly tcp?: boolean } = {}): Promise<FarEnd> {
    const { host = '127.0.0.1', tcp = false } = options;
    for (let left = 20; ; left--) {
      const socket = createSocket('udp4');
      await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(0, host, resolve));
      if (!tcp) return new FarEnd(socket, undefined);
      const server = createServer();
      const { port } = socket.address();
      const bound = await new Promise<boolean>((resolve) => {
        server.once('error', () => resolve(false));
        server.listen(port, host, () => resolve(true));
      });
      if (bound) return new FarEnd(socket, server);
      socket.close();
      if (left === 0) throw new Error('no port is free for UDP and TCP');
    }
  }

  send(port: number, text: string, host = '127.0.0.1'): void {
    this.#socket.send(Buffer.from(text, 'latin1'), port, host);
  }

  next(what: string): Promise<Arrival> {
    return until(what, () => this.arrivals.shift());
  }

  dropStreams(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  async close(): Promise<void> {
    this.dropStreams();
    this.#socket.close();
    await new Promise<void>((resolve) =>
      this.#server === undefined ? resolve() : this.#server.close(() => resolve()),
    );
  }

  #take(text: string, from: Omit<Arrival, 'message'>): void {
    const parsed = parseMessage(text);
    if (parsed.ok) this.arrivals.push({ message: parsed.value, ...from });
  }
}

export class ServiceWorld {
  readonly service: PhoneService;
  readonly received: ReceivedEvent[] = [];
  readonly closed: ClosedEvent[] = [];
  readonly troubles: string[] = [];
  /** Candidates that the gateway wrote. */
  readonly told: string[] = [];
  readonly account: Account;

  constructor(server: string, outboundProxy = '') {
    this.account = { id: 'acc', number: '1001', displayName: '', server, outboundProxy };
    this.service = createPhoneService({
      loopback: true,
      emit: {
        sip: { received: (event) => this.received.push(event), closed: (event) => this.closed.push(event) },
        media: {
          silence: () => {},
          candidates: (told) => void this.told.push(told.fragment),
          trouble: ({ reason }) => void this.troubles.push(reason),
        },
      },
    });
    this.service.configure([this.account]);
  }

  async open(): Promise<AccountFlow> {
    const opened = await this.service.handlers.sip.open({ accountId: 'acc', regId: 1 });
    if (!opened.ok) throw new Error(opened.reason);
    return opened.flow;
  }

  send(flow: AccountFlow, message: string) {
    return this.service.handlers.sip.send({ accountId: 'acc', flowId: flow.flowId, message });
  }

  next(what: string): Promise<ReceivedEvent> {
    return until(what, () => this.received.shift());
  }
}

let count = 0;

export function request(
  flow: AccountFlow,
  parts: {
    readonly method?: string;
    readonly uri?: string;
    readonly toTag?: string;
    readonly callId?: string;
    readonly branch?: string;
    readonly routes?: readonly string[];
    readonly headers?: readonly HeaderLine[];
    readonly body?: string;
    readonly type?: string;
  } = {},
): SipRequest {
  count++;
  const branch = parts.branch ?? `z9hG4bK${count}`;
  return buildRequest({
    method: parts.method ?? 'OPTIONS',
    uri: parts.uri ?? 'sip:1002@127.0.0.1',
    via: `SIP/2.0/${flow.transport} ${flow.localHost}:${flow.localPort};branch=${branch};rport`,
    from: '<sip:1001@127.0.0.1>;tag=me',
    to: `<sip:1002@127.0.0.1>${parts.toTag === undefined ? '' : `;tag=${parts.toTag}`}`,
    callId: parts.callId ?? `call-${count}`,
    cseq: count,
    routes: parts.routes ?? [],
    headers: parts.headers ?? [],
    body: parts.body === undefined ? undefined : { type: parts.type ?? 'text/plain', content: parts.body },
  });
}

export const dial = (port: number): Promise<Stream> =>
  new Promise((resolve, reject) => {
    const stream = connect(port, '127.0.0.1', () => resolve(stream));
    stream.once('error', reject);
  });
