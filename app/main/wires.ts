/** The wires on which the main process speaks: to the page, and to each service that it started. */
import type { IpcMain, IpcMainEvent, UtilityProcess, WebContents } from 'electron';
import type { Wire } from '../shared/derive.ts';
import { originOf } from './permissions.ts';

/** The one channel between the page's preload script and the main process. */
export const BRIDGE_CHANNEL = 'tandem';

/**
 * The wire to one page. Messages count only from its top frame and while that shows our own origin, so that nothing else
 * that might come to run in the window is listened to.
 */
export function pageWire(ipc: IpcMain, contents: WebContents, origin: string): Wire {
  return {
    post(message) {
      if (!contents.isDestroyed()) contents.send(BRIDGE_CHANNEL, message);
    },
    receive(receiver) {
      const hear = (event: IpcMainEvent, message: unknown): void => {
        if (event.sender === contents && fromOurFrame(event, origin)) receiver(message);
      };
      ipc.on(BRIDGE_CHANNEL, hear);
      return () => ipc.removeListener(BRIDGE_CHANNEL, hear);
    },
  };
}

function fromOurFrame(event: IpcMainEvent, origin: string): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && originOf(frame.url) === origin;
}

export function serviceWire(process: UtilityProcess): Wire {
  return {
    post: (message) => process.postMessage(message),
    receive(receiver) {
      process.on('message', receiver);
      return () => process.removeListener('message', receiver);
    },
  };
}
