/** Users with their devices and aliases, as the audit log knows them. */
import { findCircle, readForwardTarget } from '../../../server/divert/forward-target.ts';
import { phrase } from '../../../server/phrase.ts';
import { aorOf } from '../../../server/stores.ts';
import type { Fields } from '../../store/audit.ts';
import type { Row } from '../../store/rows.ts';
import { PLAIN_COLUMNS } from '../../store/user-rows.ts';
import { whoIs } from '../lookups.ts';
import type { AdminParts } from '../parts.ts';
import { type Kind, rowsOf, type Shown, type Subject, type Told } from './kind.ts';
import { rulesIn } from './rule-kind.ts';

const rows = rowsOf({
  table: 'users',
  where: (key) => {
    const { number, domain } = whoIs(key);
    return { domain, number };
  },
  children: ['devices', 'aliases', 'call_handling', 'watch_rules'],
});

export const userKind: Kind = {
  name: 'user',
  topic: 'users',
  ...rows,
  // What is on its way would write bindings of somebody who is gone.
  prepare({ location, messages }) {
    location.flush();
    messages.flush();
  },
  read(store, key) {
    const fields = rows.read(store, key);
    return fields && Object.fromEntries(Object.entries(fields).filter(([name]) => !PLAIN_COLUMNS.includes(name)));
  },
  write(store, key, fields) {
    rows.write(store, key, fields);
    const { number, domain } = whoIs(key);
    store.users.findable(number, domain);
    if (fields === undefined) store.rows.remove('bindings', { aor: key });
  },
  tells: (key, before, after) => [
    ...(before?.watch_rules !== undefined || after?.watch_rules !== undefined
      ? [['rules', key, 'changed'] as const]
      : []),
    ...toldOf(
      'devices',
      columnOf(before?.devices, 'label'),
      columnOf(after?.devices, 'label'),
      (one) => `${key} ${one}`,
    ),
    ...toldOf(
      'aliases',
      columnOf(before?.aliases, 'alias'),
      columnOf(after?.aliases, 'alias'),
      (one) => `${one}@${whoIs(key).domain}`,
    ),
  ],
  refresh(parts, key) {
    const { store } = parts;
    const { number, domain } = whoIs(key);
    store.users.refresh(number, domain);
    store.callHandling.refresh({ number, domain });
    store.watchRules.reload();
    parts.exchange?.events.subscriptions.rulesChanged();
    if (store.users.get(number, domain) !== undefined) return;
    for (const one of [store.location, store.messages]) one.forget(aorOf(number, domain));
  },
  objection({ store }: AdminParts, key: string, fields: Fields | undefined): string | undefined {
    if (fields === undefined) return undefined;
    const { users } = store;
    const { number, domain } = whoIs(key);
    for (const name of [number, ...columnOf(fields.aliases, 'alias')]) {
      const other = users.find(name, domain);
      if (other !== undefined && other.number !== number) return `${name}@${domain} leads to ${other.number} now`;
    }
    return circleIn(store, key, fields);
  },
  obstacle({ store }, key) {
    const { domain } = whoIs(key);
    return store.users.hasDomain(domain) ? undefined : phrase(`there is no domain ${domain} any more`);
  },
  show(field, value): Shown | undefined {
    if (field === 'ha1_md5' || field === 'created_at') return undefined;
    if (field === 'ha1_sha256') return { field: 'password' };
    if (field === 'aliases') return { field, value: columnOf(value, 'alias').join(', ') };
    if (field === 'devices') return { field, value: columnOf(value, 'label').join(', ') };
    if (field === 'call_handling') return { field: 'calls', value: handlingIn(value) };
    if (field === 'watch_rules') return { field: 'watchers', value: rulesIn(value) };
    if (field === 'is_admin') return { field: 'administrator', value: value === 0 ? 'no' : 'yes' };
    if (field === 'mode') return { field, value: String(value ?? 'default') };
    return { field, value: String(value ?? '') };
  },
};

export const userSubject = (user: { readonly number: string; readonly domain: string }): Subject => ({
  kind: userKind,
  key: aorOf(user.number, user.domain),
});

function toldOf(topic: string, before: string[], after: string[], keyOf: (one: string) => string): Told[] {
  const gone = before.filter((one) => !after.includes(one));
  const come = after.filter((one) => !before.includes(one));
  return [
    ...gone.map((one): Told => [topic, keyOf(one), 'removed']),
    ...come.map((one): Told => [topic, keyOf(one), 'added']),
  ];
}

/** Forwards that others have set since may lead back. */
function circleIn({ users, callHandling }: AdminParts['store'], key: string, fields: Fields): string | undefined {
  const { number, domain } = whoIs(key);
  const [row] = (fields.call_handling ?? []) as Row[];
  const owner = users.find(number, domain);
  if (row === undefined || owner === undefined) return undefined;
  for (const to of [row.always, row.busy, row.no_answer, row.unreachable]) {
    const first = typeof to === 'string' ? readForwardTarget(users, owner, to)?.user : undefined;
    const way = first === undefined ? undefined : findCircle(users, callHandling, owner, first);
    if (way !== undefined) return `calls for ${number} would go round in a circle, by ${way.join(', ')}`;
  }
  return undefined;
}

/** Such as `do not disturb, busy to 1003`. */
function handlingIn(value: unknown): string {
  const [row] = (value ?? []) as Row[];
  if (row === undefined) return '';
  const to = (['always', 'busy', 'no_answer', 'unreachable'] as const).filter((when) => row[when] !== null);
  return [
    ...(row.do_not_disturb === 0 ? [] : ['do not disturb']),
    ...to.map((when) => `${when.replace('_', ' ')} to ${row[when]}`),
    ...(row.may_forward_outside === 0 ? [] : ['may forward outside']),
    ...(row.no_answer === null ? [] : [`after ${row.no_answer_seconds} s`]),
  ].join(', ');
}

const columnOf = (value: unknown, column: string): string[] =>
  Array.isArray(value) ? (value as Row[]).map((row) => String(row[column])) : [];
