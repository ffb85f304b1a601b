/** Users with their devices and aliases, as the audit log knows them. */
import { aorOf } from '../../../server/stores.ts';
import type { Fields } from '../../store/audit.ts';
import type { Row } from '../../store/rows.ts';
import { whoIs } from '../lookups.ts';
import type { AdminParts } from '../parts.ts';
import { type Kind, rowsOf, type Shown, type Subject, type Told } from './kind.ts';

const rows = rowsOf({
  table: 'users',
  where: (key) => {
    const { number, domain } = whoIs(key);
    return { domain, number };
  },
  children: ['devices', 'aliases'],
});

export const userKind: Kind = {
  name: 'user',
  topic: 'users',
  ...rows,
  // What is on its way would write bindings of somebody who is gone.
  prepare: ({ location }) => location.flush(),
  write(store, key, fields) {
    rows.write(store, key, fields);
    if (fields === undefined) store.rows.remove('bindings', { aor: key });
  },
  tells: (key, before, after) => [
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
  refresh({ store }, key) {
    const { number, domain } = whoIs(key);
    store.users.refresh(number, domain);
    if (store.users.get(number, domain) === undefined) store.location.forget(aorOf(number, domain));
  },
  objection({ store: { users } }: AdminParts, key: string, fields: Fields | undefined): string | undefined {
    if (fields === undefined) return undefined;
    const { number, domain } = whoIs(key);
    for (const name of [number, ...columnOf(fields.aliases, 'alias')]) {
      const other = users.find(name, domain);
      if (other !== undefined && other.number !== number) return `${name}@${domain} leads to ${other.number} now`;
    }
    return undefined;
  },
  obstacle({ store }, key) {
    const { domain } = whoIs(key);
    return store.users.hasDomain(domain) ? undefined : `there is no domain ${domain} any more`;
  },
  show(field, value): Shown | undefined {
    if (field === 'ha1_md5' || field === 'created_at') return undefined;
    if (field === 'ha1_sha256') return { field: 'password' };
    if (field === 'aliases') return { field, value: columnOf(value, 'alias').join(', ') };
    if (field === 'devices') return { field, value: columnOf(value, 'label').join(', ') };
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

const columnOf = (value: unknown, column: string): string[] =>
  Array.isArray(value) ? (value as Row[]).map((row) => String(row[column])) : [];
