/** An exchange without a network: requests are handed to it, and what it sends on is caught. */
import { nodeHashes } from '../../proxy-core/node/hashes.ts';
import { DigestAuthenticator } from '../../proxy-core/server/authenticator.ts';
import { Calls, type CallsOptions } from '../../proxy-core/server/calls/calls.ts';
import { DialogTokens } from '../../proxy-core/server/dialog-token.ts';

import { Exchange } from '../../proxy-core/server/exchange.ts';
import { FailedHops } from '../../proxy-core/server/failed-hops.ts';
import { Gruus } from '../../proxy-core/server/gruu.ts';
import { Guard } from '../../proxy-core/server/guard/guard.ts';
import { Identity } from '../../proxy-core/server/identity.ts';
import { LivingFlows } from '../../proxy-core/server/living-flows.ts';
import { LoopMarks } from '../../proxy-core/server/loop-mark.ts';
import { Delivery } from '../../proxy-core/server/messages/delivery.ts';
import { FlowTokens } from '../../proxy-core/server/nat/flow-token.ts';
import { OpenWork } from '../../proxy-core/server/open-work.ts';
import type { ExchangeParts, RequestDraft } from '../../proxy-core/server/parts.ts';
import { defaultSettings, type Settings } from '../../proxy-core/server/settings.ts';
import { aorOf, type Binding } from '../../proxy-core/server/stores.ts';
import { numericHop } from '../../proxy-core/server/targets.ts';
import { answerChallenge } from '../../proxy-core/sip/auth/answer.ts';
import { parseChallenges } from '../../proxy-core/sip/auth/challenge.ts';
import { NonceMaker } from '../../proxy-core/sip/auth/nonce.ts';
import { NonceCounts } from '../../proxy-core/sip/auth/nonce-counts.ts';
import { buildResponse, type HeaderLine, type ResponseParts } from '../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../proxy-core/sip/message/message.ts';
import { H } from '../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../proxy-core/sip/message/parse.ts';
import type { ClientListener, ClientTransaction, ServerTransaction } from '../../proxy-core/sip/transaction/user.ts';
import type { FlowId, Hop, Source } from '../../proxy-core/sip/transport/port.ts';
import { countingHex, FakeClock } from './fake-clock.ts';
import { bindingOf, MemoryBans, MemoryLocations, MemoryUsers } from './memory-stores.ts';
import { MemoryCallHandling, MemoryMessages } from './memory-user-parts.ts';
import { MemoryLists, MemoryRules, officeEvents } from './office-events.ts';

export const DOMAIN = 'office.example';
export const SELF = '192.0.2.1';

/** Where requests come from unless a test says otherwise. */
export const source: Source = {
  transport: 'UDP',
  host: '192.0.2.50',
  port: 5060,
  flow: 'udp:1' as FlowId,
  listener: `udp:${SELF}:5060`,
};

/** One request that came in, and the answers that it got. */
export class Incoming implements ServerTransaction {
  readonly request: SipRequest;
  readonly source: Source;
  readonly responses: SipResponse[] = [];
  isForgotten = false;

  constructor(request: SipRequest, from: Source) {
    this.request = request;
    this.source = from;
  }

  get isOpen(): boolean {
    return !this.responses.some(({ status }) => status >= 200);
  }

  get statuses(): number[] {
    return this.responses.map(({ status }) => status);
  }

  get last(): SipResponse {
    const last = this.responses.at(-1);
    if (last === undefined) throw new Error('no answer yet');
    return last;
  }

  respond(response: SipResponse): void {
    if (response.via.toString() !== this.request.via.toString()) throw new Error(`not its Via: ${response.via}`);
    this.responses.push(response);
  }

  dismiss(response: SipResponse): void {
    this.isForgotten = true;
    this.respond(response);
  }

  onEnd(): void {}
}

/** One request that the exchange sent on. */
export class Outgoing implements ClientTransaction {
  readonly request: SipRequest;
  hop: Hop;
  readonly listener: ClientListener;
  readonly cancels: (string | undefined)[] = [];

  constructor(request: SipRequest, hop: Hop, listener: ClientListener) {
    this.request = request;
    this.hop = hop;
    this.listener = listener;
  }

  cancel(reason?: string): void {
    this.cancels.push(reason);
  }

  moveTo(hop: Hop): void {
    this.hop = hop;
  }

  forget(): void {}

  answer(status: number, parts: ResponseParts = {}): SipResponse {
    const response = buildResponse(this.request, status, { toTag: `${this.hop.port}`, ...parts });
    this.listener.response(response, { ...source, ...this.hop, flow: source.flow, listener: source.listener });
    return response;
  }
}

/** The connection of a binding that `bind` made. */
export const flowOf = ({ received }: Binding): FlowId => `flow ${received}` as FlowId;

export class TestExchange {
  readonly clock = new FakeClock();
  readonly users = new MemoryUsers(DOMAIN).add('1001', 'one').add('1002', 'two');
  readonly locations = new MemoryLocations();
  readonly sent: Outgoing[] = [];
  readonly acks: { request: SipRequest; hop: Hop }[] = [];
  readonly faults: string[] = [];
  readonly bans = new MemoryBans();
  readonly messages = new MemoryMessages();
  readonly callHandling = new MemoryCallHandling();
  readonly delivery = new Delivery(this.messages);
  readonly banned: string[] = [];
  readonly size = { client: 0, server: 0, open: 0 };
  readonly calls: Calls;
  readonly rules = new MemoryRules();
  readonly lists = new MemoryLists();
  readonly parts: ExchangeParts;
  readonly exchange: Exchange;
  #sequence = 0;

  constructor(settings: Partial<Settings> = {}, parts: Partial<ExchangeParts> = {}, quality?: CallsOptions['quality']) {
    const random = countingHex();
    const make = (draft: RequestDraft, hop: Hop): SipRequest =>
      draft(`SIP/2.0/${hop.transport} ${SELF};branch=z9hG4bK${random(12)};rport`);
    const gruus = new Gruus('secret', nodeHashes.sha256);
    const nonces = new NonceMaker({ hashes: nodeHashes, secret: '0123456789abcdef', now: () => this.clock.now() });
    const counts = new NonceCounts({ since: this.clock.now() });
    const log = { info: () => undefined, warn: () => undefined, error: (text: string) => void this.faults.push(text) };
    const all = { ...defaultSettings, ...settings };
    const livingFlows = new LivingFlows({ locations: this.locations, clock: this.clock, log });
    this.calls = new Calls({
      clock: this.clock,
      log,
      settings: all,
      locations: this.locations,
      ...(quality && { quality }),
    });
    this.parts = {
      users: this.users,
      locations: this.locations,
      livingFlows,
      identity: new Identity(this.users, { hosts: [SELF], ports: [5060] }),
      authenticator: new DigestAuthenticator({ users: this.users, nonces, counts, hashes: nodeHashes }),
      guard: new Guard({
        bans: this.bans,
        now: () => this.clock.now(),
        isTrusted: () => false,
        banned: (address, reason) => void this.banned.push(`${address}: ${reason}`),
      }),
      dialogTokens: new DialogTokens('secret', nodeHashes.sha256),
      gruus,
      events: officeEvents({
        ...{ users: this.users, locations: this.locations, calls: this.calls, gruus, clock: this.clock, livingFlows },
        ...{ rules: this.rules, lists: this.lists, random, settings: all },
        ...{ domainOf: (uri) => this.parts.identity.domainOf(uri) },
        ...{ messages: this.messages, callHandling: this.callHandling },
      }),
      messages: this.delivery,
      callHandling: this.callHandling,
      loopMarks: new LoopMarks('secret'),
      failedHops: new FailedHops(this.clock, defaultSettings.failedHopTime),
      transports: new Set(['UDP']),
      transactions: {
        request: (draft, hop, listener) => {
          const outgoing = new Outgoing(make(draft, hop), hop, listener);
          this.sent.push(outgoing);
          return outgoing;
        },
        sendAck: (draft, hop) => void this.acks.push({ request: make(draft, hop), hop }),
        size: this.size,
      },
      resolve: (uri) => {
        const hop = numericHop(uri);
        return hop === undefined ? [] : [hop];
      },
      sentBy: ({ transport }) => ({ transport, sentBy: SELF }),
      clock: this.clock,
      random,
      forgottenTag: random(8),
      log,
      settings: all,
      calls: this.calls,
      openWork: new OpenWork(),
      isOverloaded: () => false,
      nat: {
        settings: all,
        flows: new FlowTokens('secret', nodeHashes.sha256, () => this.clock.now()),
        calls: undefined,
        keepAlive: undefined,
      },
      ...parts,
    };
    this.exchange = new Exchange(this.parts);
    this.delivery.open(this.parts);
  }

  /** Hands a request in. Lines given replace those of the same name. */
  receive(method: string, uri: string, headers: readonly HeaderLine[] = [], from: Source = source): Incoming {
    return this.receiveRequest(this.request(method, uri, headers), from);
  }

  receiveRequest(request: SipRequest, from: Source = source, cancels?: ServerTransaction): Incoming {
    const incoming = new Incoming(request, from);
    this.exchange.request(incoming, cancels);
    return incoming;
  }

  request(method: string, uri: string, headers: readonly HeaderLine[] = [], body = ''): SipRequest {
    const given = new Set(headers.map(([name]) => String(name).toLowerCase()));
    const call = ++this.#sequence;
    const usual: HeaderLine[] = [
      ['Via', `SIP/2.0/UDP 192.0.2.50;branch=z9hG4bKin${call};rport=5060;received=192.0.2.50`],
      ['Max-Forwards', '70'],
      ['From', '<sip:guest@elsewhere.example>;tag=from'],
      ['To', `<${uri}>`],
      ['Call-ID', `call-${call}`],
      ['CSeq', `1 ${method}`],
    ];
    const lines = [...usual.filter(([name]) => !given.has(String(name).toLowerCase())), ...headers];
    const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const parsed = parseMessage(`${method} ${uri} SIP/2.0\r\n${text}Content-Length: ${body.length}\r\n\r\n${body}`);
    if (!parsed.ok) throw new Error(parsed.error.reason);
    return parsed.value as SipRequest;
  }

  /** Sends a request of a user of ours, is challenged, and sends it again with the answer. */
  receiveFrom(
    number: string,
    password: string,
    method: string,
    uri: string,
    headers: readonly HeaderLine[] = [],
    from: Source = source,
    body = '',
  ): Incoming {
    const aor = `<sip:${number}@${DOMAIN}>`;
    const isRegister = method === 'REGISTER';
    const given = new Set(headers.map(([name]) => name));
    const usual: HeaderLine[] = [['From', `${aor};tag=from`], ...(isRegister ? [['To', aor] as const] : [])];
    const own = [...usual.filter(([name]) => !given.has(name)), ...headers];
    const first = this.receiveRequest(this.request(method, uri, own, body), from);
    // Whoever answers for himself asks with a 401, whoever passes on with a 407.
    const asServer = first.last.status === 401;
    const challenged = asServer ? H.WwwAuthenticate : H.ProxyAuthenticate;
    const answered = answerChallenge({
      challenges: parseChallenges(first.last.headers.lines(challenged)),
      method,
      uri,
      username: number,
      password,
      cnonce: 'cnonce',
      nonceCount: 1,
      hashes: nodeHashes,
    });
    if (answered === undefined) throw new Error(`no challenge but ${first.statuses}`);
    const header = asServer ? 'Authorization' : 'Proxy-Authorization';
    return this.receiveRequest(this.request(method, uri, [...own, [header, answered.value]], body), from);
  }

  /** Binds contacts of a user without a REGISTER. */
  bind(number: string, ...contacts: (string | Partial<Binding>)[]): void {
    const aor = aorOf(number, DOMAIN);
    const bindings = contacts.map((contact) =>
      typeof contact === 'string' ? bindingOf(aor, contact) : bindingOf(aor, contact.contact ?? '', contact),
    );
    for (const binding of bindings) this.parts.livingFlows.registered(binding, flowOf(binding));
    void this.locations.replace(aor, bindings);
  }

  out(index: number): Outgoing {
    const outgoing = this.sent[index];
    if (outgoing === undefined) throw new Error(`only ${this.sent.length} requests were sent on`);
    return outgoing;
  }
}
