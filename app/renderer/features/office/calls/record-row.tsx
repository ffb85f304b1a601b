/** A call on record: who with whom, when, how long, and how it ended. */
import { t } from '@lingui/core/macro';
import { PhoneMissed, PhoneOutgoing } from 'lucide-react';
import type { RecordInfo } from '../../../store/office-types.ts';
import { isFailure, outcomeWords, partyWords, spanWords } from '../../../store/office-words.ts';
import { dayAndTime } from '../../../store/words.ts';
import { NameAndNumber } from '../../../ui/name-and-number.tsx';
import { RowButton } from '../../../ui/row-button.tsx';

export interface RecordRowProps {
  readonly record: RecordInfo;
  readonly now: number;
  onOpen(): void;
}

export function RecordRow({ record, now, onOpen }: RecordRowProps) {
  const { caller, callee, outcome, startedAt, seconds } = record;
  const bad = isFailure(outcome);
  const Icon = outcome === 'answered' ? PhoneOutgoing : PhoneMissed;
  const who = partyWords(caller, callee);
  const how = outcome === 'answered' ? spanWords(seconds * 1000) : outcomeWords(outcome);
  return (
    <div className="user-row row-pressed" data-bad={bad ? '' : undefined}>
      <Icon aria-hidden="true" className="row-icon" />
      <RowButton label={t`Open ${who}`} title={who} onClick={onOpen} />
      <NameAndNumber name={who} number="" />
      <p className="user-devices">
        <span className="user-devices-text">
          {dayAndTime(startedAt, now)} · {how}
        </span>
      </p>
    </div>
  );
}
