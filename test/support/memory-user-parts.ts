/** Kept messages and wishes for calls in memory, for an exchange in a test. */
import type { CallHandling, CallHandlingStore } from '../../proxy-core/server/divert/call-handling.ts';
import type { KeptMessage, MessageStore, NewMessage } from '../../proxy-core/server/messages/message-store.ts';
import { type Aor, aorOf } from '../../proxy-core/server/stores.ts';

export class MemoryMessages implements MessageStore {
  readonly kept: KeptMessage[] = [];
  /** When set, nothing more can be kept, as on a full disk. */
  fault: Error | undefined;
  #lastId = 0;
  readonly #listeners: ((recipient: Aor) => void)[] = [];

  get size(): number {
    return this.kept.length;
  }

  count(recipient: Aor): number {
    return this.kept.filter((message) => message.recipient === recipient).length;
  }

  countFrom(sender: Aor, recipient?: Aor): number {
    const own = this.kept.filter((message) => message.sender === sender);
    return own.filter((message) => recipient === undefined || message.recipient === recipient).length;
  }

  keep(message: NewMessage): Promise<KeptMessage> {
    if (this.fault !== undefined) return Promise.reject(this.fault);
    const kept = { ...message, id: ++this.#lastId };
    this.kept.push(kept);
    for (const listener of this.#listeners) listener(message.recipient);
    return Promise.resolve(kept);
  }

  next(recipient: Aor): KeptMessage | undefined {
    return this.kept.find((message) => message.recipient === recipient);
  }

  remove({ id, recipient }: KeptMessage): void {
    const at = this.kept.findIndex((message) => message.id === id);
    if (at >= 0) this.kept.splice(at, 1);
    for (const listener of this.#listeners) listener(recipient);
  }

  expired(now: number, limit: number): KeptMessage[] {
    return this.kept.filter(({ expiresAt }) => expiresAt <= now).slice(0, limit);
  }

  recipients(): Iterable<Aor> {
    return new Set(this.kept.map(({ recipient }) => recipient));
  }

  watch(listener: (recipient: Aor) => void): void {
    this.#listeners.push(listener);
  }
}

export class MemoryCallHandling implements CallHandlingStore {
  readonly #held = new Map<Aor, CallHandling>();
  /** When set, nothing can be changed, as on a full disk. */
  fault: Error | undefined;
  readonly #listeners: ((user: Aor) => void)[] = [];

  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  find({ number, domain }: { number: string; domain: string }): CallHandling | undefined {
    return this.#held.get(aorOf(number, domain));
  }

  set({ number, domain }: { number: string; domain: string }, handling: CallHandling): void {
    if (this.fault !== undefined) throw this.fault;
    this.#held.set(aorOf(number, domain), handling);
    for (const listener of this.#listeners) listener(aorOf(number, domain));
  }

  watch(listener: (user: Aor) => void): void {
    this.#listeners.push(listener);
  }
}
