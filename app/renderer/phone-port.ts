/** The window's line to the phone service: one client that stays while ports come and go with the service. */
import type { Wire } from '../shared/derive.ts';
import { deriveClient } from '../shared/derive-client.ts';
import { type PhonePortSchema, phonePortSchema } from '../shared/phone-port.ts';
import type { Client } from '../shared/schema.ts';
import { PORT_MESSAGE } from '../shared/services.ts';

/**
 * Calls made before the first port came wait for it; those that the service did not answer before it went are rejected.
 * The first port must be asked for afterwards (`system.phonePort`).
 * @param replaced the service was restarted, and its new port is in use already
 */
export function receivePhonePort(page: Window, replaced: () => void): Client<PhonePortSchema> {
  const link = deriveClient(phonePortSchema);
  let first = true;
  page.addEventListener('message', (event) => {
    const [port] = event.ports;
    // Only our own preload script can post into this window: it holds no frame and opens none.
    if (event.source !== page || event.data !== PORT_MESSAGE || !port) return;
    link.attach(portWire(port));
    if (!first) replaced();
    first = false;
  });
  return link.client;
}

function portWire(port: MessagePort): Wire {
  return {
    post: (message) => port.postMessage(message),
    receive(receiver) {
      port.onmessage = (event) => receiver(event.data);
      return () => {
        port.onmessage = null;
        port.close();
      };
    },
  };
}
