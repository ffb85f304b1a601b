/** What the exchange keeps of messages whose recipients are away, as an interface; `node/store/messages.ts` is it on SQLite. */
import type { Aor } from '../stores.ts';

/** Times are in ms since 1970. */
export interface NewMessage {
  readonly recipient: Aor;
  /** The user who proved to send it. */
  readonly sender: Aor;
  readonly receivedAt: number;
  readonly expiresAt: number;
  /** The request as it is to go on, without our Via. */
  readonly wire: string;
}

export interface KeptMessage extends NewMessage {
  /** Grows with time: the order in which a user's messages came. */
  readonly id: number;
}

export interface MessageStore {
  /** How many are kept, of all users. */
  readonly size: number;
  /** How many are kept for a user; answered from memory. */
  count(recipient: Aor): number;
  /** How many are kept of this sender, for all and for one. */
  countFrom(sender: Aor, recipient?: Aor): number;
  /** Counts at once; settles when the message is durable, and rejects when it could not be kept. */
  keep(message: NewMessage): Promise<KeptMessage>;
  /** The oldest of this user. */
  next(recipient: Aor): KeptMessage | undefined;
  /** Forgets one that was delivered, expired or thrown away; nothing happens where it is gone already. */
  remove(message: KeptMessage): void;
  /** At most `limit` that have expired, the oldest first. */
  expired(now: number, limit: number): KeptMessage[];
  /** Users for whom anything is kept. */
  recipients(): Iterable<Aor>;
  /** Has `listener` told of each user for whom more or fewer are kept now. */
  watch(listener: (recipient: Aor) => void): void;
}
