/** Joins an office by a code: the phone service takes it there, and what comes back is an account like any other. */
import * as v from 'valibot';
import type { Joined, Outcome } from '../shared/bridge.ts';
import { readJoinLink } from '../shared/join-link.ts';
import type { JoinedOffice } from '../shared/services.ts';
import type { Accounts } from './accounts.ts';

export interface JoiningOptions {
  readonly accounts: Pick<Accounts, 'signIn' | 'describe'>;
  readonly newId: () => string;
  readonly join: (joining: { readonly server: string; readonly code: string }) => Promise<Outcome<JoinedOffice>>;
}

export interface Joining {
  join(args: unknown): Promise<Outcome<Joined>>;
}

const joinShape = v.object({
  text: v.pipe(v.string(), v.maxLength(600)),
  server: v.pipe(v.string(), v.maxLength(300)),
});

export function createJoining({ accounts, newId, join }: JoiningOptions): Joining {
  let underWay = false;

  const enter = async (text: string, typed: string): Promise<Outcome<Joined>> => {
    const { code, server } = readJoinLink(text) ?? { code: text, server: typed };
    const joined = await join({ code, server });
    if (!joined.ok) return joined;
    const { account, password } = joined.value;
    const { number, displayName: name } = account;
    const same = accounts.describe().accounts.find((one) => one.number === number && one.server === account.server);
    const id = same?.id ?? newId();
    const signedIn = await accounts.signIn({ account: { ...account, id }, password });
    return signedIn.ok ? { ok: true, value: { accountId: id, number, name } } : signedIn;
  };

  return {
    async join(args) {
      const typed = v.safeParse(joinShape, args);
      if (!typed.success) return { ok: false, reason: 'This is no code.' };
      // A code is good once: a second press must not spend it a second time.
      if (underWay) return { ok: false, reason: 'The office is being asked already.' };
      underWay = true;
      try {
        return await enter(typed.output.text, typed.output.server);
      } catch (error) {
        return { ok: false, reason: `The office could not be asked: ${(error as Error).message}.` };
      } finally {
        underWay = false;
      }
    },
  };
}
