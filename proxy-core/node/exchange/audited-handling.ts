/** Where users want their calls, as their phones set it: written down as what the administration changes is. */
import type { CallHandling, CallHandlingStore } from '../../server/divert/call-handling.ts';
import { type Aor, aorOf, type User } from '../../server/stores.ts';
import { createRecorder } from '../control/audit/record.ts';
import { userSubject } from '../control/audit/user-kind.ts';
import { usualValues } from '../settings/adjustable.ts';
import { LiveSettings } from '../settings/live.ts';
import type { Store } from '../store/index.ts';

type Who = Pick<User, 'number' | 'domain'>;

export class AuditedHandling implements CallHandlingStore {
  readonly #store: Store;
  readonly #now: () => number;

  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  get isEmpty(): boolean {
    return this.#store.callHandling.isEmpty;
  }

  find(user: Who): CallHandling | undefined {
    return this.#store.callHandling.find(user);
  }

  set(user: Who, handling: CallHandling): void {
    const store = this.#store;
    const settings = new LiveSettings({ store, values: usualValues(), fixed: [] });
    const facts = () => ({ version: '', startedAt: 0, listeners: [], mode: '' });
    const by = aorOf(user.number, user.domain);
    const recorder = createRecorder({ store, settings, facts, now: this.#now }, { by, action: 'phone' });
    recorder.record([userSubject(user)], () => store.callHandling.set(user, handling));
  }

  watch(listener: (user: Aor) => void): void {
    this.#store.callHandling.watch(listener);
  }
}
