/** Which account a call is for, or goes by, where there are several. */
import { Trans } from '@lingui/react/macro';
import { usePhone } from '../../store/context.tsx';
import type { CallSnapshot } from '../../store/types.ts';
import { accountLabel } from '../../store/words.ts';

export function CalledAccount({ call: { accountId, direction } }: { call: CallSnapshot }) {
  const accounts = usePhone((state) => state.accounts);
  const account = accounts.find(({ id }) => id === accountId);
  if (accounts.length < 2 || account === undefined) return null;
  return (
    <p className="call-account">
      {direction === 'incoming' ? (
        <Trans>
          For <bdi>{accountLabel(account, accounts)}</bdi>
        </Trans>
      ) : (
        <Trans>
          As <bdi>{accountLabel(account, accounts)}</bdi>
        </Trans>
      )}
    </p>
  );
}
