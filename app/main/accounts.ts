/** The accounts of a profile: what the person typed is checked, kept, and told to everyone who must know. */
import * as v from 'valibot';
import { accountSettingsOf } from '../shared/account-settings.ts';
import type { Account, Outcome, Profile } from '../shared/bridge.ts';
import { codecDefaults } from '../shared/codec-settings.ts';
import { MAX_REPLIES, MAX_REPLY } from '../shared/replies.ts';
import type { RelayPasswords } from '../shared/services.ts';
import { MAX_WATCHED } from '../shared/watched-person.ts';
import {
  accountShape,
  callsShape,
  codecsShape,
  diallingShape,
  peopleShape,
  repliesShape,
  settingsShape,
  trustedShape,
} from './account-shape.ts';
import { MAX_ACCOUNTS, type ProfileData, type ProfileStore } from './profile-store.ts';
import type { Secrets } from './secrets.ts';

export interface AccountsOptions {
  readonly profile: ProfileStore;
  readonly secrets: Secrets;
  /** Whether this run was started to answer every call by itself. */
  readonly autoAnswer?: boolean;
  /** How this computer is called on its network. */
  readonly computer?: string;
  /** The profile changed: the page and the phone service are told. */
  readonly changed: (profile: Profile) => void;
}

export interface Accounts {
  describe(): Profile;
  signIn(args: unknown): Promise<Outcome>;
  signOut(args: unknown): Promise<Outcome>;
  /** How an account is used from now on. */
  setSettings(args: unknown): Promise<Outcome>;
  /** Puts an account before all others. */
  setDefault(args: unknown): Promise<Outcome>;
  /** The codecs of all accounts or of one. */
  setCodecs(args: unknown): Promise<Outcome>;
  /** What a declined caller may be told. */
  setReplies(args: unknown): Promise<Outcome>;
  /** Those that are on, as the phone service is to use them. */
  inUse(): readonly Account[];
  /** How an account makes and takes calls from now on. */
  setCalls(args: unknown): Promise<Outcome>;
  /** Its country and its rules for dialling. */
  setDialling(args: unknown): Promise<Outcome>;
  /** Whose lamps an account shows. */
  setPeople(args: unknown): Promise<Outcome>;
  /** Certificates of its servers that the person trusts. */
  setTrusted(args: unknown): Promise<Outcome>;
  /** The password of an account's TURN server. */
  setRelayPassword(args: unknown): Promise<Outcome>;
  /** By account. */
  relayPasswords(): RelayPasswords;
  password(args: unknown): string | null;
}

const signInShape = v.object({
  account: accountShape,
  password: v.nullable(v.pipe(v.string(), v.maxLength(1_000))),
});
const idShape = v.object({ accountId: v.string() });
const setSettingsShape = v.object({ accountId: v.string(), settings: settingsShape });
const setDiallingShape = v.object({ accountId: v.string(), dialling: diallingShape });
const setPeopleShape = v.object({ accountId: v.string(), people: peopleShape });
const setCodecsShape = v.object({ accountId: v.nullable(v.string()), codecs: v.nullable(codecsShape) });
const setRepliesShape = v.object({ replies: v.nullable(repliesShape) });
const setTrustedShape = v.object({ accountId: v.string(), trusted: trustedShape });
const setCallsShape = v.object({ accountId: v.string(), calls: callsShape });

const relayPasswordShape = v.object({ accountId: v.string(), password: v.pipe(v.string(), v.maxLength(1_000)) });

/** No account has such a name. */
const relaySecret = (accountId: string): string => `relay:${accountId}`;

const FIELDS: Readonly<Record<string, string>> = {
  number: 'The number',
  target: 'The number',
  name: 'The name',
  displayName: 'The name',
  server: 'The server',
  outboundProxy: 'The outbound proxy',
  password: 'The password',
  authName: 'The name for signing in',
  expires: 'The time of a registration',
  listenPort: 'The port',
};

export function createAccounts({ profile, secrets, autoAnswer, computer, changed }: AccountsOptions): Accounts {
  const describe = (): Profile => ({
    accounts: profile.data.accounts,
    codecs: profile.data.codecs ?? codecDefaults,
    secrets: secrets.storage,
    hasPassword: Object.fromEntries(
      profile.data.accounts.map((account) => [account.id, secrets.get(account.id) !== undefined]),
    ),
    ...(profile.data.replies && { replies: profile.data.replies }),
    ...(autoAnswer === true ? { autoAnswer } : {}),
    ...(computer === undefined ? {} : { computer }),
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

  const changeOne = async (accountId: string, change: Partial<Account>): Promise<Outcome> => {
    const before = profile.data.accounts.find(({ id }) => id === accountId);
    const after = v.safeParse(accountShape, { ...before, ...change });
    if (before !== undefined && !after.success) return { ok: false, reason: complaint(after.issues[0]) };
    return keep(() =>
      profile.change((data) => ({
        ...data,
        accounts: data.accounts.map((account) => (account.id === accountId ? { ...account, ...change } : account)),
      })),
    );
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
        if (password !== null) await secrets.set(account.id, password);
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
    async setSettings(args) {
      const typed = v.safeParse(setSettingsShape, args);
      if (!typed.success) return { ok: false, reason: complaint(typed.issues[0]) };
      const { accountId, settings } = typed.output;
      return changeOne(accountId, { settings });
    },
    async setCodecs(args) {
      const { accountId, codecs } = v.parse(setCodecsShape, args);
      return keep(() =>
        profile.change((data) => {
          if (accountId === null) return { ...without(data, 'codecs'), ...(codecs && { codecs }) };
          const accounts = data.accounts.map((account) =>
            account.id === accountId ? { ...without(account, 'codecs'), ...(codecs && { codecs }) } : account,
          );
          return { ...data, accounts };
        }),
      );
    },
    async setReplies(args) {
      const typed = v.safeParse(setRepliesShape, args);
      if (!typed.success) return { ok: false, reason: replyComplaint(typed.issues[0]) };
      const { replies } = typed.output;
      return keep(() => profile.change((data) => ({ ...without(data, 'replies'), ...(replies && { replies }) })));
    },
    inUse() {
      const { accounts, codecs = codecDefaults } = profile.data;
      return accounts
        .filter((account) => accountSettingsOf(account).enabled)
        .map((account) => ({ codecs, ...account }));
    },
    async setDefault(args) {
      const { accountId } = v.parse(idShape, args);
      return keep(() =>
        profile.change((data) => {
          const first = data.accounts.filter(({ id }) => id === accountId);
          return { ...data, accounts: [...first, ...data.accounts.filter(({ id }) => id !== accountId)] };
        }),
      );
    },
    async setCalls(args) {
      const { accountId, calls } = v.parse(setCallsShape, args);
      return changeOne(accountId, { calls });
    },
    async setDialling(args) {
      const typed = v.safeParse(setDiallingShape, args);
      if (!typed.success) return { ok: false, reason: 'This rule cannot be used: look at its numbers again.' };
      const { accountId, dialling } = typed.output;
      return changeOne(accountId, { dialling });
    },
    async setPeople(args) {
      const typed = v.safeParse(setPeopleShape, args);
      if (!typed.success) {
        const [issue] = typed.issues;
        const isFull = issue.type === 'max_length' && issue.path?.length === 1;
        return { ok: false, reason: isFull ? `One account can watch ${MAX_WATCHED} people.` : complaint(issue) };
      }
      const { accountId, people } = typed.output;
      return changeOne(accountId, { people });
    },
    async setTrusted(args) {
      const { accountId, trusted } = v.parse(setTrustedShape, args);
      return changeOne(accountId, { trusted });
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

function without<T extends object, K extends keyof T>(whole: T, name: K): Omit<T, K> {
  const { [name]: _, ...rest } = whole;
  return rest;
}

function replyComplaint({ type, path }: v.BaseIssue<unknown>): string {
  if (type !== 'max_length') return 'A text has characters in it that cannot be part of it.';
  return path?.length === 1 ? `There is room for ${MAX_REPLIES} texts.` : `A text has at most ${MAX_REPLY} characters.`;
}

function complaint(issue: v.BaseIssue<unknown>): string {
  const field = FIELDS[String(issue.path?.at(-1)?.key)] ?? 'What was typed';
  if (issue.type === 'min_value' || issue.type === 'max_value') return `${field} cannot be that.`;
  if (issue.type === 'max_length') return `${field} is too long.`;
  if (issue.type === 'min_length' || issue.type === 'check') return `${field} is missing.`;
  return `${field} has characters in it that cannot be part of it.`;
}
