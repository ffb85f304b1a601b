/** The small windows, as far as one is to be seen: who calls, and the call that is on, with its keys once they are asked for. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useDesktop, usePhone } from '../../store/context.tsx';
import { type SmallWindowsSeen, smallWindowsFor } from '../../store/small-windows.ts';
import { CallBar } from './call-bar.tsx';
import { IncomingPanel } from './incoming-panel.tsx';
import { SmallWindow } from './small-window.tsx';

export function SmallWindows() {
  const calls = usePhone((state) => state.calls);
  const window = useDesktop((state) => state.window);
  const away = useDesktop((state) => state.away);
  const settings = useDesktop((state) => state.settings);
  const { incoming, bar } = smallWindowsFor(calls, window, away, settings);
  return (
    <>
      {incoming.length > 0 ? (
        <SmallWindow which="incoming" title={t`Incoming call`}>
          <IncomingPanel calls={incoming} />
        </SmallWindow>
      ) : null}
      {bar ? <Bar key={bar.call.id} {...bar} /> : null}
    </>
  );
}

/** The keys are in a window of their own, in its place: that one may have the keyboard. */
function Bar({ call, others }: NonNullable<SmallWindowsSeen['bar']>) {
  const [wantsKeys, setWantsKeys] = useState(false);
  const keypad = wantsKeys && call.state === 'active' && !call.held;
  return (
    <SmallWindow
      which={keypad ? 'keypad' : 'bar'}
      title={keypad ? t`Keypad of the call` : t`Call`}
      onClosed={keypad ? () => setWantsKeys(false) : undefined}
    >
      <CallBar call={call} others={others} keypad={keypad} onKeypad={setWantsKeys} />
    </SmallWindow>
  );
}
