/** The window's door to a real administration, on a store of its own without an exchange around it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOfficeAdmin, type OfficeAdmin } from '../../../app/renderer/store/office-admin.ts';
import { AdminDoor } from '../../../app/services/exchange/admin-door.ts';
import { createAdmin, type LocalAdmin } from '../../../proxy-core/node/control/index.ts';
import { openStore } from '../../../proxy-core/node/store/index.ts';

export interface RealAdmin {
  /** As another program steers the exchange. */
  readonly admin: LocalAdmin;
  readonly door: AdminDoor;
  /** As the window does. */
  readonly window: OfficeAdmin;
  close(): void;
}

export async function openRealAdmin(now: () => number = Date.now): Promise<RealAdmin> {
  const dir = mkdtempSync(join(tmpdir(), 'tandem-door-'));
  const store = await openStore({ dataDir: dir, now });
  const facts = () => ({ version: '1', startedAt: 1, listeners: [], mode: 'proxy' });
  const admin = createAdmin({ store, facts, now });
  const door = new AdminDoor(() => admin.as('desktop'));
  const nobody = () => Promise.reject(new Error('not asked here'));
  const office = {
    ask: async (question) => door.ask(question),
    watch: async (question) => door.watch(question),
    next: async (which) => door.next(which),
    unwatch: async (which) => door.unwatch(which),
    ...{ get: nobody, changed: () => () => {}, start: nobody, stop: nobody, exportRecords: nobody, setWebhook: nobody },
    ...{ importUsers: nobody, exportUsers: nobody, backUp: nobody, readBackup: nobody, restore: nobody },
  } satisfies Parameters<typeof createOfficeAdmin>[0]['office'];
  return {
    admin,
    door,
    window: createOfficeAdmin({ office }),
    close() {
      door.forget();
      store.close();
      rmSync(dir, { recursive: true });
    },
  };
}
