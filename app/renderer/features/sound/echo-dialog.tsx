/** A test call to oneself, before the first real one: it rings, and what is said is heard a second later. */

import { t } from '@lingui/core/macro';
import { Phone, RefreshCw } from 'lucide-react';
import { useEffect } from 'react';
import { said } from '../../../words/said.ts';
import { useSound, useStores } from '../../store/context.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { LevelMeter } from '../../ui/level-meter.tsx';
import { Problem } from '../../ui/problem.tsx';

export function EchoDialog() {
  const { sound } = useStores();
  const { openDialog, closeDialog, startEcho, stopEcho } = sound.getState();
  const failed = useSound(({ echo }) => echo.state === 'failed');
  useEffect(() => {
    startEcho();
    return stopEcho;
  }, [startEcho, stopEcho]);

  return (
    <Dialog title={t`Test call to yourself`} onClose={closeDialog}>
      <Progress />
      <DialogActions>
        <Button onClick={() => openDialog('devices')}>{t`Sound…`}</Button>
        {failed ? (
          <Button kind="primary" icon={RefreshCw} onClick={startEcho}>
            {t`Try again`}
          </Button>
        ) : (
          <Button kind="danger" className="hang-up" icon={Phone} onClick={closeDialog}>
            {t`Hang up`}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

function Progress() {
  const echo = useSound((state) => state.echo);
  switch (echo.state) {
    case 'idle':
      return null;
    case 'ringing':
      return (
        <p className="note" role="status">
          {t`It rings, as a call does…`}
        </p>
      );
    case 'failed':
      return <Problem>{echo.reason}</Problem>;
    case 'talking':
      return (
        <div className="form">
          <div className="field">
            <span className="meter-name">{t`You`}</span>
            <LevelMeter label={t`Level of your voice`} level={echo.mine} />
          </div>
          <div className="field">
            <span className="meter-name">{t`What comes back`}</span>
            <LevelMeter label={t`Level of what comes back`} level={echo.back} />
          </div>
          {echo.trouble ? <Banner kind="warning">{said(echo.trouble)}</Banner> : null}
          <div role="status" aria-label={t`Test call`}>
            <Banner kind={echo.heard ? 'good' : 'info'}>{said(echo.verdict)}</Banner>
          </div>
        </div>
      );
  }
}
