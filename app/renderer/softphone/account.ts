/** The user agent of one account: puts together its connection, its registration, its calls and what it hears of others. */
import type { HashPort } from '../../../proxy-core/sip/auth/hashes.ts';
import { AckKeeper } from '../../../proxy-core/sip/dialog/acks.ts';
import { nameAddr } from '../../../proxy-core/sip/grammar/name-addr.ts';
import { toBytes, toText } from '../../../proxy-core/sip/grammar/text.ts';
import type { SipUri } from '../../../proxy-core/sip/grammar/uri.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import type { Clock, RandomHex } from '../../../proxy-core/sip/transaction/clock.ts';
import { createStack, type SipStack } from '../../../proxy-core/sip/transaction/stack.ts';
import { isSecure, type TransportName } from '../../../proxy-core/sip/transport/port.ts';
import { accountSettingsOf } from '../../shared/account-settings.ts';
import type { Account } from '../../shared/bridge.ts';
import { type CallSettings, callDefaults } from '../../shared/call-settings.ts';
import type { PhonePortSchema, RegId } from '../../shared/phone-port.ts';
import type { Client } from '../../shared/schema.ts';
import type { AccountAddress } from './account-address.ts';
import { AccountCalls, type SharedLines } from './account-calls.ts';
import { AccountReception } from './account-reception.ts';
import { usersOf } from './arrivals.ts';
import type { Call } from './call/call.ts';
import { Credentials } from './credentials.ts';
import { AccountNews } from './events/account-news.ts';
import type { MessengerOptions } from './events/messenger.ts';
import { Interruptions } from './interruptions.ts';
import { LastWords } from './last-words.ts';
import type { MediaPort } from './media.ts';
import { QualityReports } from './quality-reports.ts';
import type { RecordingPort } from './recordings.ts';
import { Listening, lineTowards, type Reach } from './registration/listening.ts';
import { Registrations } from './registration/registrations.ts';
import { instanceOf } from './registration/whereabouts.ts';
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

export class AccountAgent {
  account: Account;
  readonly #options: AgentOptions;
  readonly #transport: AccountTransport;
  readonly #stack: SipStack;
  readonly #credentials: Credentials;
  readonly #reach: Reach;
  readonly #acks: AckKeeper;
  readonly #calls: AccountCalls;
  readonly news: AccountNews;
  readonly #interruptions: Interruptions;
  readonly #lastWords: LastWords;
  /** What is wrong with the servers that help sound on its way. */
  #soundTrouble = '';
  readonly #stopHearing: () => void;
  #closed = false;

  constructor(options: AgentOptions) {
    const { account, address, port, media, clock, random, hashes, secret, userAgent, changed } = options;
    this.account = account;
    this.#options = options;
    this.#acks = new AckKeeper(clock);
    this.#lastWords = new LastWords(clock);
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
      lost: (regId, reason) => {
        this.#reach.lost(regId, reason);
        this.#interruptions.wayChanged();
      },
      preferred: () => this.#reach.preferred,
    });
    const users = registrar ? usersOf(address.user, account.number) : undefined;
    const isActive = () => this.#reach.isActive;
    const reception = new AccountReception({
      ...{ acks: this.#acks, users, isActive, random, userAgent },
      calls: () => this.#calls,
      news: () => this.news,
    });
    this.#stack = createStack({ port: this.#transport, clock, random, user: reception });
    this.#interruptions = new Interruptions({
      calls: () => this.#calls.all,
      flow: () => this.#transport.flow(1) ?? this.#transport.flow(2),
      isNamed: () => this.#reach.contact('public') !== this.#reach.contact('address'),
    });
    const way = {
      transactions: this.#stack.transactions,
      credentials: this.#credentials,
      hop: () => this.#transport.hop,
      waits: () => this.#lastWords.waits(),
    };
    const common = {
      transport: this.#transport,
      clock,
      changed: () => {
        this.news.follow(this.#reach.state);
        changed();
      },
      opened: () => this.#interruptions.opened(),
      accepted: () => this.#interruptions.accepted(),
      closed: () => this.#lastWords.closeAfter(() => this.#close()),
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
      from: (regId?: RegId) => nameAddr(this.#aorOn(regId), toBytes(this.account.displayName.trim())).toString(),
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
        respond: (transaction, status, headers) => reception.respond(transaction, status, headers),
      },
      account,
      readTarget: (text) => readTarget(text, address),
      messages: { ...options.messages, isOwn },
    });
    const { lines } = options;
    const reports = new QualityReports({
      ...{ ...parts, aor: address.aor },
      isRegistered: () => this.#reach.state.state === 'registered',
      localHost: () => this.#transport.hop?.host,
    });
    this.#calls = new AccountCalls({
      host: {
        ...{ ...parts, accountId: account.id, acks: this.#acks },
        changed: () => {
          this.news.talking(this.#calls.all.some((call) => call.isAnswered));
          changed();
        },
        sounded: (report) => reports.send(report),
        mediaPorts: { gateway: port.media, media },
        recordings: options.recordings,
        contact: (kind, secure, regId) => `<${this.#reach.contact(kind, secure, regId)}>`,
        hopOf: (regId) => this.#transport.hopOf(regId),
        isOwn,
      },
      ...{ users, isActive, lines },
      settings: settingsOf(account),
      isConnected: () => this.#transport.hop !== undefined && this.#reach.isActive,
      lineTowards: (uri) => (registrar ? this.#reach.preferred : lineTowards(uri)),
      lineOf: (flow) => this.#transport.lineOf(flow),
      isProtected: () => this.openTransport === undefined,
      respond: (transaction, status, headers) => reception.respond(transaction, status, headers),
    });
  }

  /** The transport of its connection, where others can listen on that; undefined where none can, or there is none. */
  get openTransport(): TransportName | undefined {
    const transport = this.#transport.hop?.transport;
    return transport === undefined || isSecure(transport) ? undefined : transport;
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
    this.#interruptions.networkChanged();
    this.#reach.dispatch({ type: 'network-changed' });
  }

  /**
   * The phone service was restarted: sockets and gateway are gone, and with them the sound of every call. They end once
   * there is a connection again to say so by.
   */
  serviceLost(): void {
    this.#interruptions.serviceLost(this.#reach.isActive);
    this.#transport.serviceLost('The part of Tandem that talks to the network was started again.');
    this.#reach.dispatch({ type: 'network-changed' });
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
    return this.#aorOn(undefined);
  }

  #aorOn(regId: RegId | undefined): string {
    const { address } = this.#options;
    return address.aor || this.#reach.contact('address', address.secure, regId);
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

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#lastWords.drop();
    this.#stopHearing();
    this.#calls.drop();
    this.news.drop();
    this.#interruptions.drop();
    this.#acks.close();
    this.#transport.close();
    this.#stack.transactions.close();
    this.#options.closed();
  }
}

const settingsOf = ({ calls }: Account): CallSettings => ({ ...callDefaults, ...calls });

/** Without the port. */
const hostOf = (domain: string): string => domain.replace(/:\d+$/, '').toLowerCase();
