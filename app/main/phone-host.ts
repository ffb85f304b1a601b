/** Runs the phone service, tells it the accounts and gives the window a port of its own to it. */
import { hostname } from 'node:os';
import { MessageChannelMain, type WebContents } from 'electron';
import type { Account, Outcome } from '../shared/bridge.ts';
import type { FoundOffice } from '../shared/join-link.ts';
import {
  type JoinedOffice,
  type PhoneServiceSchema,
  PORT_MESSAGE,
  phoneServiceSchema,
  type RelayPasswords,
} from '../shared/services.ts';
import { forkService, type Service } from './service-process.ts';
import { createSupervisor } from './supervisor.ts';
import { after } from './timers.ts';

export interface PhoneHostOptions {
  readonly script: string;
  readonly loopback: boolean;
  /** Where the first account listens; any free port without it. */
  readonly sipPort: number | undefined;
  readonly accounts: () => readonly Account[];
  readonly relayPasswords: () => RelayPasswords;
  /** The service is there again after it had ended; the window has a new port already. */
  readonly restarted: () => void;
}

export interface PhoneHost {
  start(): void;
  /** The accounts changed; settles when the service knows, and also when it is away, since it is told on its return. */
  configure(): Promise<void>;
  /** Makes a new pair of ports between this page and the service, now and whenever the service comes back. */
  connect(page: WebContents): void;
  /** Takes a code to an office. */
  join(joining: { readonly server: string; readonly code: string }): Promise<Outcome<JoinedOffice>>;
  /** Offices on this network, as far as they are known. */
  offices(): Promise<readonly FoundOffice[]>;
  stop(): Promise<void>;
}

/** How long the service may take to close its sockets. */
const CLOSE_MS = 1_500;

export function createPhoneHost(options: PhoneHostOptions): PhoneHost {
  let page: WebContents | undefined;

  const configure = async (service: Service<PhoneServiceSchema>): Promise<void> => {
    try {
      const accounts = options.accounts();
      const relayPasswords = options.relayPasswords();
      const { loopback, sipPort } = options;
      const listen = sipPort === undefined ? {} : { sipPort };
      await service.link.client.service.configure({ accounts, relayPasswords, loopback, ...listen });
    } catch (error) {
      console.error(`The phone service did not take its accounts: ${String(error)}`);
    }
  };

  const join = (service: Service<PhoneServiceSchema>): void => {
    if (!page || page.isDestroyed()) return;
    const { port1, port2 } = new MessageChannelMain();
    service.process.postMessage(PORT_MESSAGE, [port1]);
    page.postMessage(PORT_MESSAGE, null, [port2]);
  };

  const supervisor = createSupervisor<Service<PhoneServiceSchema>>({
    fork: () => forkService({ script: options.script, name: 'Tandem phone service', schema: phoneServiceSchema }),
    up(service, again) {
      void configure(service);
      join(service);
      if (again) options.restarted();
    },
    down: (code, retryMs) => console.error(`The phone service ended (${code}); it starts again in ${retryMs} ms.`),
    after,
    now: Date.now,
  });

  return {
    start: () => supervisor.start(),
    async configure() {
      if (supervisor.current) await configure(supervisor.current);
    },
    connect(to) {
      page = to;
      if (supervisor.current) join(supervisor.current);
    },
    async join(joining) {
      const service = supervisor.current;
      if (service === undefined) return { ok: false, reason: 'The phone is starting: try again in a moment.' };
      return service.link.client.service.join({ ...joining, device: hostname(), loopback: options.loopback });
    },
    offices: async () => (await supervisor.current?.link.client.service.offices({ loopback: options.loopback })) ?? [],
    stop: () => supervisor.stop((service) => service.link.client.service.close(), CLOSE_MS),
  };
}
