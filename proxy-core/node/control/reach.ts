/** The administration of whatever exchange works on a data directory: the running one, else its store itself. */
import { openStore, StoreError, StoreLockedError } from '../store/index.ts';
import { version } from '../version.ts';
import { createAdmin } from './admin.ts';
import { connectControl, type RemoteAdmin } from './client.ts';
import { AdminError } from './errors.ts';
import { osUser } from './os-user.ts';

const ATTEMPTS = 5;
const LOCK_WAIT_MS = 1_000;

/**
 * Asks the running exchange where there is one, so that a change takes effect at once; else opens the store. While
 * another command holds the store, or an exchange is starting or stopping, it tries again for some seconds.
 * @throws AdminError with one sentence for a person.
 */
export async function reachAdmin(dataDir: string): Promise<RemoteAdmin> {
  for (let attempt = 1; ; attempt += 1) {
    const remote = await connectControl(dataDir);
    if (remote !== undefined) return remote;
    try {
      const store = await openStore({ dataDir, lockWaitMs: LOCK_WAIT_MS });
      const facts = () => ({ version, startedAt: 0, listeners: [], mode: 'off' });
      const admin = createAdmin({ store, facts, now: Date.now }, osUser());
      return { ...admin, close: () => store.close() };
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (!(error instanceof StoreLockedError) || attempt === ATTEMPTS) {
        throw new AdminError('storage', error.message, { cause: error });
      }
    }
  }
}
