/** Signs a phone out once that was confirmed; nothing can put it back but the phone itself. */
import { t } from '@lingui/core/macro';
import { LogOut } from 'lucide-react';
import { useStores } from '../../../store/context.tsx';
import type { BindingInfo } from '../../../store/office-types.ts';
import { IconButton } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../confirm-dialog.tsx';
import { useTask } from '../task.tsx';

export function SignOutButton({ binding }: { readonly binding: BindingInfo }) {
  const { office } = useStores();
  const openTask = useTask();
  const { aor, contact } = binding;
  const at = aor.lastIndexOf('@');
  const params = { number: aor.slice(0, at), domain: aor.slice(at + 1), contact };
  return (
    <IconButton
      icon={LogOut}
      label={t`Sign out ${phoneName(binding)}`}
      onClick={() =>
        openTask((close) => (
          <ConfirmDialog
            title={t`Sign this phone out?`}
            action={t`Sign out`}
            onConfirm={() => office.getState().change(t`The phone is signed out.`, 'location.remove', params)}
            onClose={close}
          >
            {t`It comes back by itself when it registers next; another password keeps it out.`}
          </ConfirmDialog>
        ))
      }
    />
  );
}

/** As its owner knows it: by the label of its password, else by what it calls itself. */
const phoneName = ({ device, userAgent, contact }: BindingInfo): string => device || userAgent || contact;
