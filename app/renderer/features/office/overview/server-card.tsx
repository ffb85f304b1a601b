/** What phones type as their server, in plain words. */
import { t } from '@lingui/core/macro';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { addressesOf } from '../addresses.ts';

export function ServerCard({ server, listeners }: { server: string; listeners: readonly string[] }) {
  const { others, ways } = addressesOf(listeners);
  return (
    <dl className="facts">
      {others.length > 0 ? (
        <Fact name={t`Server for other phones`} value={others[0] ?? ''} more={others.slice(1)} />
      ) : (
        <div className="fact">
          <dt>{t`Server for other phones`}</dt>
          <dd className="fact-none">{t`Only this computer can reach it`}</dd>
        </div>
      )}
      <Fact name={t`Server on this computer`} value={server} />
      {ways ? (
        <div className="fact">
          <dt>{t`Listens on`}</dt>
          <dd>{ways}</dd>
        </div>
      ) : null}
    </dl>
  );
}

function Fact({ name, value, more = [] }: { name: string; value: string; more?: readonly string[] }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>
        <span className="fact-value">{value}</span>
        <CopyButton text={value} label={t`Copy`} />
        {more.length > 0 ? <span className="fact-more">{t`or ${more.join(', ')}`}</span> : null}
      </dd>
    </div>
  );
}
