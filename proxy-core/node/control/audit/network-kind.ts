/** Networks that are trusted, as the audit log knows them. */
import { type Kind, rowsOf, type Shown } from './kind.ts';

export const networkKind: Kind = {
  name: 'network',
  topic: 'trust',
  ...rowsOf({ table: 'trusted_networks', where: (network) => ({ network }) }),
  refresh: ({ store }) => store.networks.refresh(),
  show: (field, value): Shown => ({
    field: field === 'added_at' ? 'since' : field,
    value: field === 'added_at' ? new Date(Number(value)).toISOString() : String(value),
  }),
};
