/**
 * The phone service's process: answers the main process, and the window through the port that main hands over. It ends
 * when main says so, or with main.
 */
import type { MessagePortMain } from 'electron';
import { OfficeFinder } from '../../../proxy-core/node/join/found-offices.ts';
import { deriveEmitters, serve } from '../../shared/derive-server.ts';
import { phonePortSchema } from '../../shared/phone-port.ts';
import { PORT_MESSAGE, phoneServiceSchema } from '../../shared/services.ts';
import { parentWire, portWire } from '../parent.ts';
import { join } from './joining.ts';
import { createPhoneService, type PhoneService } from './phone-service.ts';

const parent = process.parentPort;
let service: PhoneService | undefined;
let finder: OfficeFinder | undefined;
/** One window at a time: a new port replaces the one before, whose page is gone. */
let port: MessagePortMain | undefined;

const emit = deriveEmitters(phonePortSchema, (message) => port?.postMessage(message));

function answerWindow(): void {
  if (service && port) serve(phonePortSchema, portWire(port), service.handlers);
}

parent.on('message', ({ data, ports: [next] }) => {
  if (data !== PORT_MESSAGE || !next) return;
  port?.close();
  port = next;
  service?.windowChanged();
  answerWindow();
});

serve(phoneServiceSchema, parentWire(parent), {
  service: {
    configure({ accounts, relayPasswords, loopback, sipPort }) {
      if (!service) {
        service = createPhoneService({
          loopback,
          sipPort,
          emit,
          log: { info() {}, warn: (text) => console.error(text) },
        });
        answerWindow();
      }
      service.configure(accounts, relayPasswords);
    },
    join: ({ loopback, ...joining }) => join(joining, loopback),
    offices({ loopback }) {
      finder ??= new OfficeFinder({ loopback });
      return finder.look();
    },
    async close() {
      finder?.close();
      port?.close();
      await service?.close();
    },
  },
});
