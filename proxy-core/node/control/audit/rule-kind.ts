/** Who may watch the users of a domain, and lists to watch together, as the audit log knows them. */
import type { Row } from '../../store/rows.ts';
import { whoIs } from '../lookups.ts';
import type { AdminParts } from '../parts.ts';
import { type Kind, rowsOf, type Subject } from './kind.ts';

const watched = ({ exchange }: AdminParts): void => exchange?.events.subscriptions.rulesChanged();

/** The rule of a whole domain: it has no number. That of a user belongs to the user. */
const domainRuleKind: Kind = {
  name: 'rule of domain',
  topic: 'rules',
  read: ({ rows }, domain) => rows.read('watch_rules', { domain, number: null })[0],
  write({ rows }, domain, fields) {
    rows.remove('watch_rules', { domain, number: null });
    if (fields !== undefined) rows.put('watch_rules', { ...(fields as Row), domain, number: null });
  },
  tells: (domain) => [['rules', `@${domain}`, 'changed']],
  refresh(parts) {
    parts.store.watchRules.reload();
    watched(parts);
  },
  show: (field, value) =>
    field === 'domain' || field === 'number' ? undefined : { field, value: shown(field, value as Row[string]) },
};

export const listKind: Kind = {
  name: 'watch list',
  topic: 'lists',
  ...rowsOf({
    table: 'user_lists',
    where: (key) => {
      const { number: name, domain } = whoIs(key);
      return { domain, name };
    },
  }),
  refresh(parts) {
    parts.store.lists.reload();
    watched(parts);
  },
  show: (field, value) => ({ field, value: shown(field, value as Row[string]) }),
};

export const ruleKinds: readonly Kind[] = [domainRuleKind, listKind];

export const domainRule = (domain: string): Subject => ({ kind: domainRuleKind, key: domain });

/** The rules among the rows of a user, of which there is one or none. */
export function rulesIn(value: unknown): string {
  const [row] = (value ?? []) as Row[];
  if (row === undefined) return '';
  const listed = shown('listed', row.listed ?? '');
  return [`${row.watchers}${listed === '' ? '' : ` (${listed})`}`, ...(row.details === 0 ? [] : ['other party'])].join(
    ', ',
  );
}

/** Lists are kept as JSON. */
function shown(field: string, value: Row[string]): string {
  if (field === 'details') return value === 0 ? 'hidden' : 'shown';
  if (field !== 'listed' && field !== 'members') return String(value ?? '');
  try {
    const texts: unknown = JSON.parse(String(value));
    return Array.isArray(texts) ? texts.join(', ') : '';
  } catch {
    // A damaged row: the entry shows what else it has.
    return '';
  }
}
