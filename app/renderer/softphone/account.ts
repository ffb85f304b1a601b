/** The user agent of one account: its connection, its registration and its calls; gives each message to whom it concerns. */
import type { HashPort } from '../../../proxy-core/sip/auth/hashes.ts';
import { AckKeeper } from '../../../proxy-core/sip/dialog/acks.ts';
import { nameAddr } from '../../../proxy-core/sip/grammar/name-addr.ts';
import { toBytes, toText } from '../../../proxy-core/sip/grammar/text.ts';
import { type SipUri, unescapeUri } from '../../../proxy-core/sip/grammar/uri.ts';
import { buildResponse, type HeaderLine } from '../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../proxy-core/sip/message/message.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { optionTags } from '../../../proxy-core/sip/message/parse.ts';
import type { Clock, RandomHex, Timer } from '../../../proxy-core/sip/transaction/clock.ts';
import { createStack, type SipStack } from '../../../proxy-core/sip/transaction/stack.ts';
import type { ServerTransaction, TransactionUser } from '../../../proxy-core/sip/transaction/user.ts';
import { accountSettingsOf } from '../../shared/account-settings.ts';
import type { Account } from '../../shared/bridge.ts';
import { type CallSettings, callDefaults } from '../../shared/call-settings.ts';
import type { PhonePortSchema } from '../../shared/phone-port.ts';
import type { Client } from '../../shared/schema.ts';
import type { AccountAddress } from './account-address.ts';
import { AccountCalls, type SharedLines } from './account-calls.ts';
import { usersOf } from './arrivals.ts';
import type { Call } from './call/call.ts';
import { extensions, replyToOther } from './call/features.ts';
import { Credentials } from './credentials.ts';
import { AccountNews } from './events/account-news.ts';
import type { MessengerOptions } from './events/messenger.ts';
import { Listening, type Reach } from './registration/listening.ts';
import type { MediaPort } from './media.ts';
import { QualityReports } from './quality-reports.ts';
import type { RecordingPort } from './recordings.ts';
import { instanceOf } from './registration/whereabouts.ts';
import { Registrations } from './registration/registrations.ts';
import type { AccountSnapshot, CallingHow } from './snapshots.ts';
import { readTarget, type Target } from './target.ts';
import { AccountTransport } from './transport.ts';

export interface AgentOptions {
  readonly account: Account;
  readonly address: AccountAddress;
  readonly port: Client<PhonePortSchema>;
  readonly media: MediaPort;
  readonly recordings?: RecordingPort | undefined;
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly hashes: HashPort;
  readonly secret: () => Promise<string | null>;
  readonly userAgent: string;
  readonly lines: SharedLines;
  readonly changed: () => void;
  /** What it hears of others has changed. */
  readonly newsChanged: () => void;
  readonly messages: Pick<MessengerOptions, 'keep' | 'fate'>;
  readonly closed: () => void;
}

/** How long what was said last may stay unanswered when an account is signed out, in ms. */
const LEAVES_WITHIN = 2_000;
/** Requests that make sense inside a call only. */
const IN_DIALOG = ['BYE', 'INFO', 'UPDATE', 'PRACK'];

export class AccountAgent implements TransactionUser {
  account: Account;
  readonly #options: AgentOptions;
  readonly #transport: AccountTransport;
  readonly #stack: SipStack;
  readonly #credentials: Credentials;
  readonly #reach: Reach;
  readonly #acks: AckKeeper;
  readonly #calls: AccountCalls;
  /** By which it is called; undefined where it is its address that is called. */
  readonly #users: readonly string[] | undefined;
  readonly news: AccountNews;
  /** Calls whose sound was lost with the phone service. */
  readonly #silenced = new Set<Call>();
  /** The network changed, or the computer slept: calls are looked at once the registrar answers. */
  #mustCheck = false;
  /** The local end of the last connection. */
  #local: { readonly host: string; readonly port: number } | undefined;
  /** What is wrong with the servers that help sound on its way. */
  #soundTrouble = '';
  readonly #stopHearing: () => void;
  /** Requests without a final response yet. */
  #waiting = 0;
  #isClosing = false;
  #closed = false;
  #closing: Timer | undefined;

  constructor(options: AgentOptions) {
    const { account, address, port, media, clock, random, hashes, secret, userAgent, changed } = options;
    this.account = account;
    this.#options = options;
    this.#acks = new AckKeeper(clock);
    this.#stopHearing = port.media.trouble(({ accountId, reason }) => {
      if (accountId !== account.id) return;
      this.#soundTrouble = reason;
      changed();
    });
    const { authName, expires, registrar } = accountSettingsOf(account);
    const username = authName.trim() || account.number.trim();
    // The password is for the server alone: any stranger may ask for it where there is none.
    const known = address.domain === '' ? async () => null : secret;
    this.#credentials = new Credentials({ username, hashes, random, secret: known });
    this.#transport = new AccountTransport({
      accountId: account.id,
      port,
      sink: {
        received: (wire, source) => this.#stack.transport.received(wire, source),
        flowClosed: (flow) => this.#stack.transport.flowClosed(flow),
      },
      lost: (regId, reason) => this.#reach.lost(regId, reason),
      preferred: () => this.#reach.preferred,
    });
    this.#stack = createStack({ port: this.#transport, clock, random, user: this });
    const way = {
      transactions: this.#stack.transactions,
      credentials: this.#credentials,
      hop: () => this.#transport.hop,
      waits: () => this.#waits(),
    };
    const common = {
      transport: this.#transport,
      clock,
      changed: () => {
        this.news.follow(this.#reach.state);
        changed();
      },
      opened: () => this.#opened(),
      accepted: () => this.#accepted(),
      closed: () => this.#closeSoon(),
    };
    this.#reach = registrar
      ? new Registrations({
          ...common,
          ...{ number: account.number.trim(), expires, address, way, random, userAgent },
          instance: instanceOf(account.id, hashes),
        })
      : new Listening({ ...common, user: address.user });
    const parts = {
      ...{ clock, random, way },
      from: () => nameAddr(this.#aor, toBytes(this.account.displayName.trim())).toString(),
      routes: () => this.#reach.routes,
      contact: () => `<${this.#reach.contact('public')}>`,
      userAgent: [H.UserAgent, userAgent] as const,
    };
    const isOwn = (uri: SipUri) => uri.host.toLowerCase() === hostOf(address.domain);
    this.news = new AccountNews({
      host: {
        ...{ ...parts, aor: address.aor, changed: options.newsChanged },
        // No GRUU: Kamailio gives one out, but does not lead the NOTIFYs of its own presence server there.
        contact: () => `<${this.#reach.contact('address')}>`,
        respond: (transaction, status, headers) => this.#respond(transaction, status, headers),
      },
      account,
      readTarget: (text) => readTarget(text, address),
      messages: { ...options.messages, isOwn },
    });
    this.#users = registrar ? usersOf(address.user, account.number) : undefined;
    const { lines } = options;
    const reports = new QualityReports({
      ...{ ...parts, aor: address.aor },
      isRegistered: () => this.#reach.state.state === 'registered',
      localHost: () => this.#transport.hop?.host,
    });
    this.#calls = new AccountCalls({
      host: {
        ...{ ...parts, accountId: account.id, acks: this.#acks, changed },
        sounded: (report) => reports.send(report),
        mediaPorts: { gateway: port.media, media },
        recordings: options.recordings,
        contact: (kind) => `<${this.#reach.contact(kind)}>`,
        isOwn,
      },
      users: this.#users,
      settings: settingsOf(account),
      lines,
      isConnected: () => this.#transport.hop !== undefined && this.#reach.isActive,
      isActive: () => this.#reach.isActive,
      respond: (transaction, status, headers) => this.#respond(transaction, status, headers),
    });
  }

  start(): void {
    this.#reach.dispatch({ type: 'start' });
  }

  /** After a failure: the password may be another one now. */
  tryAgain(): void {
    if (this.#reach.state.state === 'failed') this.registerNow();
    else this.#reach.tryAgain();
  }

  registerNow(): void {
    if (this.#reach.state.state === 'failed') this.#credentials.reset();
    this.#reach.dispatch({ type: 'now' });
  }

  networkChanged(): void {
    this.#mustCheck = true;
    this.#reach.dispatch({ type: 'network-changed' });
  }

  /**
   * The phone service was restarted: sockets and gateway are gone, and with them the sound of every call. They end once
   * there is a connection again to say so by.
   */
  serviceLost(): void {
    for (const call of this.#calls.all) this.#silenced.add(call);
    if (!this.#reach.isActive) this.#endSilenced();
    this.#transport.serviceLost('The part of Tandem that talks to the network was started again.');
    this.#reach.dispatch({ type: 'network-changed' });
  }

  /** Calls that were set up from another address than is ours now are broken. */
  #opened(): void {
    this.#endSilenced();
    const flow = this.#transport.flow(1) ?? this.#transport.flow(2);
    if (flow === undefined) return;
    const before = this.#local;
    this.#local = { host: flow.localHost, port: flow.localPort };
    if (before === undefined) return;
    // Whom others know by a name is found behind every connection.
    const isNamed = this.#reach.contact('public') !== this.#reach.contact('address');
    if (before.host === flow.localHost && (isNamed || before.port === flow.localPort)) return;
    for (const call of this.#calls.all) call.interrupted();
  }

  /** After a sleep, too, where nothing here is another, the other side may have gone meanwhile. */
  #accepted(): void {
    const mustCheck = this.#mustCheck;
    this.#mustCheck = false;
    for (const call of this.#calls.all) call.reachable(mustCheck);
  }

  #endSilenced(): void {
    const reason = 'The part of Tandem that carries sound stopped unexpectedly.';
    for (const call of this.#silenced) call.dispatch({ type: 'media-lost', reason });
    this.#silenced.clear();
  }

  signOut(): void {
    for (const call of this.#calls.all) call.dispatch({ type: 'hang-up' });
    this.news.leave();
    this.#reach.dispatch({ type: 'sign-out' });
  }

  /** Lets go of everything at once. */
  drop(): void {
    this.#reach.drop();
    this.#close();
  }

  get snapshot(): AccountSnapshot {
    const { account } = this;
    const { address } = this.#options;
    return {
      id: account.id,
      number: account.number.trim(),
      displayName: account.displayName,
      aor: toText(this.#aor),
      domain: address.domain,
      ...this.#reach.snapshot,
      soundTrouble: this.#soundTrouble,
    };
  }

  /** Without a server, where it listens. */
  get #aor(): string {
    return this.#options.address.aor || this.#reach.contact('address');
  }

  get calls(): readonly Call[] {
    return this.#calls.shown;
  }

  /** The account's settings for calls may be others now; calls that are on keep theirs. */
  reconfigure(account: Account): void {
    this.account = account;
    this.#calls.settings = settingsOf(account);
    this.news.configure(account);
  }

  /** Undefined while there is no connection to call by. */
  call(target: Target, how: CallingHow): Call | undefined {
    return this.#calls.call(target, how);
  }

  answer(call: Call): void {
    this.#calls.answer(call);
  }

  request(transaction: ServerTransaction, cancels: ServerTransaction | undefined): void {
    const { request } = transaction;
    if (request.method === 'CANCEL') {
      this.#cancelled(transaction, cancels);
      return;
    }
    const known = extensions(this.#calls.settings);
    const unknown = optionTags(request, H.Require).filter((tag) => !known.includes(tag));
    if (unknown.length > 0) {
      this.#respond(transaction, 420, [[H.Unsupported, unknown.join(', ')]]);
      return;
    }
    if (request.method === 'MESSAGE') {
      this.#message(transaction);
      return;
    }
    if (request.to.tag !== undefined) {
      const call = this.#calls.ownerOf(request);
      if (call === undefined) this.news.inDialog(transaction);
      else call.request(transaction);
      return;
    }
    if (request.method === 'INVITE') {
      this.#calls.invited(transaction);
      return;
    }
    if (request.method === 'NOTIFY') {
      this.news.unasked(transaction);
      return;
    }
    if (IN_DIALOG.includes(request.method)) {
      this.#respond(transaction, 481);
      return;
    }
    const reply = replyToOther(transaction, 'confirmed');
    if (reply.do === 'reply') this.#respond(transaction, reply.status, reply.headers);
  }

  #message(transaction: ServerTransaction): void {
    const called = unescapeUri(transaction.request.uri.user).toLowerCase();
    // As with calls: what is meant for nobody in particular comes from those who try all addresses.
    const isMeant = this.#users?.some((user) => user.toLowerCase() === called) ?? true;
    if (!isMeant) this.#respond(transaction, 404);
    else if (!this.#reach.isActive) this.#respond(transaction, 480);
    else this.news.messenger.received(transaction);
  }

  ack(request: SipRequest): void {
    this.#calls.ownerOf(request)?.dispatch({ type: 'ack', request });
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
    const call = this.#calls.begunBy(cancels);
    // The same tag as in the answer to the INVITE (RFC 3261 §9.2).
    this.#respond(transaction, 200, [], call?.localTag);
    if (cancels.isOpen) call?.dispatch({ type: 'cancelled', reasons: transaction.request.list(H.Reason) });
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

  #waits(): () => void {
    this.#waiting++;
    let done = false;
    return () => {
      if (done) return;
      done = true;
      this.#waiting--;
      if (this.#isClosing && this.#waiting === 0) this.#close();
    };
  }

  /** Once the peers have answered that their calls are over, so that a BYE may be sent again until then. */
  #closeSoon(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    if (this.#waiting === 0) this.#close();
    else this.#closing = this.#options.clock.after(LEAVES_WITHIN, () => this.#close());
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closing?.cancel();
    this.#stopHearing();
    this.#calls.drop();
    this.news.drop();
    this.#silenced.clear();
    this.#acks.close();
    this.#transport.close();
    this.#stack.transactions.close();
    this.#options.closed();
  }
}

const settingsOf = ({ calls }: Account): CallSettings => ({ ...callDefaults, ...calls });

/** Without the port. */
const hostOf = (domain: string): string => domain.replace(/:\d+$/, '').toLowerCase();
