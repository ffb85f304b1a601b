/** Who uses this phone: the accounts signed in on this computer, and signing in and out. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { Client } from '../../shared/schema.ts';
import { ask, noAnswer } from './ask.ts';
import { randomId } from './password.ts';
import type { Account, Outcome, Profile } from './types.ts';

export type ProfileLoad =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly profile: Profile }
  | { readonly state: 'failed'; readonly reason: string };

export interface SignIn {
  readonly number: string;
  readonly password: string;
  readonly server: string;
  readonly outboundProxy: string;
  readonly displayName: string;
}

export interface ProfileState {
  readonly load: ProfileLoad;
  /** Signs in; the same number at the same server replaces the account that is there. */
  signIn(form: SignIn): Promise<Outcome>;
  /** Gives the password of an account that is known here, after it was asked for again. */
  givePassword(account: Account, password: string): Promise<Outcome>;
  signOut(accountId: string): Promise<Outcome>;
  reload(): Promise<void>;
}

export type ProfileStore = StoreApi<ProfileState>;

export interface ProfileStorePorts {
  readonly bridge: Pick<Client<BridgeSchema>, 'profile'>;
  readonly newId?: () => string;
}

export function createProfileStore({ bridge, newId = randomId }: ProfileStorePorts): ProfileStore {
  return createStore<ProfileState>()((set, get) => {
    async function signIn(account: Account, password: string): Promise<Outcome> {
      const outcome = await ask(() => bridge.profile.signIn({ account, password }));
      if (outcome.ok) await get().reload();
      return outcome;
    }

    return {
      load: { state: 'loading' },
      signIn({ number, password, server, outboundProxy, displayName }) {
        const same = profileOf(get())?.accounts.find((known) => known.number === number && known.server === server);
        return signIn({ id: same?.id ?? newId(), number, displayName, server, outboundProxy }, password);
      },
      givePassword: signIn,
      async signOut(accountId) {
        const outcome = await ask(() => bridge.profile.signOut({ accountId }));
        if (outcome.ok) await get().reload();
        return outcome;
      },
      async reload() {
        try {
          set({ load: { state: 'ready', profile: await bridge.profile.get() } });
        } catch (error) {
          if (get().load.state !== 'ready') set({ load: { state: 'failed', reason: noAnswer(error) } });
        }
      },
    };
  });
}

export function profileOf(state: ProfileState): Profile | undefined {
  return state.load.state === 'ready' ? state.load.profile : undefined;
}

/** The first account whose password must be typed again, since this computer could not keep it. */
export function accountWithoutPassword(profile: Profile): Account | undefined {
  return profile.accounts.find((account) => profile.hasPassword[account.id] !== true);
}
