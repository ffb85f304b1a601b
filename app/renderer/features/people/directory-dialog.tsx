/** How a directory (LDAP) is asked: adding one, and changing it. What is usual need not be typed. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useStores } from '../../store/context.tsx';
import type { DirectoryKind, DirectorySettings, DirectoryView, DirectoryWay } from '../../store/directory-store.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { useSignIn } from './use-sign-in.tsx';

export interface DirectoryDialogProps {
  /** Null for one that is new. */
  readonly known: DirectoryView | null;
  onClose(): void;
}

const usual: DirectorySettings = {
  ...{ name: '', server: '', way: 'tls', base: '', user: '', kind: 'standard', filter: '', numbers: '' },
};

const ways = (): readonly (readonly [DirectoryWay, string])[] => [
  ['tls', t`Protected (LDAPS)`],
  ['starttls', t`Protected (StartTLS)`],
  ['none', t`Not protected`],
];
const kinds = (): readonly (readonly [DirectoryKind, string])[] => [
  ['standard', t`Usual (OpenLDAP and others)`],
  ['active-directory', 'Active Directory'],
  ['own', t`By a filter of your own`],
];

export function DirectoryDialog({ known, onClose }: DirectoryDialogProps) {
  const { directories } = useStores();
  const [form, setForm] = useState<DirectorySettings>(() => (known === null ? usual : settingsOf(known)));
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const [isMore, setMore] = useState(known !== null && known.kind !== 'standard');
  const change = (more: Partial<DirectorySettings>) => setForm((before) => ({ ...before, ...more }));
  const isWrongFilter = form.kind === 'own' && !/^\(.*\{\}.*\)$/s.test(form.filter.trim());

  const { submit, doubt, send } = useSignIn(
    (trusted) =>
      directories.getState().signIn({
        ...trimmed(form),
        ...{ password: password === '' ? null : password },
        ...(known === null ? {} : { id: known.id }),
        ...trusted,
      }),
    onClose,
  );
  const sendWhole = async () => {
    setTried(true);
    if (form.server.trim() !== '' && !isWrongFilter) await send();
  };

  if (doubt) return doubt;
  return (
    <FormDialog
      title={known === null ? t`Add directory` : t`Edit directory`}
      action={submit.busy ? t`Trying…` : known === null ? t`Add` : t`Save`}
      submit={submit}
      onSubmit={sendWhole}
      onClose={onClose}
    >
      <TextField
        label={t`Server`}
        value={form.server}
        error={tried && form.server.trim() === '' ? t`Type the server of the directory.` : undefined}
        data-autofocus=""
        inputMode="url"
        onChange={({ target }) => change({ server: target.value })}
      />
      <Select label={t`Connection`} value={form.way} choices={ways()} onChange={(way) => change({ way })} />
      {form.way === 'none' ? (
        <Banner kind="warning">{t`This way is not protected: others in the network can read the password and the contacts.`}</Banner>
      ) : null}
      <TextField
        label={t`Sign in as`}
        hint={t`Empty where anybody may read`}
        value={form.user}
        onChange={({ target }) => change({ user: target.value })}
      />
      <TextField
        label={t`Password`}
        hint={known === null ? undefined : t`Left empty: the one that is known`}
        type="password"
        value={password}
        onChange={({ target }) => setPassword(target.value)}
      />
      {isMore ? (
        <>
          <TextField
            label={t`Name`}
            hint={t`Shown with those who are found`}
            value={form.name}
            dir="auto"
            onChange={({ target }) => change({ name: target.value })}
          />
          <TextField
            label={t`People are below`}
            hint={t`Empty: as the server says`}
            value={form.base}
            onChange={({ target }) => change({ base: target.value })}
          />
          <Select label={t`Searched`} value={form.kind} choices={kinds()} onChange={(kind) => change({ kind })} />
          {form.kind === 'own' ? (
            <TextField
              label={t`Filter`}
              hint={t`{} stands for what is typed`}
              value={form.filter}
              error={tried && isWrongFilter ? t`A filter stands in brackets and has {} in it.` : undefined}
              onChange={({ target }) => change({ filter: target.value })}
            />
          ) : null}
          <TextField
            label={t`Fields with numbers`}
            hint={t`Empty: the usual ones`}
            value={form.numbers}
            onChange={({ target }) => change({ numbers: target.value })}
          />
        </>
      ) : (
        <div>
          <Button kind="quiet" onClick={() => setMore(true)}>
            {t`More`}
          </Button>
        </div>
      )}
    </FormDialog>
  );
}

const settingsOf = ({ id: _, reason: __, ...settings }: DirectoryView): DirectorySettings => settings;

const trimmed = (form: DirectorySettings): DirectorySettings => ({
  ...form,
  ...{ name: form.name.trim(), server: form.server.trim(), base: form.base.trim(), user: form.user.trim() },
  ...{ filter: form.filter.trim(), numbers: form.numbers.trim() },
});
