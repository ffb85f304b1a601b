/** The listings that are about users. */
import type { ListSpec } from '../../../store/office-list.ts';

const keyOf = ({ number, domain }: { readonly number: string; readonly domain: string }): string =>
  `${number}@${domain}`;

export const userList: ListSpec<'users.list'> = { method: 'users.list', keyOf };
export const handlingList: ListSpec<'forwards.list'> = { method: 'forwards.list', keyOf };
export const deviceList: ListSpec<'devices.list'> = {
  method: 'devices.list',
  keyOf: (device) => `${keyOf(device)} ${device.label}`,
};
export const inviteList: ListSpec<'invites.list'> = { method: 'invites.list', keyOf: ({ id }) => id };
export const aliasList: ListSpec<'aliases.list'> = {
  method: 'aliases.list',
  keyOf: ({ alias, domain }) => `${alias}@${domain}`,
};
export const bindingList: ListSpec<'location.list'> = {
  method: 'location.list',
  keyOf: ({ aor }) => aor,
  grouped: true,
};
export const keptList: ListSpec<'messages.list'> = {
  method: 'messages.list',
  keyOf: ({ recipient }) => recipient,
  grouped: true,
};
