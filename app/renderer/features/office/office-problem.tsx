/** Why the office is not as it was asked to be, wherever it is switched on and off. */
import { t } from '@lingui/core/macro';
import { RefreshCw } from 'lucide-react';
import { useOffice, useStores } from '../../store/context.tsx';
import { officeProblem } from '../../store/office-store.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';

export function OfficeProblem() {
  const { office } = useStores();
  const reason = useOffice(officeProblem);
  const on = useOffice((state) => state.office?.state === 'on');
  if (!reason) return null;
  const again = (
    <Button icon={RefreshCw} onClick={() => void office.getState().start()}>
      {t`Try again`}
    </Button>
  );
  return (
    <Banner kind="danger" urgent actions={on ? undefined : again}>
      {reason}
    </Banner>
  );
}
