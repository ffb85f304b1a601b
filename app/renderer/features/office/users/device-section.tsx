/** Devices of a user that have a password of their own, so that a lost one is shut out alone. */
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
    office.getState().change(`${label} is shut out.`, 'devices.remove', { number, domain, label });

  return (
    <section className="card section" aria-label="Devices with their own password">
      <div className="section-head">
        <h2>Devices with their own password</h2>
        <Button icon={Plus} onClick={() => openTask((close) => <AddDeviceDialog user={user} onClose={close} />)}>
          Add device…
        </Button>
      </div>
      <Problem>{list.state === 'failed' ? list.reason : undefined}</Problem>
      {list.state === 'ready' && list.items.length === 0 ? (
        <p className="note">None. All phones of this user have the same password.</p>
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
              label={`Shut out ${label}`}
              onClick={() =>
                openTask((close) => (
                  <ConfirmDialog
                    title={`Shut out ${label}?`}
                    action="Shut out"
                    onConfirm={() => remove(label)}
                    onClose={close}
                  >
                    Its password no longer works, and it is signed out. Other devices of the user stay.
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
    if (await submit.send(() => office.getState().change(`${label.trim()} may register.`, 'devices.add', params))) {
      onClose();
    }
  };
  return (
    <FormDialog
      title={`A device of ${user.name || number}`}
      action="Add device"
      submit={submit}
      onSubmit={add}
      onClose={onClose}
    >
      <p className="note">The device signs in as {number} with this password. It is shown only now: copy it.</p>
      <TextField
        label="Device"
        hint="Such as desk phone"
        dir="auto"
        value={label}
        data-autofocus=""
        onChange={(event) => setLabel(event.target.value)}
      />
      <PasswordField value={password} error={undefined} onChange={setPassword} />
    </FormDialog>
  );
}
