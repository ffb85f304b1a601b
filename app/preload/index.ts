/**
 * Exposes the bridge to the page as `window.tandem`, and passes the phone service's port on as a message of the window,
 * which is the only way for a port into the page's own world. Nothing else is within reach of the page.
 */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { bridgeSchema } from '../shared/bridge.ts';
import { deriveClient } from '../shared/derive-client.ts';
import { PORT_MESSAGE } from '../shared/services.ts';

const CHANNEL = 'tandem';

const { client } = deriveClient(bridgeSchema, {
  post: (message) => ipcRenderer.send(CHANNEL, message),
  receive(receiver) {
    const hear = (_event: IpcRendererEvent, message: unknown): void => receiver(message);
    ipcRenderer.on(CHANNEL, hear);
    return () => ipcRenderer.removeListener(CHANNEL, hear);
  },
});
contextBridge.exposeInMainWorld('tandem', client);

ipcRenderer.on(PORT_MESSAGE, (event) => {
  window.postMessage(PORT_MESSAGE, `${location.protocol}//${location.host}`, [...event.ports]);
});
