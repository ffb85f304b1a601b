/** How many messages are kept, by recipient and by sender: all that is asked while a message is on its way. */
import type { Aor } from '../../server/stores.ts';

export class MessageCounts {
  readonly #recipients = new Map<Aor, Map<Aor, number>>();
  readonly #senders = new Map<Aor, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  of(recipient: Aor): number {
    let count = 0;
    for (const one of this.#recipients.get(recipient)?.values() ?? []) count += one;
    return count;
  }

  from(sender: Aor, recipient?: Aor): number {
    if (recipient === undefined) return this.#senders.get(sender) ?? 0;
    return this.#recipients.get(recipient)?.get(sender) ?? 0;
  }

  recipients(): Iterable<Aor> {
    return [...this.#recipients.keys()];
  }

  /** Counts `more` messages, which may be negative. */
  add(recipient: Aor, sender: Aor, more: number): void {
    const from = this.#recipients.get(recipient) ?? new Map<Aor, number>();
    this.#recipients.set(recipient, from);
    // What was forgotten with its recipient is not taken away once more.
    const change = Math.max(more, -(from.get(sender) ?? 0));
    put(from, sender, change);
    if (from.size === 0) this.#recipients.delete(recipient);
    put(this.#senders, sender, change);
    this.#size += change;
  }

  /** Everything of one recipient is gone. */
  drop(recipient: Aor): void {
    for (const [sender, count] of [...(this.#recipients.get(recipient) ?? [])]) this.add(recipient, sender, -count);
  }
}

function put(counts: Map<Aor, number>, key: Aor, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
