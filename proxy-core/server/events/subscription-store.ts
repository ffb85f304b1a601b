/** What is kept of subscriptions, so that their dialogs go on after a restart. */
import type { Dialog } from '../../sip/dialog/dialog.ts';
import type { Hop } from '../../sip/transport/port.ts';
import type { Aor } from '../stores.ts';

export interface SubscriptionRecord {
  /** The dialog's (`keyOf`). */
  readonly key: string;
  /** The event package's name, and what it calls the resource. */
  readonly package: string;
  readonly resource: string;
  readonly subscriber: Aor;
  /** Label of the device whose password he proved; empty for the user's own. */
  readonly device: string;
  /** Event as the subscriber wrote it. */
  readonly event: string;
  readonly dialog: Dialog;
  /** No NOTIFY had a higher CSeq: what is sent after a restart begins above. */
  readonly highestSeq: number;
  /** The way back to a subscriber who sent the request himself; undefined where his route or Contact tells it. */
  readonly hop: Hop | undefined;
  /** ms since 1970. */
  readonly expiresAt: number;
}

export interface SubscriptionStore {
  all(): Iterable<SubscriptionRecord>;
  /** Holds a new or changed one; made durable soon after, with what it says then. */
  put(record: SubscriptionRecord): void;
  remove(key: string): void;
}
