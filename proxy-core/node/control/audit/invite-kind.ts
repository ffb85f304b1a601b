/** Codes by which somebody new comes in, as the audit log knows them. */
import { type Kind, rowsOf, type Shown } from './kind.ts';

export const inviteKind: Kind = {
  name: 'code',
  topic: 'invites',
  ...rowsOf({ table: 'invites', where: (id) => ({ id }) }),
  refresh: () => {},
  // Whoever ended it meant it to be good for nothing.
  objection: ({ store }, id, fields) =>
    fields !== undefined && store.invites.find(id) === undefined ? 'a code that is gone does not come back' : undefined,
  show(field, value): Shown | undefined {
    if (field === 'salt' || field === 'created_at') return undefined;
    if (field === 'hash') return { field: 'code' };
    if (field === 'expires_at') return { field: 'until', value: new Date(Number(value)).toISOString() };
    if (field === 'attempts_left') return { field: 'attempts', value: String(value) };
    return { field, value: String(value) };
  },
};
