/** The accounts of this profile: who signs in and out when they change, and by which one a call goes. */
import { accountSettingsOf } from '../../shared/account-settings.ts';
import type { Account } from '../../shared/bridge.ts';
import { AccountAgent } from './account.ts';
import { readAccount } from './account-address.ts';
import type { AgentOptions } from './account-assembly.ts';
import type { Call } from './call/call.ts';
import type { AccountNews } from './events/account-news.ts';
import type { AccountSnapshot, MessageListener } from './snapshots.ts';

export type AccountsOptions = Omit<AgentOptions, 'account' | 'address' | 'secret' | 'messages' | 'closed'> & {
  /** The password of an account; null where it is not known on this computer. */
  readonly secrets: (accountId: string) => Promise<string | null>;
  readonly listener: MessageListener;
};

const SIGN_OFF_WITHIN = 3_000;

export class Accounts {
  readonly #options: AccountsOptions;
  readonly #agents = new Map<string, AccountAgent>();
  readonly #leaving = new Set<AccountAgent>();
  /** Accounts that were changed: they sign in once their former selves have signed out, as both have one connection. */
  readonly #waiting = new Map<string, Account>();
  /** Accounts that cannot be used as they were typed. */
  #broken: AccountSnapshot[] = [];
  #order: readonly string[] = [];
  #allGone: () => void = () => undefined;

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  /** Those that can be used. */
  get agents(): readonly AccountAgent[] {
    return [...this.#agents.values()];
  }

  get snapshots(): readonly AccountSnapshot[] {
    const known = new Map(this.#broken.map((account) => [account.id, account]));
    for (const [id, agent] of this.#agents) known.set(id, agent.snapshot);
    return this.#order.flatMap((id) => known.get(id) ?? []);
  }

  get news(): readonly AccountNews[] {
    return this.#order.flatMap((id) => this.#agents.get(id)?.news ?? []);
  }

  /** With those of accounts that are just being signed out: they are seen to end. */
  get calls(): readonly Call[] {
    return [...this.#agents.values(), ...this.#leaving].flatMap((agent) => agent.calls);
  }

  agentOf(call: Call): AccountAgent | undefined {
    return this.agents.find((agent) => agent.calls.includes(call));
  }

  /** By which a call goes, the first one where none is named; a sentence where there is none. */
  callingAgent(accountId = this.#order[0]): AccountAgent | string {
    const agent = accountId === undefined ? undefined : this.#agents.get(accountId);
    if (agent !== undefined) return agent;
    const unusable = this.#broken.find(({ id }) => id === accountId);
    if (unusable !== undefined) return reasonOf(unusable);
    return this.#order.length === 0 ? 'Sign in first to make calls.' : 'The account for this call is not signed in.';
  }

  /** These are the accounts from now on. */
  set(all: readonly Account[]): void {
    const accounts = all.filter((account) => accountSettingsOf(account).enabled);
    this.#order = accounts.map((account) => account.id);
    this.#broken = [];
    this.#waiting.clear();
    for (const [id, agent] of [...this.#agents]) {
      const next = accounts.find((account) => account.id === id);
      if (next === undefined || !sameAccount(next, agent.account)) this.#remove(id);
      else agent.reconfigure(next);
    }
    for (const account of accounts) {
      const agent = this.#agents.get(account.id);
      if (agent !== undefined) agent.tryAgain();
      else if ([...this.#leaving].some((former) => former.account.id === account.id))
        this.#waiting.set(account.id, account);
      else this.#add(account);
    }
  }

  /** Signs all out; resolves when that is done, after 3 s at the latest. */
  async close(): Promise<void> {
    const { clock } = this.#options;
    this.#waiting.clear();
    for (const id of [...this.#agents.keys()]) this.#remove(id);
    await new Promise<void>((resolve) => {
      const timer = clock.after(SIGN_OFF_WITHIN, resolve);
      this.#allGone = () => {
        if (this.#leaving.size > 0) return;
        timer.cancel();
        resolve();
      };
      this.#allGone();
    });
    for (const agent of [...this.#leaving]) agent.drop();
  }

  #add(account: Account): void {
    const { secrets, listener, changed, ...options } = this.#options;
    const address = readAccount(account);
    if (!address.ok) {
      this.#broken.push(unusable(account, address.reason));
      return;
    }
    const agent: AccountAgent = new AccountAgent({
      ...{ ...options, changed, account },
      address: address.value,
      secret: () => secrets(account.id),
      messages: { keep: (message) => listener.message(message), fate: (fate) => listener.messageFate(fate) },
      closed: () => {
        this.#leaving.delete(agent);
        const next = this.#waiting.get(account.id);
        this.#waiting.delete(account.id);
        if (next !== undefined) this.#add(next);
        changed();
        this.#allGone();
      },
    });
    this.#agents.set(account.id, agent);
    agent.start();
  }

  #remove(id: string): void {
    const agent = this.#agents.get(id);
    if (agent === undefined) return;
    this.#agents.delete(id);
    this.#leaving.add(agent);
    agent.signOut();
  }
}

export const reasonOf = ({ registration }: AccountSnapshot): string =>
  registration.state === 'failed' ? registration.reason : '';

const unusable = ({ id, number, displayName }: Account, reason: string): AccountSnapshot => ({
  id,
  number,
  displayName,
  aor: '',
  domain: '',
  registration: { state: 'failed', reason },
  connectedBy: [],
  certificate: undefined,
  soundTrouble: '',
});

/** Whether nothing differs by which an account is known elsewhere; `calls` may differ. */
const sameAccount = (a: Account, b: Account): boolean =>
  a.number === b.number &&
  a.displayName === b.displayName &&
  a.server === b.server &&
  a.outboundProxy === b.outboundProxy &&
  sameSettings(accountSettingsOf(a), accountSettingsOf(b));

const sameSettings = <T extends object>(a: T, b: T): boolean =>
  (Object.keys(a) as (keyof T)[]).every((name) => a[name] === b[name]);
