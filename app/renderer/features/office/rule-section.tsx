/** Who may see the lamp of a user, or of all users of a domain, and how their calls are passed on. */
import { t } from '@lingui/core/macro';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { said } from '../../../words/said.ts';
import { useStores } from '../../store/context.tsx';
import type { ExchangeMode } from '../../store/office-types.ts';
import { modeChoices, watcherWords } from '../../store/office-words.ts';
import { useOfficeAnswer } from '../../store/use-office.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Select } from '../../ui/select.tsx';
import { useSubmit } from '../use-submit.ts';
import { RuleDialog, type RuleHolder } from './rule-dialog.tsx';
import { useTask } from './task.tsx';

export interface RuleOwner extends RuleHolder {
  readonly mode: ExchangeMode | 'default';
}

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
