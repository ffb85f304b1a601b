/** What the page says about users of the office is looked at before it goes to the exchange. */
import * as v from 'valibot';
import type { BridgeSchema, Outcome } from '../shared/bridge.ts';
import type { Handlers } from '../shared/schema.ts';
import type { Office } from './office.ts';

const text = v.pipe(v.string(), v.maxLength(300));
const shapes = {
  addUser: v.object({ number: text, name: text, password: text }),
  removeUser: v.object({ number: text, domain: text }),
  setPassword: v.object({ number: text, domain: text, password: text }),
};

const unusable: Outcome = { ok: false, reason: 'A field is missing or too long.' };

/** Whether a number or a password is good enough is the exchange's to say, not ours. */
export function checkedUsers(users: Office['users']): Office['users'] {
  const checked =
    <Args, Result>(shape: v.GenericSchema<unknown, Args>, next: (args: Args) => Result) =>
    (args: unknown) => {
      const parsed = v.safeParse(shape, args);
      return parsed.success ? next(parsed.output) : unusable;
    };
  return {
    users: users.users,
    addUser: checked(shapes.addUser, users.addUser),
    removeUser: checked(shapes.removeUser, users.removeUser),
    setPassword: checked(shapes.setPassword, users.setPassword),
  } satisfies Partial<Handlers<BridgeSchema>['office']>;
}
