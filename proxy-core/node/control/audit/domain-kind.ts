/** Domains, and what the office keeps about them, as the audit log knows them. */

import { phrase } from '../../../server/phrase.ts';
import { UNNAMED_DOMAIN } from '../../store/index.ts';
import { type Kind, rowsOf, type Subject } from './kind.ts';

export const domainKind: Kind = {
  name: 'domain',
  topic: 'domains',
  ...rowsOf({ table: 'domains', where: (name) => ({ name }) }),
  refresh: ({ store }) => store.users.reload(),
  fault: ({ store }) => (store.rows.read('domains', {}).length === 0 ? phrase('no domain would be left') : undefined),
  obstacle: ({ store }, name) => (store.users.usersIn(name) > 0 ? phrase(`the domain ${name} has users`) : undefined),
  show: (field, value) => ({ field, value: String(value ?? 'default') }),
};

/** Which domain is the default one, and which one stands for a name that is not given yet. */
export const officeKind: Kind = {
  name: 'office',
  topic: 'domains',
  ...rowsOf({ table: 'settings', where: (key) => ({ key }) }),
  refresh: ({ store }) => store.users.reload(),
  show: (_, value) => ({ field: 'domain', value: String(value) }),
};

/** Adding or removing a domain may change which one is the default, and end the one without a name. */
export const domainSubjects = (name: string): Subject[] => [
  { kind: domainKind, key: UNNAMED_DOMAIN },
  ...(name === UNNAMED_DOMAIN ? [] : [{ kind: domainKind, key: name }]),
  { kind: officeKind, key: 'default_domain' },
  { kind: officeKind, key: 'unnamed_domain' },
];
