/** All calls as cards: the live ones, then those that ended a short while ago. */
import { t } from '@lingui/core/macro';
import { usePhone } from '../../store/context.tsx';
import { isLive } from '../../store/line.ts';
import { CallCard } from './call-card.tsx';
import { ConferenceCard, LEAST_MEMBERS } from './conference-card.tsx';
import { EndedCard } from './ended-card.tsx';

export function CallList() {
  const calls = usePhone((state) => state.calls);
  const live = calls.filter(isLive);
  const members = live.filter(({ inConference }) => inConference);
  // A question or a keypad needs the card of that call.
  const together = members.length >= LEAST_MEMBERS ? members.filter(({ question }) => question === undefined) : [];
  return (
    <ul className="calls" data-live={live.length} aria-label={t`Calls`}>
      {together.length > 0 ? (
        <li>
          <ConferenceCard members={together} />
        </li>
      ) : null}
      {calls
        .filter((call) => !together.includes(call))
        .map((call) => (
          <li key={call.id}>{isLive(call) ? <CallCard call={call} /> : <EndedCard call={call} />}</li>
        ))}
    </ul>
  );
}
