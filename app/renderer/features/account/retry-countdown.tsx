/** The seconds until the next attempt to register; not read out, since it changes each second. */
import { t } from '@lingui/core/macro';
import { useNow } from '../../ui/use-now.ts';

export function RetryCountdown({ at }: { at: number | undefined }) {
  const now = useNow(at !== undefined);
  if (at === undefined) return null;
  const seconds = Math.ceil((at - now) / 1000);
  return (
    <span className="retry" aria-hidden="true">
      {seconds > 0 ? t`Trying again in ${seconds} s` : t`Trying again…`}
    </span>
  );
}
