/** The exchange's process: starts and stops the exchange for the main process, and passes its questions on. */
import { mkdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../../proxy-core/node/log.ts';
import { startExchange } from '../../../proxy-core/node/start.ts';
import type { ExchangeHandle } from '../../../proxy-core/node/start-options.ts';
import { serve } from '../../shared/derive-server.ts';
import { exchangeServiceSchema } from '../../shared/services.ts';
import { outcomeOf } from '../outcome.ts';
import { parentWire } from '../parent.ts';
import { localServer, reachable } from './addresses.ts';
import { AdminDoor } from './admin-door.ts';
import { exportUsers, importUsers } from './user-files.ts';

const wire = parentWire(process.parentPort);
let exchange: ExchangeHandle | undefined;

const door = new AdminDoor(() => exchange?.admin.as('desktop'));

serve(exchangeServiceSchema, wire, {
  office: {
    start: ({ dataDir, loopback, listen }) =>
      outcomeOf(async () => {
        mkdirSync(dataDir, { recursive: true, mode: 0o700 });
        exchange ??= await startExchange({
          dataDir,
          domains: [],
          // None: UDP and TCP on port 5060 or the next free one.
          listen: listen ?? [],
          loopback,
          mode: 'proxy',
          announce: true,
          log: createLog({ level: 'info', file: join(dataDir, 'exchange.log') }),
        });
        const { domains } = await exchange.admin.call('status', {});
        return {
          domain: domains[0] ?? '',
          listeners: reachable(exchange.listeners, networkInterfaces()),
          server: localServer(exchange.listeners),
        };
      }),
    async stop() {
      const running = exchange;
      exchange = undefined;
      door.forget();
      await running?.close();
    },
    ask: (question) => door.ask(question),
    watch: (question) => door.watch(question),
    next: (which) => door.next(which),
    unwatch: (which) => door.unwatch(which),
    importUsers: ({ csv }) => door.run((admin) => importUsers(admin, csv)),
    exportUsers: () => door.run(exportUsers),
    setWebhook: (wanted) =>
      door.run(async (admin) => {
        await admin.call('records.webhook', wanted);
        return undefined;
      }),
    forgetPage: () => door.forget(),
  },
});

// A file that has reached the limit of the system (ulimit -f) is a full disk, not the end; node itself sees it so too.
process.on('SIGXFSZ', () => {});
process.on('uncaughtException', (error) => {
  // An exchange in an unknown state is ended and started again by the main process, which keeps what is stored.
  console.error(error);
  process.exit(1);
});
