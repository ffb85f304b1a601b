/** Signing in and out: what the person typed is checked, kept, and told to everyone who must know. */
import * as v from 'valibot';
import type { Outcome, Profile } from '../shared/bridge.ts';
import type { RelayPasswords } from '../shared/services.ts';
import { accountShape, callsShape, MAX_ACCOUNTS, type ProfileData, type ProfileStore } from './profile-store.ts';
import type { Secrets } from './secrets.ts';

export interface AccountsOptions {
  readonly profile: ProfileStore;
  readonly secrets: Secrets;
  /** The profile changed: the page and the phone service are told. */
  readonly changed: (profile: Profile) => void;
}

export interface Accounts {
  describe(): Profile;
  signIn(args: unknown): Promise<Outcome>;
  signOut(args: unknown): Promise<Outcome>;
  /** How an account makes and takes calls from now on. */
  setCalls(args: unknown): Promise<Outcome>;
  /** The password of an account's TURN server. */
  setRelayPassword(args: unknown): Promise<Outcome>;
  /** By account. */
  relayPasswords(): RelayPasswords;
  password(args: unknown): string | null;
}

const signInShape = v.object({
  account: accountShape,
  password: v.pipe(v.string(), v.maxLength(1_000)),
});
const idShape = v.object({ accountId: v.string() });
const setCallsShape = v.object({ accountId: v.string(), calls: callsShape });

const relayPasswordShape = v.object({ accountId: v.string(), password: v.pipe(v.string(), v.maxLength(1_000)) });

/** No account has such a name. */
const relaySecret = (accountId: string): string => `relay:${accountId}`;

const FIELDS: Readonly<Record<string, string>> = {
  number: 'The number',
  displayName: 'The name',
  server: 'The server',
  outboundProxy: 'The outbound proxy',
  password: 'The password',
};

export function createAccounts({ profile, secrets, changed }: AccountsOptions): Accounts {
  const describe = (): Profile => ({
    accounts: profile.data.accounts,
    secrets: secrets.storage,
    hasPassword: Object.fromEntries(
      profile.data.accounts.map((account) => [account.id, secrets.get(account.id) !== undefined]),
    ),
  });

  /** A disk that cannot be written to is a sentence for the person; nothing else is expected to go wrong. */
  const keep = async (work: () => Promise<void>): Promise<Outcome> => {
    try {
      await work();
      return { ok: true, value: undefined };
    } catch (error) {
      return { ok: false, reason: (error as Error).message };
    } finally {
      changed(describe());
    }
  };

  return {
    describe,
    async signIn(args) {
      const typed = v.safeParse(signInShape, args);
      if (!typed.success) return { ok: false, reason: complaint(typed.issues[0]) };
      const { account, password } = typed.output;
      const knownIn = ({ accounts }: ProfileData): boolean => accounts.some((other) => other.id === account.id);
      if (!knownIn(profile.data) && profile.data.accounts.length >= MAX_ACCOUNTS) {
        return { ok: false, reason: `There are ${MAX_ACCOUNTS} accounts already: sign one of them out first.` };
      }
      return keep(async () => {
        await secrets.set(account.id, password);
        await profile.change((data) => {
          const accounts = knownIn(data)
            ? data.accounts.map((other) => (other.id === account.id ? { ...other, ...account } : other))
            : [...data.accounts, account];
          return { ...data, accounts };
        });
      });
    },
    async signOut(args) {
      const { accountId } = v.parse(idShape, args);
      return keep(async () => {
        await profile.change((data) => ({
          ...data,
          accounts: data.accounts.filter((account) => account.id !== accountId),
        }));
        await secrets.forget(accountId);
        await secrets.forget(relaySecret(accountId));
      });
    },
    async setCalls(args) {
      const { accountId, calls } = v.parse(setCallsShape, args);
      return keep(() =>
        profile.change((data) => ({
          ...data,
          accounts: data.accounts.map((account) => (account.id === accountId ? { ...account, calls } : account)),
        })),
      );
    },
    async setRelayPassword(args) {
      const { accountId, password } = v.parse(relayPasswordShape, args);
      const name = relaySecret(accountId);
      if (!profile.data.accounts.some(({ id }) => id === accountId))
        return { ok: false, reason: 'This account is not known here.' };
      return keep(() => (password === '' ? secrets.forget(name) : secrets.set(name, password)));
    },
    relayPasswords() {
      const known = profile.data.accounts.flatMap(({ id }) => {
        const password = secrets.get(relaySecret(id));
        return password === undefined ? [] : [[id, password] as const];
      });
      return Object.fromEntries(known);
    },
    password(args) {
      const { accountId } = v.parse(idShape, args);
      return secrets.get(accountId) ?? null;
    },
  };
}

function complaint(issue: v.BaseIssue<unknown>): string {
  const field = FIELDS[String(issue.path?.at(-1)?.key)] ?? 'What was typed';
  if (issue.type === 'max_length') return `${field} is too long.`;
  if (issue.type === 'min_length') return `${field} is missing.`;
  return `${field} has characters in it that cannot be part of it.`;
}
