/** The small windows, as far as one is to be seen: who calls, and the call that is on. */
import { t } from '@lingui/core/macro';
import { useDesktop, usePhone } from '../../store/context.tsx';
import { smallWindowsFor } from '../../store/small-windows.ts';
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
      {bar ? (
        <SmallWindow which="bar" title={t`Call`}>
          <CallBar call={bar.call} others={bar.others} />
        </SmallWindow>
      ) : null}
    </>
  );
}
