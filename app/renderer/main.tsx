/** The page's start: makes the softphone and the stores, joins them with the other processes, and shows the window. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './features/app.tsx';
import { receivePhonePort } from './phone-port.ts';
import type { SoftphoneCommands } from './softphone/snapshots.ts';
import { connectStores } from './store/connect.ts';
import './styles/index.css';

const bridge = window.tandem;
const phonePort = receivePhonePort(window);
void phonePort;

const notAvailable: SoftphoneCommands = {
  call: () => ({ ok: false, reason: 'The softphone is not available in this build.' }),
  answer() {},
  decline() {},
  hangUp() {},
  setMuted() {},
  sendDigit() {},
  registerNow() {},
};
const stores = connectStores({ bridge, softphone: () => notAvailable });

bridge.system.closing(() => {
  void bridge.system.readyToClose();
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App stores={stores} />
    </StrictMode>,
  );
}
void bridge.system.phonePort();
