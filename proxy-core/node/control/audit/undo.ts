/** Takes an entry of the audit log back, where what it left is still there. */

import { phrase } from '../../../server/phrase.ts';
import type { AuditChange, Fields } from '../../store/audit.ts';
import { sqliteCode } from '../../store/errors.ts';
import type { AdminContext } from '../area.ts';
import { AdminError } from '../errors.ts';
import type { Kind } from './kind.ts';
import { kinds } from './kinds.ts';

const CONSTRAINT = 19;

interface Step {
  readonly kind: Kind;
  readonly key: string;
  readonly target: Fields | undefined;
}

/** @throws AdminError with one sentence on why it does not fit; then nothing has changed. */
export function undo(context: AdminContext, id: number): void {
  const { store } = context;
  const entry = store.audit.get(id);
  if (entry === undefined) throw new AdminError('unknown', `There is no entry ${id} in the audit log.`);
  if (entry.undone_by !== null) refuse(id, phrase(`entry ${entry.undone_by} has done so.`));
  if (entry.left_out > 0) refuse(id, phrase('it changed more at once than the log keeps.'));
  const changes = store.audit.changes(id).reverse();
  if (changes.length === 0) refuse(id, phrase('it left nothing to put back.'));
  const steps = changes.map((change) => stepOf(context, id, change));
  try {
    context.recording({ undoes: id }).record(steps, () => {
      for (const { kind, key, target } of steps) kind.write(store, key, target);
      const fault = firstOf(steps, ({ kind }) => kind.fault?.(context));
      if (fault !== undefined) refuse(id, `${fault}.`);
    });
  } catch (error) {
    if (sqliteCode(error) !== CONSTRAINT) throw error;
    const obstacle = firstOf(steps, ({ kind, key }) => kind.obstacle?.(context, key));
    refuse(id, `${obstacle ?? phrase('it no longer fits what is there now')}.`);
  }
  for (const { kind, key } of steps) kind.refresh(context, key);
}

function stepOf(context: AdminContext, id: number, { kind: name, key, before, after }: AuditChange): Step {
  const kind = kinds.get(name) ?? refuse(id, phrase(`nothing is known here of a ${name}.`));
  const now = kind.read(context.store, key);
  if (after === undefined && now !== undefined) refuse(id, phrase(`there is a ${name} ${key} again.`));
  if (after !== undefined && now === undefined) refuse(id, phrase(`there is no ${name} ${key} any more.`));
  for (const [field, value] of Object.entries(after ?? {})) {
    if (JSON.stringify(now?.[field] ?? null) === JSON.stringify(value ?? null)) continue;
    refuse(id, phrase(`the ${kind.show(field, value)?.field ?? field} of ${name} ${key} has changed since.`));
  }
  const target = before === undefined || after === undefined ? before : { ...now, ...before };
  const objection = kind.objection?.(context, key, target);
  if (objection !== undefined) refuse(id, `${objection}.`);
  return { kind, key, target };
}

function refuse(id: number, why: string): never {
  throw new AdminError('invalid', phrase(`Entry ${id} cannot be taken back: ${why}`));
}

function firstOf<One, Found>(all: readonly One[], find: (one: One) => Found | undefined): Found | undefined {
  for (const one of all) {
    const found = find(one);
    if (found !== undefined) return found;
  }
  return undefined;
}
