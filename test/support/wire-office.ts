/** An exchange that takes raw bytes and whose every sent byte is caught: for hostile input, under a fake clock. */
import { nodeHashes } from '../../proxy-core/node/hashes.ts';
import {
  type Authenticator,
  type CredentialsHeader,
  DigestAuthenticator,
  type Proof,
} from '../../proxy-core/server/authenticator.ts';
import { Exchange } from '../../proxy-core/server/exchange.ts';
import { Identity } from '../../proxy-core/server/identity.ts';
import { ModeSwitch } from '../../proxy-core/server/mode-switch.ts';
import type { ExchangeParts } from '../../proxy-core/server/parts.ts';
import type { ExchangeMode, Settings } from '../../proxy-core/server/settings.ts';
import { StatelessProxy } from '../../proxy-core/server/stateless.ts';
import { aorOf, type UserStore } from '../../proxy-core/server/stores.ts';
import { NonceMaker } from '../../proxy-core/sip/auth/nonce.ts';
import type { SipRequest } from '../../proxy-core/sip/message/message.ts';
import { H } from '../../proxy-core/sip/message/names.ts';
import { TransactionLayer } from '../../proxy-core/sip/transaction/layer.ts';
import { LateSink } from '../../proxy-core/sip/transaction/stack.ts';
import { TransportLayer } from '../../proxy-core/sip/transport/layer.ts';
import type { FlowId, Hop, Source, TransportPort } from '../../proxy-core/sip/transport/port.ts';
import { TestExchange } from './exchange-parts.ts';
import { countingHex, FakeClock } from './fake-clock.ts';
import { bindingOf, MemoryLocations, MemoryUsers } from './memory-stores.ts';

/** The exchange's own address. */
export const SELF = '198.51.100.1';
/** The device of every user. */
export const PHONE = '198.51.100.60';
/** Where messages come from unless told otherwise. */
export const STRANGER: Source = {
  transport: 'UDP',
  host: '198.51.100.50',
  port: 5066,
  flow: 'udp:1' as FlowId,
  listener: `udp://${SELF}:5060`,
};

export interface WireOfficeOptions {
  readonly mode?: ExchangeMode;
  readonly domains?: readonly string[];
  /** As `number@domain`; each has one device at `PHONE`. Their password is `secret`. */
  readonly users?: readonly string[];
  readonly settings?: Partial<Settings>;
  /** Believes everyone who claims to be a user of ours, as if the digest had been right: to reach what lies behind it. */
  readonly trusting?: boolean;
}

export interface SentPacket {
  readonly hop: Hop;
  readonly wire: string;
}

export class WireOffice {
  readonly clock = new FakeClock();
  readonly locations = new MemoryLocations();
  /** Everything that was sent since the last `take`. */
  #sent: SentPacket[] = [];
  /** What the exchange logged as an error: there must never be one. */
  readonly faults: string[] = [];
  readonly #sink = new LateSink();
  #transactions: TransactionLayer | undefined;
  #asked = 0;

  constructor(options: WireOfficeOptions = {}) {
    const { mode = 'proxy', domains = ['office.example'], users = [], settings = {} } = options;
    const store = new MemoryUsers(...domains);
    for (const aor of users) {
      const at = aor.lastIndexOf('@');
      const [number, domain] = [aor.slice(0, at), aor.slice(at + 1)];
      store.add(number, 'secret', domain);
      const key = aorOf(number, domain);
      void this.locations.replace(key, [bindingOf(key, `sip:device@${PHONE}:5070`)]);
    }
    const shared = { clock: this.clock, random: countingHex() };
    const port: TransportPort = {
      send: (hop, wire) => void this.#sent.push({ hop, wire }),
      sentBy: ({ transport }) => ({ transport, sentBy: SELF }),
      isReliable: (transport) => transport !== 'UDP',
    };
    const base = new TestExchange({ ...settings, mode }).parts;
    const nonces = new NonceMaker({ hashes: nodeHashes, secret: '0123456789abcdef', now: () => this.clock.now() });
    const parts: ExchangeParts = {
      ...base,
      ...shared,
      users: store,
      locations: this.locations,
      identity: new Identity(store, { hosts: [SELF, '[2001:db8::10]'], ports: [5060] }),
      authenticator:
        options.trusting === true
          ? new Trusting(store)
          : new DigestAuthenticator({ users: store, nonces, hashes: nodeHashes }),
      transactions: {
        request: (draft, hop, listener) => this.#layer.request(draft, hop, listener),
        sendAck: (draft, hop) => this.#layer.sendAck(draft, hop),
        size: { client: 0, server: 0, open: 0 },
      },
      sentBy: (hop) => port.sentBy(hop),
      log: {
        ...base.log,
        error: (text, details) => void this.faults.push(`${text}: ${String(details?.cause ?? '')}`),
      },
    };
    const user = new Exchange(parts);
    let modes: ModeSwitch | undefined;
    const transport = new TransportLayer({
      port,
      random: shared.random,
      sink: {
        requestReceived: (request, source) => modes?.requestReceived(request, source),
        responseReceived: (response, source) => modes?.responseReceived(response, source),
        flowClosed: (flow, remote) => modes?.flowClosed(flow, remote),
      },
    });
    const transactions = new TransactionLayer({ ...shared, transport, user });
    const stateless = new StatelessProxy({ parts, transport, hash: nodeHashes.sha256, secret: 'secret' });
    modes = new ModeSwitch(parts, stateless, transactions);
    this.#transactions = transactions;
    this.#sink.connect(transport);
  }

  get #layer(): TransactionLayer {
    if (this.#transactions === undefined) throw new Error('not open yet');
    return this.#transactions;
  }

  get open(): { readonly client: number; readonly server: number } {
    return this.#layer.size;
  }

  /** Hands bytes in and gives what was sent at once, promises of the stores included. */
  async receive(wire: string, source: Source = STRANGER): Promise<SentPacket[]> {
    this.#sink.received(wire, source);
    for (let turn = 0; turn < 8; turn++) await Promise.resolve();
    return this.take();
  }

  take(): SentPacket[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }

  /** Whether it answers an OPTIONS, as someone asks who wants to know whether it lives. */
  async isAlive(): Promise<boolean> {
    const id = `alive-${++this.#asked}`;
    const lines = [
      `OPTIONS sip:${SELF} SIP/2.0`,
      `Via: SIP/2.0/UDP 198.51.100.77:5060;branch=z9hG4bK${id};rport`,
      'Max-Forwards: 70',
      'From: <sip:who@elsewhere.example>;tag=1',
      `To: <sip:${SELF}>`,
      `Call-ID: ${id}`,
      'CSeq: 1 OPTIONS',
      'Content-Length: 0',
    ];
    const source: Source = { ...STRANGER, host: '198.51.100.77', port: 5060 };
    const answers = await this.receive(`${lines.join('\r\n')}\r\n\r\n`, source);
    return answers.some(({ hop, wire }) => hop.host === source.host && wire.startsWith('SIP/2.0 200 '));
  }
}

/** Whoever From (To, of a REGISTER) names is who sent it. */
class Trusting implements Authenticator {
  readonly #users: UserStore;

  constructor(users: UserStore) {
    this.#users = users;
  }

  verify(request: SipRequest, header: CredentialsHeader, domain: string): Proof {
    const { uri } = header === H.Authorization ? request.to : request.from;
    const user = uri.ok ? this.#users.find(uri.value.userDecoded, domain) : undefined;
    return user === undefined ? { result: 'none' } : { result: 'ok', user, device: '', uri: request.uriText };
  }

  challenges(): string[] {
    return ['Digest realm="trusting", nonce="none"'];
  }
}
