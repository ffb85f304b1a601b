/** Further numbers of a user. */
import { t } from '@lingui/core/macro';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import type { UserInfo } from '../../../store/office-types.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { FormDialog } from '../../form-dialog.tsx';
import { useSubmit } from '../../use-submit.ts';
import { useTask } from '../task.tsx';
import { aliasList } from './lists.ts';

export function AliasSection({ user }: { readonly user: UserInfo }) {
  const { office } = useStores();
  const openTask = useTask();
  const submit = useSubmit();
  const { number, domain } = user;
  const list = useOfficeList(aliasList, { number, domain });
  const remove = (alias: string) =>
    submit.send(() => office.getState().change(t`${alias} was removed.`, 'aliases.remove', { alias, domain }));

  return (
    <section className="card section" aria-label={t`Further numbers`}>
      <div className="section-head">
        <h2>{t`Further numbers`}</h2>
        <Button icon={Plus} onClick={() => openTask((close) => <AddAliasDialog user={user} onClose={close} />)}>
          {t`Add number…`}
        </Button>
      </div>
      <Problem>{list.state === 'failed' ? list.reason : submit.problem}</Problem>
      {list.state === 'ready' && list.items.length === 0 ? (
        <p className="note">{t`None. A further number rings the same phones.`}</p>
      ) : null}
      <ul className="plain-rows">
        {list.items.map(({ alias }) => (
          <li key={alias} className="plain-row">
            <p>{alias}</p>
            <IconButton icon={Trash2} label={t`Remove ${alias}`} onClick={() => void remove(alias)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function AddAliasDialog({ user, onClose }: { readonly user: UserInfo; onClose(): void }) {
  const { office } = useStores();
  const submit = useSubmit();
  const [alias, setAlias] = useState('');
  const { number, domain } = user;
  const add = async () => {
    const words = t`${alias.trim()} leads to ${user.name || number} now.`;
    const params = { number, domain, alias: alias.trim() };
    if (await submit.send(() => office.getState().change(words, 'aliases.add', params))) onClose();
  };
  return (
    <FormDialog
      title={t`Another number for ${user.name || number}`}
      action={t`Add number`}
      submit={submit}
      onSubmit={add}
      onClose={onClose}
    >
      <TextField
        label={t`Further number`}
        hint={t`Such as +4930901820`}
        value={alias}
        data-autofocus=""
        onChange={(event) => setAlias(event.target.value)}
      />
    </FormDialog>
  );
}
