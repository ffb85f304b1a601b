/**
 * A device that rings by a connection of its own, for when that ends: the attempt that is lost with it, and whether the
 * device comes back by another one (RFC 5626 §5.3).
 */
import type { Hop } from '../sip/transport/port.ts';
import type { Attempt } from './attempt.ts';
import type { Returned, ReturningPhones } from './returning-phones.ts';
import type { Target } from './targets.ts';

export class RingingDevice {
  /** It rang by a connection that is gone; the device may still ring for it. */
  #lost: Attempt | undefined;
  #stopWatching: (() => void) | undefined;

  get lost(): Attempt | undefined {
    return this.#lost;
  }

  /** Whether it would be known if it came back. */
  get isWatched(): boolean {
    return this.#stopWatching !== undefined;
  }

  /** It rings: where a connection alone leads there, and it has a name, `returned` hears of what it registers. */
  watch({ binding, isHidden }: Target, hop: Hop, returning: ReturningPhones, returned: Returned): void {
    if (hop.transport === 'UDP' || isHidden !== true || binding === undefined || binding.instance === '') return;
    this.#stopWatching ??= returning.wait(binding, returned);
  }

  lose(attempt: Attempt | undefined): void {
    if (this.#lost !== undefined && this.#lost !== attempt) callBack(this.#lost, undefined);
    this.#lost = attempt;
  }

  /** It rings for the lost attempt still, and is reached by `hop` now. */
  ringsOn(hop: Hop): Attempt | undefined {
    const lost = this.#lost;
    this.#lost = undefined;
    lost?.client?.moveTo(hop);
    return lost;
  }

  /** The branch is over. @param last its present attempt @param by the attempt that ended it, where one did */
  forget(reason: string | undefined, last: Attempt | undefined, by?: Attempt): void {
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    const lost = this.#lost;
    this.#lost = undefined;
    if (lost === undefined || lost === by) return;
    if (last !== undefined && last !== lost) lost.client?.moveTo(last.hop);
    callBack(lost, reason);
  }
}

export function callBack(attempt: Attempt, reason: string | undefined): void {
  attempt.passage?.ended(480);
  attempt.client?.cancel(reason);
}
