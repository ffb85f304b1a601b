/** Says who may see the lamp of a user, or of all users of a domain. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useStores } from '../../store/context.tsx';
import { typedNumbers } from '../../store/lamp-words.ts';
import type { OfficeParams, WatchRule } from '../../store/office-types.ts';
import { WATCHERS, watcherWords } from '../../store/office-words.ts';
import { Select } from '../../ui/select.tsx';
import { Switch } from '../../ui/switch.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { useSubmit } from '../use-submit.ts';

export interface RuleHolder {
  /** Absent: all users of the domain. */
  readonly number?: string;
  readonly domain: string;
  /** As it is called in sentences. */
  readonly name: string;
}

type Watchers = OfficeParams<'presence.setRule'>['watchers'];

export function RuleDialog({
  owner,
  rule,
  onClose,
}: {
  readonly owner: RuleHolder;
  readonly rule: WatchRule;
  onClose(): void;
}) {
  const { office } = useStores();
  const submit = useSubmit();
  const [watchers, setWatchers] = useState<Watchers>(rule.watchers);
  const [listed, setListed] = useState(rule.listed.join(', '));
  const [details, setDetails] = useState(rule.details);
  const { name, number, domain } = owner;
  const save = async () => {
    const params = {
      ...{ domain, watchers, ...(number === undefined ? {} : { number }) },
      ...(watchers === 'listed' ? { listed: [...typedNumbers(listed)] } : {}),
      ...(watchers === 'default' ? {} : { details }),
    };
    const words = t`Who may see the lamp of ${name} was changed.`;
    if (await submit.send(() => office.getState().change(words, 'presence.setRule', params))) onClose();
  };
  return (
    <FormDialog
      title={t`Who may see the lamp of ${name}`}
      action={t`Save`}
      submit={submit}
      onSubmit={save}
      onClose={onClose}
    >
      <Select<Watchers>
        label={t`Who`}
        value={watchers}
        choices={[
          ...WATCHERS.map((one) => [one, watcherWords(one)] as const),
          ['default', number === undefined ? t`As usual` : t`As the domain says`],
        ]}
        onChange={setWatchers}
      />
      {watchers === 'listed' ? (
        <TextField
          label={t`These`}
          hint={t`Numbers with commas between, or @ and a domain for all of its users`}
          value={listed}
          onChange={(event) => setListed(event.target.value)}
        />
      ) : null}
      {watchers === 'default' ? null : (
        <Switch
          label={t`Show with whom they talk`}
          hint={t`Whoever sees that can also take the call over.`}
          checked={details}
          onChange={setDetails}
        />
      )}
    </FormDialog>
  );
}
