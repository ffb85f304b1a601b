/** One user of the office and what may be done with them. */
import { KeyRound, Trash2 } from 'lucide-react';
import { memo, useState } from 'react';
import { useStores } from '../../store/context.tsx';
import type { OfficeUser } from '../../store/types.ts';
import { devicesWords } from '../../store/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { SetPasswordDialog } from './set-password-dialog.tsx';

export interface UserRowProps {
  readonly user: OfficeUser;
  /** Set where the office has several domains. */
  readonly showDomain: boolean;
}

export const UserRow = memo(
  function UserRow({ user, showDomain }: UserRowProps) {
    const [open, setOpen] = useState<'password' | 'remove'>();
    const close = () => setOpen(undefined);
    const number = showDomain ? `${user.number}@${user.domain}` : user.number;
    const name = user.name || number;
    return (
      <li className="user-row">
        <Avatar name={user.name} />
        <div className="user-words">
          <p className="user-name" dir="auto" title={name}>
            {name}
          </p>
          {number === name ? null : <p className="user-number">{number}</p>}
        </div>
        <p className="user-devices" data-some={user.devices > 0 ? '' : undefined}>
          <span className="dot" aria-hidden="true" />
          <span className="user-devices-text">{devicesWords(user.devices)}</span>
        </p>
        <Menu label={`More for ${name}`}>
          <MenuItem icon={KeyRound} onSelect={() => setOpen('password')}>
            Set password…
          </MenuItem>
          <MenuItem icon={Trash2} danger onSelect={() => setOpen('remove')}>
            Remove…
          </MenuItem>
        </Menu>
        {open === 'password' ? <SetPasswordDialog user={user} onClose={close} /> : null}
        {open === 'remove' ? <RemoveDialog user={user} onClose={close} /> : null}
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

function RemoveDialog({ user, onClose }: { user: OfficeUser; onClose(): void }) {
  const { office } = useStores();
  return (
    <ConfirmDialog
      title={`Remove ${user.name || user.number}?`}
      action="Remove"
      onConfirm={() => office.getState().removeUser(user)}
      onClose={onClose}
    >
      {user.number} will no longer be reached, and its phones can no longer register. This cannot be undone.
    </ConfirmDialog>
  );
}
