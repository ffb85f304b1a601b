/** Bans, as the audit log knows them. */
import type { Ban } from '../../../server/stores.ts';
import type { Fields } from '../../store/audit.ts';
import { type Kind, rowsOf, type Shown } from './kind.ts';

export const banKind: Kind = {
  name: 'ban',
  topic: 'bans',
  ...rowsOf({ table: 'bans', where: (address) => ({ address }) }),
  prepare: ({ bans }) => bans.flush(),
  refresh({ store }, address) {
    const fields = banKind.read(store, address);
    store.bans.hold(address, fields === undefined ? undefined : ({ address, ...fields } as Fields & Ban));
  },
  show(field, value): Shown | undefined {
    if (field === 'times') return undefined;
    if (field === 'since' || field === 'until') return { field, value: new Date(Number(value)).toISOString() };
    return { field, value: String(value) };
  },
};
