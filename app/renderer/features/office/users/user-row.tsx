/** One user of the office in the list, and what may be done with them. */

import { t } from '@lingui/core/macro';
import { KeyRound, Trash2 } from 'lucide-react';
import { memo } from 'react';
import { useStores } from '../../../store/context.tsx';
import type { UserInfo } from '../../../store/office-types.ts';
import { devicesWords } from '../../../store/words.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { Menu, MenuItem } from '../../../ui/menu.tsx';
import { NameAndNumber } from '../../../ui/name-and-number.tsx';
import { RowButton } from '../../../ui/row-button.tsx';
import { useLanguage } from '../../../ui/use-language.ts';
import { useTask } from '../task.tsx';
import { RemoveUserDialog } from './remove-user-dialog.tsx';
import { SetPasswordDialog } from './set-password-dialog.tsx';

export interface UserRowProps {
  readonly user: UserInfo;
  /** Set where the office has several domains. */
  readonly showDomain: boolean;
}

export const UserRow = memo(function UserRow({ user, showDomain }: UserRowProps) {
  const { office } = useStores();
  useLanguage();
  const openTask = useTask();
  const number = showDomain ? `${user.number}@${user.domain}` : user.number;
  const name = user.name || number;
  return (
    <div className="user-row row-pressed">
      <Avatar name={user.name} />
      <RowButton
        label={t`Open ${name}`}
        title={name}
        onClick={() => office.getState().open({ page: 'users', user: { number: user.number, domain: user.domain } })}
      />
      <NameAndNumber name={name} number={number} />
      <p className="user-devices" data-some={user.devices > 0 ? '' : undefined}>
        <span className="dot" aria-hidden="true" />
        <span className="user-devices-text">{devicesWords(user.devices)}</span>
      </p>
      <Menu label={t`More for ${name}`}>
        <MenuItem
          icon={KeyRound}
          onSelect={() => openTask((close) => <SetPasswordDialog user={user} onClose={close} />)}
        >
          {t`Set password…`}
        </MenuItem>
        <MenuItem
          icon={Trash2}
          danger
          onSelect={() => openTask((close) => <RemoveUserDialog user={user} onClose={close} />)}
        >
          {t`Remove…`}
        </MenuItem>
      </Menu>
    </div>
  );
});
