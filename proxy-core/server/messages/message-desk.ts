/** What the rest of the exchange needs of whoever delivers kept messages (`delivery.ts`). */
import type { Aor } from '../stores.ts';
import type { KeptMessage, MessageStore } from './message-store.ts';

export interface MessageDesk {
  readonly store: MessageStore;
  /** False once the exchange is closed: nothing more can be kept. */
  readonly isOpen: boolean;
  /** A phone of this user registered. Costs a look at a number where nothing is kept. */
  registered(user: Aor): void;
  /** Sends what waits for this user, where anybody is there to take it. */
  deliver(user: Aor): void;
  /** An attempt with a message of this user has begun: nothing else goes out before it is over. */
  begin(user: Aor): void;
  /** It is over; `worked`: somebody took the message, or nobody ever will, and the next one may follow. */
  end(user: Aor, worked: boolean): void;
  /** A message is kept from now on. */
  kept(message: KeptMessage): void;
  /** A device took it: also one that answers after it was given up. */
  delivered(message: KeptMessage): void;
}
