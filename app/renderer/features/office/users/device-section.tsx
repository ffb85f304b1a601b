/** Devices of a user that have a password of their own, so that a lost one is shut out alone. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import type { UserInfo } from '../../../store/office-types.ts';
import { generatePassword } from '../../../store/password.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { devicesWords } from '../../../store/words.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { ConfirmDialog } from '../../confirm-dialog.tsx';
import { FormDialog } from '../../form-dialog.tsx';
import { useSubmit } from '../../use-submit.ts';
import { useTask } from '../task.tsx';
import { deviceList } from './lists.ts';
import { PasswordField } from './password-field.tsx';

export function DeviceSection({ user }: { readonly user: UserInfo }) {
  const { office } = useStores();
  const openTask = useTask();
  const { number, domain } = user;
  const list = useOfficeList(deviceList, { number, domain });
  const remove = (label: string) =>
    office.getState().change(t`${label} is shut out.`, 'devices.remove', { number, domain, label });

  return (
    <section className="card section" aria-label={t`Devices with their own password`}>
      <div className="section-head">
        <h2>{t`Devices with their own password`}</h2>
        <Button icon={Plus} onClick={() => openTask((close) => <AddDeviceDialog user={user} onClose={close} />)}>
          {t`Add device…`}
        </Button>
      </div>
      <Problem>{list.state === 'failed' ? list.reason : undefined}</Problem>
      {list.state === 'ready' && list.items.length === 0 ? (
        <p className="note">{t`None. All phones of this user have the same password.`}</p>
      ) : null}
      <ul className="plain-rows">
        {list.items.map(({ label, bindings }) => (
          <li key={label} className="plain-row">
            <div>
              <p dir="auto">{label}</p>
              <p className="note">{devicesWords(bindings)}</p>
            </div>
            <IconButton
              icon={Trash2}
              label={t`Shut out ${label}`}
              onClick={() =>
                openTask((close) => (
                  <ConfirmDialog
                    title={t`Shut out ${label}?`}
                    action={t`Shut out`}
                    onConfirm={() => remove(label)}
                    onClose={close}
                  >
                    {t`Its password no longer works, and it is signed out. Other devices of the user stay.`}
                  </ConfirmDialog>
                ))
              }
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function AddDeviceDialog({ user, onClose }: { readonly user: UserInfo; onClose(): void }) {
  const { office } = useStores();
  const submit = useSubmit();
  const [label, setLabel] = useState('');
  const [password, setPassword] = useState(generatePassword);
  const { number, domain } = user;
  const add = async () => {
    const params = { number, domain, label: label.trim(), password };
    if (await submit.send(() => office.getState().change(t`${label.trim()} may register.`, 'devices.add', params))) {
      onClose();
    }
  };
  return (
    <FormDialog
      title={t`A device of ${user.name || number}`}
      action={t`Add device`}
      submit={submit}
      onSubmit={add}
      onClose={onClose}
    >
      <p className="note">
        <Trans>The device signs in as {number} with this password. It is shown only now: copy it.</Trans>
      </p>
      <TextField
        label={t`Device`}
        hint={t`Such as desk phone`}
        dir="auto"
        value={label}
        data-autofocus=""
        onChange={(event) => setLabel(event.target.value)}
      />
      <PasswordField value={password} error={undefined} onChange={setPassword} />
    </FormDialog>
  );
}
