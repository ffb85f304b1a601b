/** All calls as cards: the live ones, then those that ended a short while ago. */
import { t } from '@lingui/core/macro';
import { usePhone } from '../../store/context.tsx';
import { isLive } from '../../store/line.ts';
import { CallCard } from './call-card.tsx';
import { EndedCard } from './ended-card.tsx';

export function CallList() {
  const calls = usePhone((state) => state.calls);
  const live = calls.filter(isLive);
  return (
    <ul className="calls" data-live={live.length} aria-label={t`Calls`}>
      {calls.map((call) => (
        <li key={call.id}>{isLive(call) ? <CallCard call={call} /> : <EndedCard call={call} />}</li>
      ))}
    </ul>
  );
}
