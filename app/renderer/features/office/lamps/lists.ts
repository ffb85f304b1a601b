/** The listings that are about lamps. */
import type { ListSpec } from '../../../store/office-list.ts';

export const lampList: ListSpec<'presence.list'> = {
  method: 'presence.list',
  keyOf: ({ number, domain }) => `${number}@${domain}`,
};
export const watchLists: ListSpec<'lists.list'> = {
  method: 'lists.list',
  keyOf: ({ name, domain }) => `${name}@${domain}`,
};
export const watcherList: ListSpec<'subscriptions.list'> = { method: 'subscriptions.list', keyOf: ({ key }) => key };
export const ruleList: ListSpec<'presence.rules'> = {
  method: 'presence.rules',
  keyOf: ({ number = '', domain }) => `${number}@${domain}`,
};
