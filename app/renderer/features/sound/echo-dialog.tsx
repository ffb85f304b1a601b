/** A test call to oneself, before the first real one: it rings, and what is said is heard a second later. */
import { Phone, RefreshCw } from 'lucide-react';
import { useEffect } from 'react';
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
    <Dialog title="Test call to yourself" onClose={closeDialog}>
      <Progress />
      <DialogActions>
        <Button onClick={() => openDialog('devices')}>Sound…</Button>
        {failed ? (
          <Button kind="primary" icon={RefreshCw} onClick={startEcho}>
            Try again
          </Button>
        ) : (
          <Button kind="danger" className="hang-up" icon={Phone} onClick={closeDialog}>
            Hang up
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
          It rings, as a call does…
        </p>
      );
    case 'failed':
      return <Problem>{echo.reason}</Problem>;
    case 'talking':
      return (
        <div className="form">
          <div className="field">
            <span className="meter-name">You</span>
            <LevelMeter label="Level of your voice" level={echo.mine} />
          </div>
          <div className="field">
            <span className="meter-name">What comes back</span>
            <LevelMeter label="Level of what comes back" level={echo.back} />
          </div>
          {echo.trouble ? <Banner kind="warning">{echo.trouble}</Banner> : null}
          <div role="status" aria-label="Test call">
            <Banner kind={echo.heard ? 'good' : 'info'}>{echo.verdict}</Banner>
          </div>
        </div>
      );
  }
}
