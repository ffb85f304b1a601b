/** The user agent of one account: signs it in and out, makes its calls, and tells how it stands. */
import { toText } from '../../../proxy-core/sip/grammar/text.ts';
import type { TransportName } from '../../../proxy-core/sip/transport/port.ts';
import type { Account } from '../../shared/bridge.ts';
import { type AccountAssembly, type AgentOptions, assembleAccount, settingsOf } from './account-assembly.ts';
import type { Call } from './call/call.ts';
import type { AccountNews } from './events/account-news.ts';
import type { AccountSnapshot, CallingHow } from './snapshots.ts';
import type { Target } from './target.ts';

export class AccountAgent {
  account: Account;
  readonly #options: AgentOptions;
  readonly news: AccountNews;
  readonly #parts: AccountAssembly;
  /** What is wrong with the servers that help sound on its way. */
  #soundTrouble = '';
  readonly #stopHearing: () => void;
  #closed = false;

  constructor(options: AgentOptions) {
    const { account, port, changed } = options;
    this.account = account;
    this.#options = options;
    this.#stopHearing = port.media.trouble(({ accountId, reason }) => {
      if (accountId !== account.id) return;
      this.#soundTrouble = reason;
      changed();
    });
    this.#parts = assembleAccount(options, { current: () => this.account, closed: () => this.#close() });
    this.news = this.#parts.news;
  }

  /** The transport of its connection, where others can listen on that; undefined where none can, or there is none. */
  get openTransport(): TransportName | undefined {
    return this.#parts.openTransport();
  }

  start(): void {
    this.#parts.reach.dispatch({ type: 'start' });
  }

  /** After a failure: the password may be another one now. */
  tryAgain(): void {
    if (this.#parts.reach.state.state === 'failed') this.registerNow();
    else this.#parts.reach.tryAgain();
  }

  registerNow(): void {
    if (this.#parts.reach.state.state === 'failed') this.#parts.credentials.reset();
    this.#parts.reach.dispatch({ type: 'now' });
  }

  networkChanged(): void {
    this.#parts.interruptions.networkChanged();
    this.#parts.reach.dispatch({ type: 'network-changed' });
  }

  /**
   * The phone service was restarted: sockets and gateway are gone, and with them the sound of every call. They end once
   * there is a connection again to say so by.
   */
  serviceLost(): void {
    this.#parts.interruptions.serviceLost(this.#parts.reach.isActive);
    this.#parts.transport.serviceLost('The part of Tandem that talks to the network was started again.');
    this.#parts.reach.dispatch({ type: 'network-changed' });
  }

  signOut(): void {
    for (const call of this.#parts.calls.all) call.dispatch({ type: 'hang-up' });
    this.news.leave();
    this.#parts.reach.dispatch({ type: 'sign-out' });
  }

  /** Lets go of everything at once. */
  drop(): void {
    this.#parts.reach.drop();
    this.#close();
  }

  get snapshot(): AccountSnapshot {
    const { account } = this;
    const { address } = this.#options;
    return {
      id: account.id,
      number: account.number.trim(),
      displayName: account.displayName,
      aor: toText(this.#parts.aorOn(undefined)),
      domain: address.domain,
      ...this.#parts.reach.snapshot,
      soundTrouble: this.#soundTrouble,
    };
  }

  get calls(): readonly Call[] {
    return this.#parts.calls.shown;
  }

  /** The account's settings for calls may be others now; calls that are on keep theirs. */
  reconfigure(account: Account): void {
    this.account = account;
    this.#parts.calls.settings = settingsOf(account);
    this.news.configure(account);
  }

  /** Undefined while there is no connection to call by. */
  call(target: Target, how: CallingHow): Call | undefined {
    return this.#parts.calls.call(target, how);
  }

  answer(call: Call): void {
    this.#parts.calls.answer(call);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.lastWords.drop();
    this.#stopHearing();
    this.#parts.calls.drop();
    this.news.drop();
    this.#parts.interruptions.drop();
    this.#parts.acks.close();
    this.#parts.transport.close();
    this.#parts.stack.transactions.close();
    this.#options.closed();
  }
}
