/** Who changed what, and how to take it back. */
import * as v from 'valibot';
import type { AuditRow } from '../../store/audit.ts';
import { list, method } from '../area.ts';
import { type Difference, differenceOf } from '../audit/difference.ts';
import { undo } from '../audit/undo.ts';
import { AdminError } from '../errors.ts';
import { type Page, pageFields, pageOf } from '../paging.ts';
import type { AdminParts } from '../parts.ts';

export interface AuditInfo {
  readonly id: number;
  /** ms since 1970. */
  readonly at: number;
  /** A user of the system, `desktop`, or a user of the office. */
  readonly by: string;
  /** The method, such as `users.rename`. */
  readonly action: string;
  readonly subject: string;
  /** The entry that this one took back. */
  readonly undoes?: number;
  /** The entry that took this one back. */
  readonly undoneBy?: number;
  /** At most `SHOWN` in a listing. */
  readonly changes: readonly Difference[];
  /** Changes that are not among them. */
  readonly more: number;
}

const SHOWN = 20;

function auditInfo({ store }: AdminParts, row: AuditRow, most = SHOWN): AuditInfo {
  const changes = store.audit.changes(row.id);
  const { id, at, by, action, subject, undoes, undone_by } = row;
  return {
    ...{ id, at, by, action, subject },
    ...(undoes !== null && { undoes }),
    ...(undone_by !== null && { undoneBy: undone_by }),
    changes: changes.slice(0, most).map(differenceOf),
    more: row.left_out + Math.max(0, changes.length - most),
  };
}

const time = v.optional(v.pipe(v.number(), v.integer()));
const filters = v.strictObject({
  ...pageFields,
  by: v.optional(v.string()),
  action: v.optional(v.string()),
  /** ms since 1970. */
  since: time,
  until: time,
});
const filtersOf = ({ by, action, since, until }: v.InferOutput<typeof filters>) => ({ by, action, since, until });

const entry = v.strictObject({ id: v.pipe(v.number(), v.integer(), v.minValue(1)) });

export const auditArea = {
  'audit.list': list(
    filters,
    (query, parts): Page<AuditInfo> =>
      pageOf(parts.store.audit.list.page({ ...query, filters: filtersOf(query) }), (row) => auditInfo(parts, row)),
    {
      topic: 'audit',
      keyOf: ({ id }) => String(id),
      one(key, query, parts): AuditInfo | undefined {
        const row = parts.store.audit.list.one([Number(key)], { ...query, filters: filtersOf(query) });
        return row === undefined ? undefined : auditInfo(parts, row);
      },
    },
  ),

  'audit.show': method(entry, ({ id }, parts): AuditInfo => {
    const row = parts.store.audit.get(id);
    if (row === undefined) throw new AdminError('unknown', `There is no entry ${id} in the audit log.`);
    return auditInfo(parts, row, Number.POSITIVE_INFINITY);
  }),

  /** Gives the entry that did it. */
  'audit.undo': method(entry, ({ id }, context): AuditInfo => {
    undo(context, id);
    const by = context.store.audit.get(context.store.audit.get(id)?.undone_by ?? 0);
    if (by === undefined) throw new AdminError('internal', `Entry ${id} was taken back, but not written down.`);
    return auditInfo(context, by);
  }),
};
