/** How long a call lasts: counts each second without being read out each second. */
import { t } from '@lingui/core/macro';
import { duration } from '../store/words.ts';
import { useNow } from './use-now.ts';

export interface CallTimeProps {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Set once the call is over: the time then stands still. */
  readonly until?: number | undefined;
  /** Keeps it from screen readers, where the same time is said elsewhere. */
  readonly hidden?: boolean;
}

export function CallTime({ since, until, hidden = false }: CallTimeProps) {
  const now = useNow(until === undefined);
  const text = duration((until ?? now) - since);
  if (hidden) {
    return (
      <span className="call-time" aria-hidden="true">
        {text}
      </span>
    );
  }
  return (
    <span className="call-time" role="timer" aria-label={t`Duration`}>
      {text}
    </span>
  );
}
