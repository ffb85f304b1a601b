/** How long past calls stay on record, and which program is told of each. */
import { plural, t } from '@lingui/core/macro';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { said } from '../../../../words/said.ts';
import { useOffice, useStores } from '../../../store/context.tsx';
import { useOfficeAnswer } from '../../../store/use-office.ts';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { FormDialog } from '../../form-dialog.tsx';
import { useSubmit } from '../../use-submit.ts';
import { useTask } from '../task.tsx';
import { WebhookSection } from './webhook-section.tsx';

/** Calls end meanwhile, and others may change it too. */
const EVERY_MS = 5_000;

interface KeptLimits {
  readonly days: number;
  readonly count: number;
}

export function CallsKept() {
  // What was done or taken back is seen at once.
  const turn = useOffice(({ done }) => (done === undefined ? '' : String(done.entry ?? done.words)));
  return (
    <>
      <Limits key={`limits ${turn}`} />
      <WebhookSection key={`webhook ${turn}`} />
    </>
  );
}

function Limits() {
  const openTask = useTask();
  const kept = useOfficeAnswer('records.keep', {}, EVERY_MS);
  return (
    <section className="card section" aria-label={t`How long calls are kept`}>
      <div className="section-head">
        <h2>{t`How long calls are kept`}</h2>
        {kept.state === 'ready' ? (
          <Button
            icon={Pencil}
            aria-label={t`Change how long calls are kept`}
            onClick={() => openTask((close) => <LimitsDialog limits={kept.value} onClose={close} />)}
          >
            {t`Change…`}
          </Button>
        ) : null}
      </div>
      {kept.state === 'failed' ? <p className="note">{said(kept.reason)}</p> : null}
      {kept.state === 'ready' ? <p>{limitsWords(kept.value)}</p> : null}
      {kept.state === 'ready' ? (
        <p className="note">
          {plural(kept.value.records, { one: '# call is on record now.', other: '# calls are on record now.' })}
        </p>
      ) : null}
    </section>
  );
}

function limitsWords({ days, count }: KeptLimits): string {
  if (days === 0)
    return plural(count, { one: 'The last # call, however old.', other: 'The last # calls, however old.' });
  const most = plural(count, { one: 'at most # call', other: 'at most # calls' });
  return plural(days, { one: `Those of the last day, ${most}.`, other: `Those of the last # days, ${most}.` });
}

function LimitsDialog({ limits, onClose }: { readonly limits: KeptLimits; onClose(): void }) {
  const { office } = useStores();
  const submit = useSubmit();
  const [days, setDays] = useState(String(limits.days));
  const [count, setCount] = useState(String(limits.count));
  const save = async () => {
    const params = { days: wholeOf(days), count: wholeOf(count) };
    const sent = await submit.send(async () =>
      Number.isNaN(params.days) || Number.isNaN(params.count)
        ? { ok: false, reason: t`Say whole numbers.` }
        : office.getState().change(t`How long calls are kept was changed.`, 'records.keep', params),
    );
    if (sent) onClose();
  };
  return (
    <FormDialog title={t`How long calls are kept`} action={t`Save`} submit={submit} onSubmit={save} onClose={onClose}>
      <p className="note">{t`The oldest go by themselves, and cannot be brought back.`}</p>
      <TextField
        label={t`Days`}
        hint={t`0: of any age`}
        inputMode="numeric"
        value={days}
        data-autofocus=""
        onChange={(event) => setDays(event.target.value)}
      />
      <TextField
        label={t`At most so many calls`}
        inputMode="numeric"
        value={count}
        onChange={(event) => setCount(event.target.value)}
      />
    </FormDialog>
  );
}

const wholeOf = (text: string): number => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN);
