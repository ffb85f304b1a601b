/** The calls, registrations and other exchanges of the last minutes, each leading to its messages. */
import { plural, t } from '@lingui/core/macro';
import { Download, Network, RefreshCw, Waypoints } from 'lucide-react';
import { useState } from 'react';
import { said } from '../../../../words/said.ts';
import { useStores } from '../../../store/context.tsx';
import type { OfficeParams, TracedCall } from '../../../store/office-types.ts';
import { trafficFilter, trafficWords } from '../../../store/traffic-words.ts';
import { useOfficeAnswer } from '../../../store/use-office.ts';
import { exactTime } from '../../../store/words.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { NameAndNumber } from '../../../ui/name-and-number.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { RowButton } from '../../../ui/row-button.tsx';
import { Select } from '../../../ui/select.tsx';
import { useSubmit } from '../../use-submit.ts';
import { FindField } from '../find-field.tsx';

const MOST = 100;
const spans = () =>
  [
    ['60000', t`The last minute`],
    ['300000', t`The last 5 minutes`],
    ['all', t`All that is kept`],
  ] as const;
type Span = ReturnType<typeof spans>[number][0];

interface Asked {
  readonly filter: OfficeParams<'trace.list'>;
  /** Each look is one of its own. */
  readonly turn: number;
}

/** What is looked at is searched message by message: that is done when somebody asks for it. */
export function Traffic() {
  const [text, setText] = useState('');
  const [span, setSpan] = useState<Span>('all');
  const [asked, setAsked] = useState<Asked>({ filter: {}, turn: 0 });
  const look = (within: Span) => {
    const since = within === 'all' ? {} : { since: Date.now() - Number(within) };
    setAsked(({ turn }) => ({ filter: { ...trafficFilter(text), ...since }, turn: turn + 1 }));
  };
  return (
    <>
      <p className="note">{t`What phones and the exchange said to each other in the last minutes, passwords left out.`}</p>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          look(span);
        }}
      >
        <FindField label={t`Whose traffic`} placeholder={t`Number or address`} text={text} onChange={setText} />
        <Select<Span>
          label={t`From when`}
          hideLabel
          value={span}
          choices={spans()}
          onChange={(next) => {
            setSpan(next);
            look(next);
          }}
        />
        <Button type="submit" icon={RefreshCw}>
          {t`Look`}
        </Button>
        <SaveButton filter={asked.filter} />
      </form>
      <Found key={asked.turn} filter={asked.filter} />
    </>
  );
}

function SaveButton({ filter }: { readonly filter: OfficeParams<'trace.list'> }) {
  const { office } = useStores();
  const submit = useSubmit();
  return (
    <>
      <Button
        icon={Download}
        disabled={submit.busy}
        onClick={() => void submit.send(() => office.getState().saveCapture(filter))}
      >
        {t`For Wireshark…`}
      </Button>
      <Problem>{submit.problem}</Problem>
    </>
  );
}

function Found({ filter }: { readonly filter: OfficeParams<'trace.list'> }) {
  const found = useOfficeAnswer('trace.list', { ...filter, limit: MOST });
  if (found.state === 'loading') return <p className="note">{t`Looking…`}</p>;
  if (found.state === 'failed') return <p className="note">{said(found.reason)}</p>;
  if (found.value.length === 0) {
    return (
      <EmptyState icon={Waypoints} title={t`Nothing of that kind was kept`}>
        <p className="note">{t`The exchange keeps the messages of the last minutes only.`}</p>
      </EmptyState>
    );
  }
  return (
    <section aria-label={t`Traffic`}>
      <ul className="user-list">
        {found.value.map((one) => (
          <li key={`${one.callId} ${one.startedAt}`}>
            <TrafficRow one={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function TrafficRow({ one }: { readonly one: TracedCall }) {
  const { office } = useStores();
  const { callId, method, from, to, startedAt, status, reason = '', messages, addresses } = one;
  const what = [trafficWords(method), from === to || to === '' ? from : `${from} → ${to}`].filter(Boolean).join(': ');
  const how = [
    exactTime(startedAt),
    ...(status === undefined ? [] : [`${status} ${reason}`]),
    plural(messages, { one: '# message', other: '# messages' }),
  ].join(' · ');
  return (
    <div className="user-row told row-pressed">
      <Network aria-hidden="true" className="row-icon" />
      {callId === '' ? null : (
        <RowButton
          label={t`Messages of ${what}, ${exactTime(startedAt)}`}
          title={addresses.join(', ')}
          onClick={() => office.getState().open({ page: 'calls', callId })}
        />
      )}
      <NameAndNumber name={what} number="" />
      <p className="user-devices person-state">
        <span className="user-devices-text" title={how}>
          {how}
        </span>
      </p>
    </div>
  );
}
