/** The user agent of one account: its connection, its registration and its calls; gives each message to whom it concerns. */

import type { HashPort } from '../../../proxy-core/sip/auth/hashes.ts';
import { AckKeeper } from '../../../proxy-core/sip/dialog/acks.ts';
import { dialogAsCallee } from '../../../proxy-core/sip/dialog/dialog.ts';
import { type NameAddr, nameAddr } from '../../../proxy-core/sip/grammar/name-addr.ts';
import { toBytes, toText } from '../../../proxy-core/sip/grammar/text.ts';
import { unescapeUri } from '../../../proxy-core/sip/grammar/uri.ts';
import { buildResponse, type HeaderLine } from '../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../proxy-core/sip/message/message.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { deltaSeconds, optionTags } from '../../../proxy-core/sip/message/parse.ts';
import type { Clock, RandomHex } from '../../../proxy-core/sip/transaction/clock.ts';
import { createStack, type SipStack } from '../../../proxy-core/sip/transaction/stack.ts';
import type { ServerTransaction, TransactionUser } from '../../../proxy-core/sip/transaction/user.ts';
import type { Account } from '../../shared/bridge.ts';
import type { PhonePortSchema } from '../../shared/phone-port.ts';
import type { Client } from '../../shared/schema.ts';
import type { AccountAddress } from './account-address.ts';
import { startIncoming, startOutgoing } from './call.ts';
import { checkOffer, readBody } from './call-body.ts';
import { acceptSdp, replyToOther } from './call-requests.ts';
import { Call, type CallHost } from './call-runner.ts';
import { Credentials } from './credentials.ts';
import type { MediaPort } from './media.ts';
import { instanceOf, RegistrarClient } from './registrar-client.ts';
import type { AccountSnapshot, CallSnapshot } from './snapshots.ts';
import type { Target } from './target.ts';
import { AccountTransport } from './transport.ts';

export interface AgentOptions {
  readonly account: Account;
  readonly address: AccountAddress;
  readonly port: Client<PhonePortSchema>;
  readonly media: MediaPort;
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly hashes: HashPort;
  readonly secret: () => Promise<string | null>;
  readonly userAgent: string;
  /** Whether one more call may ring here. */
  readonly mayRing: () => boolean;
  readonly changed: () => void;
  readonly closed: () => void;
}

/** Live and ended ones together. */
const MAX_CALLS = 64;
/** Requests that make sense inside a call only. */
const IN_DIALOG = ['BYE', 'INFO', 'UPDATE', 'PRACK'];

export class AccountAgent implements TransactionUser {
  readonly account: Account;
  readonly #options: AgentOptions;
  readonly #transport: AccountTransport;
  readonly #stack: SipStack;
  readonly #credentials: Credentials;
  readonly #registrar: RegistrarClient;
  readonly #acks: AckKeeper;
  readonly #calls = new Set<Call>();
  /** Calls whose sound was lost with the phone service. */
  readonly #silenced = new Set<Call>();
  readonly #host: CallHost;

  constructor(options: AgentOptions) {
    const { account, address, port, media, clock, random, hashes, secret, userAgent, changed } = options;
    this.account = account;
    this.#options = options;
    this.#acks = new AckKeeper(clock);
    this.#credentials = new Credentials({ username: account.number.trim(), hashes, random, secret });
    this.#transport = new AccountTransport({
      accountId: account.id,
      port,
      sink: {
        received: (wire, source) => this.#stack.transport.received(wire, source),
        flowClosed: (flow) => this.#stack.transport.flowClosed(flow),
      },
      lost: (reason) => this.#registrar.dispatch({ type: 'unreachable', reason }),
    });
    this.#stack = createStack({ port: this.#transport, clock, random, user: this });
    const way = {
      transactions: this.#stack.transactions,
      credentials: this.#credentials,
      hop: () => this.#transport.hop,
    };
    this.#registrar = new RegistrarClient({
      number: account.number.trim(),
      address,
      instance: instanceOf(account.id, hashes),
      transport: this.#transport,
      way,
      clock,
      random,
      userAgent,
      changed,
      opened: () => this.#endSilenced(),
      closed: () => this.#close(),
    });
    this.#host = {
      accountId: account.id,
      clock,
      way,
      acks: this.#acks,
      mediaPorts: { gateway: port.media, media },
      from: () => nameAddr(address.aor, toBytes(account.displayName.trim())).toString(),
      routes: () => this.#registrar.routes,
      contact: () => `<${this.#registrar.contactUri}>`,
      userAgent,
      changed,
      gone: (call) => {
        this.#calls.delete(call);
        changed();
      },
    };
  }

  start(): void {
    this.#registrar.dispatch({ type: 'start' });
  }

  /** After a failure: the password may be another one now. */
  tryAgain(): void {
    if (this.#registrar.snapshot.state === 'failed') this.registerNow();
  }

  registerNow(): void {
    if (this.#registrar.snapshot.state === 'failed') this.#credentials.reset();
    this.#registrar.dispatch({ type: 'now' });
  }

  networkChanged(): void {
    this.#registrar.dispatch({ type: 'network-changed' });
  }

  /**
   * The phone service was restarted: sockets and gateway are gone, and with them the sound of every call. They end once
   * there is a connection again to say so by.
   */
  serviceLost(): void {
    for (const call of this.#calls) this.#silenced.add(call);
    if (!this.#registrar.isActive) this.#endSilenced();
    this.#transport.serviceLost('The part of Tandem that talks to the network was started again.');
    this.#registrar.dispatch({ type: 'network-changed' });
  }

  #endSilenced(): void {
    const reason = 'The part of Tandem that carries sound stopped unexpectedly.';
    for (const call of this.#silenced) call.dispatch({ type: 'media-lost', reason });
    this.#silenced.clear();
  }

  signOut(): void {
    for (const call of this.#calls) call.dispatch({ type: 'hang-up' });
    this.#registrar.dispatch({ type: 'sign-out' });
  }

  /** Lets go of everything at once. */
  drop(): void {
    this.#registrar.drop();
    this.#close();
  }

  get snapshot(): AccountSnapshot {
    const { account, address } = this.#options;
    return {
      id: account.id,
      number: account.number.trim(),
      displayName: account.displayName,
      aor: toText(address.aor),
      registration: this.#registrar.snapshot,
    };
  }

  get calls(): readonly Call[] {
    return [...this.#calls];
  }

  /** Undefined while there is no connection to call by. */
  call(target: Target): Call | undefined {
    if (this.#transport.flow === undefined || !this.#registrar.isActive) return undefined;
    const peer = { name: '', number: target.number, uri: toText(target.uri) };
    return this.#add({ peer }, (parts) => new Call(this.#host, parts, startOutgoing(target.uri, target.number)));
  }

  request(transaction: ServerTransaction, cancels: ServerTransaction | undefined): void {
    const { request } = transaction;
    if (request.method === 'CANCEL') {
      this.#cancelled(transaction, cancels);
      return;
    }
    const unknown = optionTags(request, H.Require);
    if (unknown.length > 0) {
      this.#respond(transaction, 420, [[H.Unsupported, unknown.join(', ')]]);
      return;
    }
    if (request.to.tag !== undefined) {
      const call = [...this.#calls].find((one) => one.owns(request));
      if (call === undefined) this.#respond(transaction, 481);
      else call.dispatch({ type: 'request', transaction });
      return;
    }
    if (request.method === 'INVITE') {
      this.#invited(transaction);
      return;
    }
    if (IN_DIALOG.includes(request.method)) {
      this.#respond(transaction, 481);
      return;
    }
    const reply = replyToOther(transaction, 'confirmed');
    if (reply.do === 'reply') this.#respond(transaction, reply.status, reply.headers);
  }

  ack(request: SipRequest): void {
    for (const call of this.#calls) if (call.owns(request)) call.dispatch({ type: 'ack', request });
  }

  strayResponse(response: SipResponse): void {
    if (response.cseqMethod === 'INVITE' && response.status >= 200 && response.status < 300)
      this.#acks.repeat(response);
  }

  #cancelled(transaction: ServerTransaction, cancels: ServerTransaction | undefined): void {
    if (cancels === undefined) {
      this.#respond(transaction, 481);
      return;
    }
    const call = [...this.#calls].find((one) => one.invitation === cancels);
    // The same tag as in the answer to the INVITE (RFC 3261 §9.2).
    this.#respond(transaction, 200, [], call?.localTag);
    if (cancels.isOpen) call?.dispatch({ type: 'cancelled', reasons: transaction.request.headers.lines(H.Reason) });
  }

  #invited(transaction: ServerTransaction): void {
    const { request } = transaction;
    const refusal = this.#refusal(request);
    if (refusal !== undefined) {
      this.#respond(transaction, refusal.status, refusal.headers);
      return;
    }
    const body = readBody(request);
    const localTag = this.#options.random(8);
    const made = dialogAsCallee(request, localTag);
    if (!made.ok || !body.ok) {
      this.#respond(transaction, 400);
      return;
    }
    const peer = peerOf(request.from);
    const expires = deltaSeconds(request.header(H.Expires));
    this.#add({ peer, callId: request.callId, localTag, invitation: transaction }, (parts) => {
      const expiresMs = expires === undefined || expires === 0 ? undefined : expires * 1_000;
      const who = peer.name || peer.number;
      return new Call(this.#host, parts, startIncoming({ who, dialog: made.dialog, offer: body.sdp, expiresMs }));
    });
  }

  /** Why an INVITE cannot ring here; undefined where it may. */
  #refusal(request: SipRequest): { readonly status: number; readonly headers?: readonly HeaderLine[] } | undefined {
    const { account, address, mayRing } = this.#options;
    const called = unescapeUri(request.uri.user).toLowerCase();
    const own = [unescapeUri(address.user), toBytes(account.number.trim())].map((user) => user.toLowerCase());
    // Calls to nobody in particular come from those who try all addresses of a network.
    if (!request.uri.isSip) return { status: 416 };
    if (!own.includes(called)) return { status: 404 };
    if (!this.#registrar.isActive) return { status: 480 };
    for (const call of this.#calls) {
      const other = call.invitation?.request;
      if (other?.callId !== request.callId || other.from.tag !== request.from.tag) continue;
      // The same INVITE by another way (RFC 3261 §8.2.2.2).
      if (other.cseq === request.cseq) return { status: 482 };
    }
    const body = readBody(request);
    if (!body.ok) return { status: body.status, headers: [acceptSdp] };
    if (body.sdp !== undefined) {
      const offer = checkOffer(body.sdp);
      if (!offer.ok) return { status: offer.status };
    }
    return mayRing() ? undefined : { status: 486 };
  }

  #add(
    parts: {
      readonly peer: CallSnapshot['peer'];
      readonly callId?: string;
      readonly localTag?: string;
      readonly invitation?: ServerTransaction;
    },
    make: (parts: ConstructorParameters<typeof Call>[1]) => Call,
  ): Call {
    const { random, changed } = this.#options;
    const call = make({
      id: random(12),
      callId: parts.callId ?? `${random(16)}@tandem.invalid`,
      localTag: parts.localTag ?? random(8),
      peer: parts.peer,
      ...(parts.invitation === undefined ? {} : { invitation: parts.invitation }),
    });
    this.#calls.add(call);
    this.#forgetOldest();
    changed();
    return call;
  }

  /** Ended calls are kept a while, but not all those of somebody who calls and hangs up without end. */
  #forgetOldest(): void {
    for (const call of this.#calls) {
      if (this.#calls.size <= MAX_CALLS) return;
      if (!call.isOver) continue;
      call.drop();
      this.#calls.delete(call);
    }
  }

  #respond(
    transaction: ServerTransaction,
    status: number,
    headers: readonly HeaderLine[] = [],
    toTag: string = this.#options.random(8),
  ): void {
    const all: HeaderLine[] = [[H.UserAgent, this.#options.userAgent], ...headers];
    transaction.respond(buildResponse(transaction.request, status, { toTag, headers: all }));
  }

  #close(): void {
    for (const call of this.#calls) call.drop();
    this.#calls.clear();
    this.#silenced.clear();
    this.#acks.close();
    this.#transport.close();
    this.#stack.transactions.close();
    this.#options.closed();
  }
}

/** The caller as people see it; a malformed URI is shown as it is. */
function peerOf(from: NameAddr): CallSnapshot['peer'] {
  const { uri } = from;
  const number = uri.ok ? toText(uri.value.userDecoded) || toText(uri.value.host) : toText(from.uriText);
  return { name: toText(from.display).slice(0, 200), number: number.slice(0, 200), uri: toText(from.uriText) };
}
