/** The calls that were: searched, filtered by time and outcome, and exported. */
import { t } from '@lingui/core/macro';
import { Download, History } from 'lucide-react';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import type { RecordFilter } from '../../../store/office-types.ts';
import { OUTCOMES, type Outcome, outcomeWords } from '../../../store/office-words.ts';
import { dayOf } from '../../../store/typed-day.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { useTask } from '../task.tsx';
import { recordList } from './lists.ts';
import { RecordDialog } from './record-dialog.tsx';
import { RecordRow } from './record-row.tsx';

const ends = (): readonly (readonly [Outcome | 'all', string])[] => [
  ['all', t`However they ended`],
  ...OUTCOMES.map((outcome) => [outcome, outcomeWords(outcome)] as const),
];
const DAY_MS = 86_400_000;

export function CallsPast({ failed }: { readonly failed: boolean }) {
  const openTask = useTask();
  const now = useNow(false);
  const [text, setText] = useState('');
  const [outcome, setOutcome] = useState<Outcome | 'all'>(failed ? 'failed' : 'all');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const wanted = text.trim();
  const [begin, end] = [dayOf(from), dayOf(to)];
  const filter: RecordFilter = {
    descending: true,
    ...(wanted ? { text: wanted } : {}),
    ...(outcome === 'all' ? {} : { outcome }),
    ...(begin === undefined ? {} : { from: begin }),
    // The whole of the last day.
    ...(end === undefined ? {} : { to: end + DAY_MS }),
  };
  const list = useOfficeList(recordList, filter);
  const isFiltered = Object.keys(filter).length > 1;

  return (
    <>
      <div className="filters">
        <FindField label={t`Find a past call`} placeholder={t`Name or number`} text={text} onChange={setText} />
        <Select
          label={t`How it ended`}
          hideLabel
          value={outcome}
          choices={ends()}
          onChange={(next) => setOutcome(next)}
        />
        <TextField
          label={t`From`}
          hideLabel
          type="date"
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <TextField label={t`Until`} hideLabel type="date" value={to} onChange={(event) => setTo(event.target.value)} />
        <ExportButton filter={filter} />
      </div>
      <ListPane
        label={t`Past calls`}
        list={list}
        spec={recordList}
        nothing={isFiltered ? t`No call on record matches.` : undefined}
        empty={{
          icon: History,
          title: t`No calls on record`,
          children: <p className="note">{t`Each call of the office is put on record once it is over.`}</p>,
        }}
        row={(record) => (
          <RecordRow
            record={record}
            now={now}
            onOpen={() => openTask((close) => <RecordDialog record={record} onClose={close} />)}
          />
        )}
      />
    </>
  );
}

function ExportButton({ filter }: { readonly filter: RecordFilter }) {
  const { office } = useStores();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const save = async () => {
    setBusy(true);
    const outcome = await office.getState().exportRecords({ ...filter, descending: false });
    setBusy(false);
    setProblem(outcome.ok ? undefined : outcome.reason);
  };
  return (
    <>
      <Button icon={Download} disabled={busy} onClick={() => void save()}>
        {t`Export as CSV…`}
      </Button>
      <Problem>{problem}</Problem>
    </>
  );
}
