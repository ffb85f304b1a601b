/** What a change changed, in words for people. Secrets are never among them. */
import type { AuditChange } from '../../store/audit.ts';
import { kinds } from './kinds.ts';

export interface FieldDifference {
  readonly field: string;
  /** Both are absent for a secret, and one where there was, or is, nothing. */
  readonly before?: string;
  readonly after?: string;
}

export interface Difference {
  readonly kind: string;
  readonly key: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly fields: readonly FieldDifference[];
}

export function differenceOf({ kind, key, before, after }: AuditChange): Difference {
  const fields: FieldDifference[] = [];
  for (const name of Object.keys({ ...before, ...after })) {
    const show = kinds.get(kind)?.show;
    const was = before === undefined ? undefined : show?.(name, before[name]);
    const is = after === undefined ? undefined : show?.(name, after[name]);
    const field = is?.field ?? was?.field;
    if (field === undefined) continue;
    if (kinds.get(kind)?.hides?.(key) === true) {
      fields.push({ field });
      continue;
    }
    fields.push({
      field,
      ...(was?.value !== undefined && { before: was.value }),
      ...(is?.value !== undefined && { after: is.value }),
    });
  }
  const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  return { kind, key, change, fields };
}
