/** The exchange as the owner of the window uses it: started with an office's usual settings, asked in the window's words. */
import { join } from 'node:path';
import { everything, type UserInfo } from '../../../proxy-core/node/control/index.ts';
import { addressToType } from '../../../proxy-core/node/exchange/own-addresses.ts';
import { createLog } from '../../../proxy-core/node/log.ts';
import { startExchange as openExchange } from '../../../proxy-core/node/start.ts';
import type { OfficeUser } from '../../shared/bridge.ts';
import type { OfficeRunning } from '../../shared/services.ts';

/** A running exchange as the window's owner sees it. */
export interface RunningExchange {
  readonly about: OfficeRunning;
  users(): Promise<readonly OfficeUser[]>;
  /** These reject with a sentence for a person, such as one on a number that is taken. */
  addUser(user: { number: string; name: string; password: string }): Promise<void>;
  removeUser(user: { number: string; domain: string }): Promise<void>;
  setPassword(user: { number: string; domain: string; password: string }): Promise<void>;
  /** Settles when transactions have drained and the store is closed. */
  close(): Promise<void>;
}

export interface HostOptions {
  readonly dataDir: string;
  readonly loopback: boolean;
  /** Such as `udp://0.0.0.0:5060`; without it UDP and TCP on 5060 or the next free port. */
  readonly listen?: readonly string[] | undefined;
}

/** Rejects with one sentence for a person. */
export async function startExchange({ dataDir, loopback, listen = [] }: HostOptions): Promise<RunningExchange> {
  const exchange = await openExchange({
    dataDir,
    loopback,
    listen,
    domains: [],
    mode: 'proxy',
    log: createLog({ level: 'info', file: join(dataDir, 'exchange.log') }),
  });
  const { admin, listeners } = exchange;
  const { domains } = await admin.call('status', {});
  return {
    about: { domain: domains[0] ?? '', listeners, server: addressToType(listeners) },
    async users() {
      const users: OfficeUser[] = [];
      const pages = everything<UserInfo>((after) => admin.call('users.list', after === undefined ? {} : { after }));
      for await (const { number, domain, name, devices } of pages) users.push({ number, domain, name, devices });
      return users;
    },
    async addUser(user) {
      await admin.call('users.add', user);
    },
    async removeUser(user) {
      await admin.call('users.remove', user);
    },
    async setPassword(user) {
      await admin.call('users.setPassword', user);
    },
    close: () => exchange.close(),
  };
}
