/** Where users want their calls: do not disturb, and forwards. */
import * as v from 'valibot';
import { type CallHandling, type ForwardCase, forwardCases, noHandling } from '../../../server/divert/call-handling.ts';
import { changeHandling, type HandlingChange } from '../../../server/divert/change.ts';
import { aorOf, type User } from '../../../server/stores.ts';
import { toBytes, toText } from '../../../sip/grammar/text.ts';
import { type AdminContext, change, list, method } from '../area.ts';
import { userSubject } from '../audit/user-kind.ts';
import { AdminError } from '../errors.ts';
import { foundUser, type Who, who, whoIs } from '../lookups.ts';
import { type Page, pageFields, pageOf } from '../paging.ts';
import type { AdminParts } from '../parts.ts';

export interface HandlingInfo {
  readonly number: string;
  readonly domain: string;
  readonly doNotDisturb: boolean;
  /** Numbers of the same domain, or SIP URIs. */
  readonly forwards: Readonly<Partial<Record<ForwardCase, string>>>;
  /** How long phones ring before `no-answer`. */
  readonly noAnswerSeconds: number;
  readonly mayForwardOutside: boolean;
}

const info = ({ number, domain }: Pick<User, 'number' | 'domain'>, handling: CallHandling): HandlingInfo => ({
  number,
  domain,
  ...handling,
  forwards: Object.fromEntries(Object.entries(handling.forwards).map(([when, to]) => [when, toText(to)])),
});

function changed(asked: Who, { store, record }: AdminContext, wanted: HandlingChange): HandlingInfo {
  const user = foundUser(store.users, asked);
  const done = record([userSubject(user)], () => changeHandling(store, user, wanted));
  if (!done.ok) throw new AdminError('invalid', done.error.text);
  return info(user, done.value);
}

const held = (user: Pick<User, 'number' | 'domain'>, { store }: AdminParts): HandlingInfo =>
  info(user, store.callHandling.find(user) ?? noHandling);

const filtersOf = ({ doNotDisturb }: { readonly doNotDisturb?: boolean | undefined }) => ({
  doNotDisturb: doNotDisturb === undefined ? undefined : Number(doNotDisturb),
});

const whenField = v.picklist(forwardCases, `Calls are forwarded ${forwardCases.join(', ')}.`);

export const forwardsArea = {
  'forwards.list': list(
    v.strictObject({ ...pageFields, doNotDisturb: v.optional(v.boolean()) }),
    (query, parts): Page<HandlingInfo> =>
      pageOf(parts.store.listings.forwards.page({ ...query, filters: filtersOf(query) }), (user) => held(user, parts)),
    {
      topic: 'forwards',
      keyOf: ({ number, domain }) => aorOf(number, domain),
      one(key, query, parts): HandlingInfo | undefined {
        const { number, domain } = whoIs(key);
        const row = parts.store.listings.forwards.one([domain, number], { ...query, filters: filtersOf(query) });
        return row === undefined ? undefined : held(row, parts);
      },
    },
  ),

  'forwards.show': method(v.strictObject(who), (asked, { store }): HandlingInfo => {
    const user = foundUser(store.users, asked);
    return info(user, store.callHandling.find(user) ?? noHandling);
  }),

  'forwards.set': change(
    v.strictObject({
      ...who,
      when: whenField,
      to: v.pipe(v.string(), v.trim(), v.maxLength(256, 'An address has at most 256 characters.')),
      seconds: v.optional(v.number()),
    }),
    ({ when, to, seconds, ...asked }, parts): HandlingInfo =>
      changed(asked, parts, { kind: 'forward', when, to: toBytes(to), seconds }),
  ),

  'forwards.clear': change(
    v.strictObject({ ...who, when: v.optional(whenField) }),
    ({ when, ...asked }, parts): HandlingInfo => changed(asked, parts, { kind: 'clear', when }),
  ),

  'forwards.outside': change(
    v.strictObject({ ...who, allowed: v.boolean() }),
    ({ allowed, ...asked }, parts): HandlingInfo => changed(asked, parts, { kind: 'outside', allowed }),
  ),

  'dnd.set': change(
    v.strictObject({ ...who, on: v.boolean() }),
    ({ on, ...asked }, parts): HandlingInfo => changed(asked, parts, { kind: 'do-not-disturb', on }),
  ),
};
