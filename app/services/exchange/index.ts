/** The exchange's process: starts and stops the exchange for the main process, and passes its questions on. */
import { mkdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { ExchangeAdmin } from '../../../proxy-core/node/control/methods.ts';
import { everything } from '../../../proxy-core/node/control/paging.ts';
import { createLog } from '../../../proxy-core/node/log.ts';
import { startExchange } from '../../../proxy-core/node/start.ts';
import type { ExchangeHandle } from '../../../proxy-core/node/start-options.ts';
import type { OfficeUser, Outcome } from '../../shared/bridge.ts';
import { serve } from '../../shared/derive-server.ts';
import { exchangeServiceSchema } from '../../shared/services.ts';
import { textOf } from '../../shared/text-of.ts';
import { parentWire } from '../parent.ts';
import { localServer, reachable } from './addresses.ts';

/** More than a window can show; an office of that size is administered by the command line. */
const MAX_LISTED = 10_000;

const wire = parentWire(process.parentPort);
let exchange: ExchangeHandle | undefined;

/** The exchange throws sentences that a person can read. */
async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, reason: textOf(error) };
  }
}

function ask<T>(question: (admin: ExchangeAdmin) => Promise<T>): Promise<Outcome<T>> {
  return outcome(() => {
    if (!exchange) throw new Error('The exchange is not running.');
    return question(exchange.admin.as('desktop'));
  });
}

async function listUsers(admin: ExchangeAdmin): Promise<readonly OfficeUser[]> {
  const users: OfficeUser[] = [];
  for await (const user of everything((after) => admin.call('users.list', after === undefined ? {} : { after }))) {
    users.push({ number: user.number, domain: user.domain, name: user.name, devices: user.devices });
    if (users.length >= MAX_LISTED) break;
  }
  return users;
}

serve(exchangeServiceSchema, wire, {
  office: {
    start: ({ dataDir, loopback, listen }) =>
      outcome(async () => {
        mkdirSync(dataDir, { recursive: true, mode: 0o700 });
        exchange ??= await startExchange({
          dataDir,
          domains: [],
          // None: UDP and TCP on port 5060 or the next free one.
          listen: listen ?? [],
          loopback,
          mode: 'proxy',
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
      await running?.close();
    },
    users: () => ask(listUsers),
    addUser: (user) =>
      ask(async (admin) => {
        await admin.call('users.add', user);
        return undefined;
      }),
    removeUser: (user) =>
      ask(async (admin) => {
        await admin.call('users.remove', user);
        return undefined;
      }),
    setPassword: (user) =>
      ask(async (admin) => {
        await admin.call('users.setPassword', user);
        return undefined;
      }),
  },
});

// A file that has reached the limit of the system (ulimit -f) is a full disk, not the end; node itself sees it so too.
process.on('SIGXFSZ', () => {});
process.on('uncaughtException', (error) => {
  // An exchange in an unknown state is ended and started again by the main process, which keeps what is stored.
  console.error(error);
  process.exit(1);
});
