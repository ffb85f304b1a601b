/** What the exchange is and counts, whole: for whoever is asked for it. */
import { t } from '@lingui/core/macro';
import { said } from '../../../../words/said.ts';
import { figureRows, statusRows } from '../../../store/figure-words.ts';
import { useOfficeAnswer } from '../../../store/use-office.ts';

const EVERY_MS = 2_000;

export function Figures() {
  const status = useOfficeAnswer('status', {}, EVERY_MS);
  const stats = useOfficeAnswer('stats', {}, EVERY_MS);
  return (
    <>
      <p className="note">{t`For whoever looks after the exchange, or is asked for figures when something goes wrong.`}</p>
      <section className="card section" aria-label={t`The exchange`}>
        <h2>{t`The exchange`}</h2>
        {status.state === 'failed' ? <p className="note">{said(status.reason)}</p> : null}
        {status.state === 'ready' ? <Rows rows={statusRows(status.value)} /> : null}
      </section>
      <section className="card section" aria-label={t`Counted since it was started`}>
        <h2>{t`Counted since it was started`}</h2>
        {stats.state === 'failed' ? <p className="note">{said(stats.reason)}</p> : null}
        {stats.state === 'ready' ? <Rows rows={figureRows(stats.value)} /> : null}
      </section>
    </>
  );
}

function Rows({ rows }: { readonly rows: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl className="record-facts figure-rows">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
