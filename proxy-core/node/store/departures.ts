/** The last registration of users who have none any more: in memory, for whoever asks why they cannot be reached. */
import type { Aor, Binding } from '../../server/stores.ts';
import type { Departure } from '../../server/why/facts.ts';

const MOST = 10_000;

export class Departures {
  readonly #last = new Map<Aor, Departure>();

  of(aor: Aor): Departure | undefined {
    return this.#last.get(aor);
  }

  /** `before` is what an AOR had until now, at least one binding; nothing is left of it. @param now ms since 1970 */
  ended(aor: Aor, before: readonly Binding[], now: number): void {
    const last = before.reduce((a, b) => (b.expiresAt > a.expiresAt ? b : a));
    const { userAgent, device, received } = last;
    const isExpired = last.expiresAt <= now;
    this.#last.delete(aor);
    this.#last.set(aor, {
      ...{ at: isExpired ? last.expiresAt : now, how: isExpired ? 'expired' : 'ended' },
      ...{ userAgent, device, received },
    });
    if (this.#last.size <= MOST) return;
    for (const oldest of this.#last.keys()) return void this.#last.delete(oldest);
  }
}
