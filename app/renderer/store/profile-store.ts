/** Who uses this phone: the accounts signed in on this computer, and signing in and out. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type AccountSettings, accountDefaults, accountSettingsOf } from '../../shared/account-settings.ts';
import type { BridgeSchema } from '../../shared/bridge.ts';
import { type CallSettings, callDefaults } from '../../shared/call-settings.ts';
import type { CodecSettings } from '../../shared/codec-settings.ts';
import { type CertificateProblem, MAX_TRUSTED, type TrustedCertificate } from '../../shared/connection-settings.ts';
import { type Dialling, dialDefaults } from '../../shared/dialling.ts';
import type { Client } from '../../shared/schema.ts';
import { readProxies, readServer } from '../../shared/server-address.ts';
import type { WatchedPerson } from '../../shared/watched-person.ts';
import { ask, noAnswer } from './ask.ts';
import { randomId } from './password.ts';
import type { Account, Outcome, Profile } from './types.ts';

export { accountSettingsOf, LEAST_EXPIRES, MOST_EXPIRES } from '../../shared/account-settings.ts';
export { CODECS, type CodecName, type CodecSettings, PTIMES } from '../../shared/codec-settings.ts';

export type ProfileLoad =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly profile: Profile }
  | { readonly state: 'failed'; readonly reason: string };

export interface SignIn {
  readonly number: string;
  /** Null leaves the one that is known. */
  readonly password: string | null;
  readonly server: string;
  readonly outboundProxy: string;
  readonly displayName: string;
  readonly settings?: Partial<AccountSettings>;
}

export interface ProfileState {
  readonly load: ProfileLoad;
  /** Signs in, in place of the account `instead` or of one with the same number and server. */
  signIn(form: SignIn, instead?: Account): Promise<Outcome>;
  signOut(accountId: string): Promise<Outcome>;
  /** Changes how an account is used here. */
  setSettings(account: Account, change: Partial<AccountSettings>): Promise<Outcome>;
  /** Calls go by this account where no other is chosen. */
  setDefault(accountId: string): Promise<Outcome>;
  /** The codecs of all accounts (null), or of one; null gives that one those of all again. */
  setCodecs(account: Account | null, codecs: CodecSettings | null): Promise<Outcome>;
  /** What a declined caller may be told; the usual texts again where there are none. */
  setReplies(texts: readonly string[]): Promise<Outcome>;
  /** Changes how an account makes and takes calls. */
  setCalls(account: Account, change: Partial<CallSettings>): Promise<Outcome>;
  /** Changes its country or its rules for dialling. */
  setDialling(account: Account, change: Partial<Dialling>): Promise<Outcome>;
  /** Watches `person` too, in place of who was watched under the same number. */
  watch(account: Account, person: WatchedPerson): Promise<Outcome>;
  unwatch(account: Account, target: string): Promise<Outcome>;
  /** Its outbound proxies as typed, in order with commas between them. */
  setProxies(account: Account, outboundProxy: string): Promise<Outcome>;
  /** Believes this certificate from now on, in place of another one of that server. */
  trust(account: Account, problem: CertificateProblem): Promise<Outcome>;
  distrust(account: Account, certificate: TrustedCertificate): Promise<Outcome>;
  /** The password of its TURN server; empty forgets it. */
  setRelayPassword(account: Account, password: string): Promise<Outcome>;
  reload(): Promise<void>;
}

export type ProfileStore = StoreApi<ProfileState>;

export interface ProfileStorePorts {
  readonly bridge: Pick<Client<BridgeSchema>, 'profile'>;
  readonly newId?: () => string;
}

export function createProfileStore({ bridge, newId = randomId }: ProfileStorePorts): ProfileStore {
  return createStore<ProfileState>()((set, get) => ({
    load: { state: 'loading' },
    async signIn({ password, settings, ...form }, instead) {
      const { number, server } = form;
      const known = profileOf(get())?.accounts ?? [];
      const same = instead ?? known.find((account) => account.number === number && account.server === server);
      const unlike = unusual({ ...same?.settings, ...settings }, accountDefaults);
      const hasOwn = same?.settings !== undefined || Object.keys(unlike).length > 0;
      const account: Account = { id: same?.id ?? newId(), ...form, ...(hasOwn && { settings: unlike }) };
      const outcome = await ask(() => bridge.profile.signIn({ account, password }));
      if (outcome.ok) await get().reload();
      return outcome;
    },
    async signOut(accountId) {
      const outcome = await ask(() => bridge.profile.signOut({ accountId }));
      if (outcome.ok) await get().reload();
      return outcome;
    },
    setSettings: ({ id, settings }, change) =>
      ask(() =>
        bridge.profile.setSettings({ accountId: id, settings: unusual({ ...settings, ...change }, accountDefaults) }),
      ),
    setCodecs: (account, codecs) => ask(() => bridge.profile.setCodecs({ accountId: account?.id ?? null, codecs })),
    setReplies(texts) {
      const replies = texts.map((text) => text.trim()).filter((text) => text !== '');
      return ask(() => bridge.profile.setReplies({ replies: replies.length === 0 ? null : replies }));
    },
    setDefault: (accountId) => ask(() => bridge.profile.setDefault({ accountId })),
    async setCalls({ id, calls }, change) {
      for (const typed of [change.stunServer, change.turnServer]) {
        const server = typed ? readServer(typed) : undefined;
        if (server && !server.ok) return server;
      }
      return ask(() =>
        bridge.profile.setCalls({ accountId: id, calls: unusual({ ...calls, ...change }, callDefaults) }),
      );
    },
    setDialling: ({ id, dialling }, change) =>
      ask(() => bridge.profile.setDialling({ accountId: id, dialling: { ...dialDefaults, ...dialling, ...change } })),
    watch: ({ id, people = [] }, person) => {
      const others = people.filter(({ target }) => target !== person.target);
      return ask(() => bridge.profile.setPeople({ accountId: id, people: [...others, person] }));
    },
    unwatch: ({ id, people = [] }, gone) =>
      ask(() => bridge.profile.setPeople({ accountId: id, people: people.filter(({ target }) => target !== gone) })),
    async setProxies({ id, number, displayName, server }, outboundProxy) {
      const read = readProxies(outboundProxy);
      if (!read.ok) return read;
      return ask(() =>
        bridge.profile.signIn({ account: { id, number, displayName, server, outboundProxy }, password: null }),
      );
    },
    trust({ id, trusted = [] }, { why, offered }) {
      const others = trusted.filter(
        ({ server, fingerprint }) =>
          server !== offered.server || (why !== 'changed' && fingerprint !== offered.fingerprint),
      );
      return ask(() => bridge.profile.setTrusted({ accountId: id, trusted: [...others, offered].slice(-MAX_TRUSTED) }));
    },
    distrust({ id, trusted = [] }, { server, fingerprint }) {
      const others = trusted.filter((one) => one.server !== server || one.fingerprint !== fingerprint);
      return ask(() => bridge.profile.setTrusted({ accountId: id, trusted: others }));
    },
    setRelayPassword: ({ id }, password) => ask(() => bridge.profile.setRelayPassword({ accountId: id, password })),
    async reload() {
      try {
        set({ load: { state: 'ready', profile: await bridge.profile.get() } });
      } catch (error) {
        if (get().load.state !== 'ready') set({ load: { state: 'failed', reason: noAnswer(error) } });
      }
    },
  }));
}

export function profileOf(state: ProfileState): Profile | undefined {
  return state.load.state === 'ready' ? state.load.profile : undefined;
}

/** The first account whose password must be typed again, since this computer could not keep it. */
export function accountWithoutPassword(profile: Profile): Account | undefined {
  return profile.accounts.find((account) => needsPassword(account) && profile.hasPassword[account.id] !== true);
}

/** Nobody asks an account without a registrar for one, and an account that is off makes no use of it. */
function needsPassword(account: Account): boolean {
  const { enabled, registrar } = accountSettingsOf(account);
  return enabled && registrar;
}

/** How an account makes and takes calls, with what is usual where it says nothing. */
export const callSettingsOf = ({ calls }: Account): CallSettings => ({ ...callDefaults, ...calls });

/** Only what differs from the usual is kept, so that what is usual may change with a later version. */
function unusual<T extends object>(settings: Partial<T>, usual: T): Partial<T> {
  const entries = Object.entries(settings).filter(([name, value]) => value !== usual[name as keyof T]);
  return Object.fromEntries(entries) as Partial<T>;
}
