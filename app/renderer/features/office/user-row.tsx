/** One user of the office and what may be done with them. */
import { KeyRound, Trash2 } from 'lucide-react';
import { memo } from 'react';
import type { OfficeUser } from '../../store/types.ts';
import { devicesWords } from '../../store/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { NameAndNumber } from '../../ui/name-and-number.tsx';
import type { UserTask } from './user-dialogs.tsx';

export interface UserRowProps {
  readonly user: OfficeUser;
  /** Set where the office has several domains. */
  readonly showDomain: boolean;
  onTask(task: UserTask): void;
}

export const UserRow = memo(
  function UserRow({ user, showDomain, onTask }: UserRowProps) {
    const number = showDomain ? `${user.number}@${user.domain}` : user.number;
    const name = user.name || number;
    return (
      <li className="user-row">
        <Avatar name={user.name} />
        <NameAndNumber name={name} number={number} />
        <p className="user-devices" data-some={user.devices > 0 ? '' : undefined}>
          <span className="dot" aria-hidden="true" />
          <span className="user-devices-text">{devicesWords(user.devices)}</span>
        </p>
        <Menu label={`More for ${name}`}>
          <MenuItem icon={KeyRound} onSelect={() => onTask({ what: 'password', user })}>
            Set password…
          </MenuItem>
          <MenuItem icon={Trash2} danger onSelect={() => onTask({ what: 'remove', user })}>
            Remove…
          </MenuItem>
        </Menu>
      </li>
    );
  },
  (before, after) =>
    before.showDomain === after.showDomain &&
    before.user.number === after.user.number &&
    before.user.domain === after.user.domain &&
    before.user.name === after.user.name &&
    before.user.devices === after.user.devices,
);
