/** Right after joining: who one is now, and a test call to oneself before the first real one. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Ear } from 'lucide-react';
import { useJoining, useStores } from '../../store/context.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';

export function Welcome() {
  const { joining, sound } = useStores();
  const welcome = useJoining((state) => state.welcome);
  if (welcome === undefined) return null;
  const { number, name } = welcome;
  const test = () => {
    joining.getState().dismissWelcome();
    sound.getState().openDialog('echo');
  };
  return (
    <div role="status" aria-label={t`Welcome`}>
      <Banner
        kind="good"
        actions={
          <>
            <Button icon={Ear} onClick={test}>
              {t`Make a test call`}
            </Button>
            <Button kind="quiet" onClick={() => joining.getState().dismissWelcome()}>
              {t`Not now`}
            </Button>
          </>
        }
      >
        <strong>
          {name ? (
            <Trans>
              Welcome, <bdi>{name}</bdi>.
            </Trans>
          ) : (
            t`Welcome.`
          )}
        </strong>{' '}
        {t`Your number is ${number}. Call yourself once to hear how you sound.`}
      </Banner>
    </div>
  );
}
