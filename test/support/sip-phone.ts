/** A small phone for tests, on the project's own stack: registers, calls, answers; says all that it heard. */
import { nodeHashes } from '../../proxy-core/node/hashes.ts';
import { answerChallenge } from '../../proxy-core/sip/auth/answer.ts';
import { parseChallenges } from '../../proxy-core/sip/auth/challenge.ts';
import { parseNameAddr } from '../../proxy-core/sip/grammar/name-addr.ts';
import { parseUri } from '../../proxy-core/sip/grammar/uri.ts';
import {
  type Body,
  buildRequest,
  buildResponse,
  type HeaderLine,
  type ResponseParts,
} from '../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../proxy-core/sip/message/message.ts';
import { H } from '../../proxy-core/sip/message/names.ts';
import type { Clock } from '../../proxy-core/sip/transaction/clock.ts';
import { createStack, LateSink, type SipStack } from '../../proxy-core/sip/transaction/stack.ts';
import type { ClientTransaction, ServerTransaction, TransactionUser } from '../../proxy-core/sip/transaction/user.ts';
import type { Hop, RandomHex, TransportPort } from '../../proxy-core/sip/transport/port.ts';

export interface PhoneOptions {
  readonly clock: Clock;
  readonly random: RandomHex;
  /** Opens its transport. */
  readonly join: (sink: LateSink) => TransportPort;
  readonly number: string;
  readonly password: string;
  readonly domain: string;
  /** The exchange. */
  readonly server: Hop;
  /** `host:port` of this phone. */
  readonly address: string;
  /** Whether all that it sends goes to the exchange, whatever a route says: as phones do that keep a connection to it. */
  readonly outbound?: boolean;
}

export class TestPhone implements TransactionUser {
  readonly options: PhoneOptions;
  readonly incoming: IncomingCall[] = [];
  readonly acks: SipRequest[] = [];
  /** What came inside or outside dialogs that was no INVITE; each is answered 200. */
  readonly requests: SipRequest[] = [];
  readonly strays: SipResponse[] = [];
  /** What requests are answered with that are no INVITE, by method, where that is not 200; 0 for nothing at all. */
  readonly answers = new Map<string, number>();
  readonly #stack: SipStack;
  #sequence = 0;

  constructor(options: PhoneOptions) {
    this.options = options;
    const late = new LateSink();
    const { clock, random } = options;
    this.#stack = createStack({ port: options.join(late), clock, random, user: this });
    late.connect(this.#stack.transport);
  }

  get aor(): string {
    return `sip:${this.options.number}@${this.options.domain}`;
  }

  get contact(): string {
    const { number, address, server } = this.options;
    return `<sip:${number}@${address}${server.transport === 'UDP' ? '' : `;transport=${server.transport.toLowerCase()}`}>`;
  }

  register(expires = 600, contact = this.contact): OutgoingRequest {
    return this.send('REGISTER', `sip:${this.options.domain}`, this.aor, [
      [H.Contact, contact],
      [H.Expires, String(expires)],
    ]);
  }

  call(number: string): OutgoingRequest {
    const uri = number.includes(':') ? number : `sip:${number}@${this.options.domain}`;
    return this.send('INVITE', uri, uri, [[H.Contact, this.contact]]);
  }

  /** Publishes a document of its user. */
  publish(event: string, type: string, content: string): OutgoingRequest {
    return this.send('PUBLISH', this.aor, this.aor, [[H.Event, event]], { type, content });
  }

  /** A MESSAGE with this text, or body, to a number of the office. */
  write(number: string, body: string | Body, headers: readonly HeaderLine[] = []): OutgoingRequest {
    const uri = `sip:${number}@${this.options.domain}`;
    const whole = typeof body === 'string' ? { type: 'text/plain', content: body } : body;
    return this.send('MESSAGE', uri, uri, headers, whole);
  }

  /** The bodies of the messages that came, in their order. */
  get texts(): string[] {
    return this.requests.filter(({ method }) => method === 'MESSAGE').map(({ body }) => body);
  }

  send(method: string, uri: string, to: string, headers: readonly HeaderLine[] = [], body?: Body): OutgoingRequest {
    const call = `${this.options.number}-${++this.#sequence}-${this.options.random(4)}`;
    return new OutgoingRequest(this, this.#stack, { method, uri, to, call, headers, body });
  }

  request(transaction: ServerTransaction, cancels: ServerTransaction | undefined): void {
    const { request } = transaction;
    if (request.method === 'INVITE') {
      this.incoming.push(new IncomingCall(this, this.#stack, transaction));
      return;
    }
    this.requests.push(request);
    const status = this.answers.get(request.method) ?? 200;
    if (status > 0) transaction.respond(buildResponse(request, status, { toTag: 'phone' }));
    if (request.method === 'CANCEL' && cancels?.isOpen === true) {
      cancels.respond(buildResponse(cancels.request, 487, { toTag: this.options.address }));
    }
  }

  ack(request: SipRequest): void {
    this.acks.push(request);
  }

  strayResponse(response: SipResponse): void {
    this.strays.push(response);
  }

  /** How many requests of this method came that were no INVITE. */
  heard(method: string): number {
    return this.requests.filter((request) => request.method === method).length;
  }
}

interface Draft {
  readonly method: string;
  readonly uri: string;
  readonly to: string;
  readonly call: string;
  readonly headers: readonly HeaderLine[];
  readonly body: Body | undefined;
}

/** A request of the phone with all answers to it; a challenge is answered once. */
export class OutgoingRequest {
  readonly responses: SipResponse[] = [];
  /** `timeout` or why it failed, when no answer came. */
  fault: string | undefined;
  readonly #phone: TestPhone;
  readonly #stack: SipStack;
  readonly #draft: Draft;
  #cseq = 1;
  #client: ClientTransaction;

  constructor(phone: TestPhone, stack: SipStack, draft: Draft) {
    this.#phone = phone;
    this.#stack = stack;
    this.#draft = draft;
    this.#client = this.#send([]);
  }

  /** Without the challenges that were answered. */
  get statuses(): number[] {
    return this.responses.map(({ status }) => status);
  }

  get last(): SipResponse {
    const last = this.responses.at(-1);
    if (last === undefined) throw new Error(`no answer yet (${this.fault ?? 'waiting'})`);
    return last;
  }

  cancel(): void {
    this.#client.cancel();
  }

  /** Acknowledges the last 2xx. */
  ack(): void {
    this.#inDialog('ACK', this.#cseq);
  }

  bye(): void {
    this.#inDialog('BYE', ++this.#cseq);
  }

  /** Another request inside the dialog, with the Contact that refreshes its target. */
  again(method: string, headers: readonly HeaderLine[] = []): void {
    this.#inDialog(method, ++this.#cseq, [[H.Contact, this.#phone.contact], ...headers]);
  }

  #inDialog(method: string, cseq: number, headers: readonly HeaderLine[] = []): void {
    const { last } = this;
    const parts = dialogParts(this.#phone.options, last.header(H.Contact), last.list(H.RecordRoute).reverse());
    const draft = (via: string): SipRequest =>
      buildRequest({
        ...{ method, uri: parts.uri, via, cseq, routes: parts.routes, callId: last.callId, headers },
        from: last.header(H.From) ?? '',
        to: last.header(H.To) ?? '',
      });
    const response = (got: SipResponse): void => {
      const isAnswered = headers.some(([name]) => name === H.Authorization);
      const credentials = got.status === 401 && !isAnswered ? this.#credentials(got, method, parts.uri) : undefined;
      if (credentials === undefined) this.responses.push(got);
      else this.#inDialog(method, ++this.#cseq, [...headers, credentials]);
    };
    if (method === 'ACK') this.#stack.transactions.sendAck(draft, parts.hop);
    else this.#stack.transactions.request(draft, parts.hop, { response, ...silent });
  }

  #send(extra: readonly HeaderLine[]): ClientTransaction {
    const { method, uri, to, call, headers, body } = this.#draft;
    const { server, number } = this.#phone.options;
    const draft = (via: string): SipRequest =>
      buildRequest({
        ...{ method, uri, via, cseq: this.#cseq, callId: call, headers: [...headers, ...extra], body },
        from: `<${this.#phone.aor}>;tag=${number}${call}`,
        to: `<${to}>`,
      });
    return this.#stack.transactions.request(draft, server, {
      response: (response) => this.#received(response, extra.length > 0),
      timeout: () => {
        this.fault = 'timeout';
      },
      failed: ({ reason }) => {
        this.fault = reason;
      },
    });
  }

  #received(response: SipResponse, isAnswered: boolean): void {
    if ((response.status === 407 || response.status === 401) && !isAnswered) {
      const credentials = this.#credentials(response, this.#draft.method, this.#draft.uri);
      this.#cseq++;
      this.#client = this.#send([credentials]);
      return;
    }
    this.responses.push(response);
  }

  #credentials(response: SipResponse, method: string, uri: string): HeaderLine {
    const proxy = response.status === 407;
    const { number, password, random } = this.#phone.options;
    const answered = answerChallenge({
      challenges: parseChallenges(response.headers.lines(proxy ? H.ProxyAuthenticate : H.WwwAuthenticate)),
      ...{ method, uri, username: number, password, cnonce: random(8), nonceCount: 1, hashes: nodeHashes },
    });
    if (answered === undefined) throw new Error('a challenge that nobody can answer');
    return [proxy ? H.ProxyAuthorization : H.Authorization, answered.value];
  }
}

/** A call that came in. */
export class IncomingCall {
  readonly transaction: ServerTransaction;
  readonly #phone: TestPhone;
  readonly #stack: SipStack;
  #answer: SipResponse | undefined;

  constructor(phone: TestPhone, stack: SipStack, transaction: ServerTransaction) {
    this.#phone = phone;
    this.#stack = stack;
    this.transaction = transaction;
  }

  respond(status: number, parts: ResponseParts = {}): void {
    const { address } = this.#phone.options;
    const contact: HeaderLine[] = status < 300 ? [[H.Contact, this.#phone.contact]] : [];
    const headers = [...contact, ...(parts.headers ?? [])];
    this.#answer = buildResponse(this.transaction.request, status, { toTag: address, ...parts, headers });
    this.transaction.respond(this.#answer);
  }

  bye(heard: (response: SipResponse) => void = () => undefined): void {
    const { request } = this.transaction;
    const parts = dialogParts(this.#phone.options, request.header(H.Contact), request.list(H.RecordRoute));
    const draft = (via: string): SipRequest =>
      buildRequest({
        ...{ method: 'BYE', uri: parts.uri, via, cseq: 1, routes: parts.routes, callId: request.callId },
        from: this.#answer?.header(H.To) ?? '',
        to: request.header(H.From) ?? '',
      });
    this.#stack.transactions.request(draft, parts.hop, { response: heard, ...silent });
  }
}

const silent = { timeout: () => undefined, failed: () => undefined };

function dialogParts(
  { outbound, server }: PhoneOptions,
  contact: string | undefined,
  routes: readonly string[],
): { uri: string; routes: readonly string[]; hop: Hop } {
  const address = parseNameAddr(contact ?? '');
  if (!address.ok) throw new Error(`no usable Contact: ${contact}`);
  const first = parseNameAddr(routes[0] ?? contact ?? '');
  const uri = parseUri(first.ok ? first.value.uriText : '');
  if (!uri.ok) throw new Error('no usable route');
  const transport = uri.value.param('transport')?.toUpperCase() === 'TCP' ? 'TCP' : 'UDP';
  const host = uri.value.host.replace(/^\[|\]$/g, '');
  const hop: Hop = { transport, host, port: uri.value.port ?? 5060 };
  return { uri: address.value.uriText, routes, hop: outbound === true ? server : hop };
}
