/** How long call records are kept and who is told of them, as the audit log knows it. */
import { type Kind, rowsOf, type Subject } from './kind.ts';

const SECRET = 'webhook.secret';

export const recordsKind: Kind = {
  name: 'records setting',
  topic: 'records.settings',
  ...rowsOf({ table: 'settings', where: (key) => ({ key }) }),
  refresh: ({ store }) => store.calls.settings.reload(),
  // The field is `value` whatever is set: which one it is stands in the key.
  show: (field, value) => ({ field, value: String(value ?? '') }),
  hides: (key) => key === SECRET,
};

export const recordsSubjects: readonly Subject[] = ['records.days', 'records.count', 'webhook.url', SECRET].map(
  (key) => ({ kind: recordsKind, key }),
);
