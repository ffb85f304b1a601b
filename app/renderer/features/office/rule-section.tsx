/** Who may see the lamp of a user, or of all users of a domain, and how their calls are passed on. */
import { t } from '@lingui/core/macro';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { said } from '../../../words/said.ts';
import { useStores } from '../../store/context.tsx';
import type { ExchangeMode, OfficeParams, WatchRule } from '../../store/office-types.ts';
import { modeChoices, WATCHERS, watcherWords } from '../../store/office-words.ts';
import { useOfficeAnswer } from '../../store/use-office.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Select } from '../../ui/select.tsx';
import { Switch } from '../../ui/switch.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { useSubmit } from '../use-submit.ts';
import { useTask } from './task.tsx';

export interface RuleOwner {
  /** Absent: all users of the domain. */
  readonly number?: string;
  readonly domain: string;
  /** As it is called in sentences. */
  readonly name: string;
  readonly mode: ExchangeMode | 'default';
}

type Watchers = OfficeParams<'presence.setRule'>['watchers'];

/** Others may change it too. */
const EVERY_MS = 5_000;

export function RuleSection({ owner }: { readonly owner: RuleOwner }) {
  const [changes, setChanges] = useState(0);
  return (
    <section className="card section" aria-label={t`Who may see the lamp`}>
      <h2>{t`Who may see the lamp`}</h2>
      <Rule key={changes} owner={owner} onChanged={() => setChanges((before) => before + 1)} />
      <ModeSelect owner={owner} />
    </section>
  );
}

function Rule({ owner, onChanged }: { readonly owner: RuleOwner; onChanged(): void }) {
  const openTask = useTask();
  const { number, domain } = owner;
  const rule = useOfficeAnswer('presence.rule', { domain, ...(number === undefined ? {} : { number }) }, EVERY_MS);
  if (rule.state === 'failed') return <p className="note">{said(rule.reason)}</p>;
  if (rule.state === 'loading') return <p className="note">{t`Loading`}</p>;
  const { watchers, listed, details } = rule.value;
  return (
    <div className="plain-row">
      <div>
        <p>{watcherWords(watchers)}</p>
        {watchers === 'listed' ? <p className="note">{listed.join(', ')}</p> : null}
        <p className="note">{details ? t`With whom they talk is shown` : t`With whom they talk is not shown`}</p>
      </div>
      <Button
        icon={Pencil}
        aria-label={t`Change who may see the lamp`}
        onClick={() =>
          openTask((close) => (
            <RuleDialog
              {...{ owner, rule: rule.value }}
              onClose={() => {
                onChanged();
                close();
              }}
            />
          ))
        }
      >
        {t`Change…`}
      </Button>
    </div>
  );
}

function RuleDialog({
  owner,
  rule,
  onClose,
}: {
  readonly owner: RuleOwner;
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
      ...(watchers === 'listed' ? { listed: listed.split(/[\s,;]+/).filter((one) => one !== '') } : {}),
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

function ModeSelect({ owner: { name, number, domain, mode } }: { readonly owner: RuleOwner }) {
  const { office } = useStores();
  const submit = useSubmit();
  const set = (next: ExchangeMode | 'default') =>
    submit.send(() => {
      const words = t`How calls to ${name} are passed on was changed.`;
      return number === undefined
        ? office.getState().change(words, 'domains.mode', { name: domain, mode: next })
        : office.getState().change(words, 'users.mode', { number, domain, mode: next });
    });
  return (
    <>
      <Problem>{submit.problem}</Problem>
      <Select
        label={t`How calls are passed on`}
        value={mode}
        choices={modeChoices(number === undefined)}
        disabled={submit.busy}
        onChange={(next) => void set(next)}
      />
    </>
  );
}
