/** "Reconnecting… 12 s", counting without being read out each second. */
import { t } from '@lingui/core/macro';
import { useNow } from './use-now.ts';

export function Reconnecting({ since }: { /** Milliseconds since 1970. */ readonly since: number }) {
  const now = useNow(true);
  return (
    <span className="reconnecting">
      {t`Reconnecting…`}{' '}
      <span role="timer" aria-label={t`Broken for`}>
        {t`${Math.max(0, Math.floor((now - since) / 1_000))} s`}
      </span>
    </span>
  );
}
