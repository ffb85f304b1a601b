/** A list to watch: a new one, or other members for one that is there. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import { typedNumbers } from '../../../store/lamp-words.ts';
import type { WatchList } from '../../../store/office-types.ts';
import { useOfficeAnswer } from '../../../store/use-office.ts';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { FormDialog } from '../../form-dialog.tsx';
import { useSubmit } from '../../use-submit.ts';

export interface ListDialogProps {
  /** Absent for a new one. */
  readonly list?: WatchList;
  onClose(): void;
}

export function ListDialog({ list, onClose }: ListDialogProps) {
  const { office } = useStores();
  const submit = useSubmit();
  const status = useOfficeAnswer('status', {});
  const domains = status.state === 'ready' ? status.value.domains : [];
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string>();
  const [members, setMembers] = useState(() => (list?.members ?? []).map(numberOf).join(', '));
  const domain = list?.domain ?? chosen ?? domains[0];
  const save = async () => {
    const which = list?.name ?? name.trim();
    const words = list === undefined ? t`The list ${which} was added.` : t`The list ${which} was changed.`;
    const params = { name: which, members: [...typedNumbers(members)], ...(domain === undefined ? {} : { domain }) };
    if (await submit.send(() => office.getState().change(words, 'lists.set', params))) onClose();
  };
  return (
    <FormDialog
      title={list === undefined ? t`A list to watch` : t`The list ${list.name}`}
      action={list === undefined ? t`Add list` : t`Save`}
      submit={submit}
      onSubmit={save}
      onClose={onClose}
    >
      {list === undefined ? (
        <TextField
          label={t`Name of the list`}
          hint={t`Such as sales; not the number of a user`}
          value={name}
          data-autofocus=""
          onChange={(event) => setName(event.target.value)}
        />
      ) : null}
      {list === undefined && domains.length > 1 ? (
        <Select
          label={t`Domain`}
          value={domain ?? ''}
          choices={domains.map((one) => [one, one] as const)}
          onChange={setChosen}
        />
      ) : null}
      <TextField
        label={t`Members`}
        hint={t`Numbers with commas between`}
        value={members}
        data-autofocus={list === undefined ? undefined : ''}
        onChange={(event) => setMembers(event.target.value)}
      />
    </FormDialog>
  );
}

/** Members are of the list's own domain. */
const numberOf = (member: string): string => member.slice(0, member.lastIndexOf('@'));
