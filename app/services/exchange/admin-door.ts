/** What the window asks of the administration: which methods it may use, and how much of it at one time. */
import type { LocalAdmin, WatchEvent } from '../../../proxy-core/node/control/index.ts';
import { type MethodName, methods, type Params, type WatchName } from '../../../proxy-core/node/control/methods.ts';
import type { OpenWatch } from '../../../proxy-core/node/control/watch.ts';
import type { Outcome } from '../../shared/bridge.ts';
import { type OfficeQuestion, READ_ONLY, WITHHELD } from '../../shared/office-admin.ts';
import { textOf } from '../../shared/text-of.ts';
import { outcomeOf } from '../outcome.ts';

/** A window shows a handful of listings. */
const MOST_WATCHES = 32;
/** Questions that are not answered yet. */
const MOST_ASKED = 64;

export class AdminDoor {
  /** Undefined while no exchange runs. */
  readonly #admin: () => LocalAdmin | undefined;
  readonly #watches = new Map<number, OpenWatch<unknown>>();
  #lastWatch = 0;
  #asked = 0;

  constructor(admin: () => LocalAdmin | undefined) {
    this.#admin = admin;
  }

  async ask({ method, params }: OfficeQuestion): Promise<Outcome<unknown>> {
    if (this.#asked >= MOST_ASKED) return refused('That is too much at once: wait for what was asked before.');
    this.#asked += 1;
    try {
      const name = known(method, params);
      return { ok: true, value: await this.#running().call(name, params as Params<typeof name>) };
    } catch (error) {
      return refused(textOf(error));
    } finally {
      this.#asked -= 1;
    }
  }

  /** Does something with the administration that is no single question of it. */
  async run<T>(work: (admin: LocalAdmin) => Promise<T>): Promise<Outcome<T>> {
    return outcomeOf(() => work(this.#running()));
  }

  watch({ method, params }: OfficeQuestion): Outcome<number> {
    if (this.#watches.size >= MOST_WATCHES) return refused('Too much is watched at one time.');
    try {
      const name = known(method, params);
      if (!('watch' in methods[name])) return refused(`${name} cannot be watched.`);
      const watch = this.#running().open(name as WatchName, params as Params<WatchName>, false);
      this.#lastWatch += 1;
      this.#watches.set(this.#lastWatch, watch);
      return { ok: true, value: this.#lastWatch };
    } catch (error) {
      return refused(textOf(error));
    }
  }

  async next({ watch }: { readonly watch: number }): Promise<Outcome<readonly WatchEvent<unknown>[]>> {
    try {
      return { ok: true, value: (await this.#watches.get(watch)?.next()) ?? [] };
    } catch (error) {
      return refused(textOf(error));
    }
  }

  unwatch({ watch }: { readonly watch: number }): Outcome {
    this.#watches.get(watch)?.close();
    this.#watches.delete(watch);
    return { ok: true, value: undefined };
  }

  /** Ends all watches: whoever began them is gone, or the exchange is. */
  forget(): void {
    for (const watch of this.#watches.values()) watch.close();
    this.#watches.clear();
  }

  #running(): LocalAdmin {
    const admin = this.#admin();
    if (admin === undefined) throw new Error('The exchange is not running.');
    return admin;
  }
}

const refused = (reason: string): { readonly ok: false; readonly reason: string } => ({ ok: false, reason });

const isAmong = (names: readonly string[], method: string): boolean => names.includes(method);

function known(method: string, params: unknown): MethodName {
  if (!Object.hasOwn(methods, method)) throw new Error(`There is no ${method.slice(0, 100)}.`);
  if (isAmong(WITHHELD, method)) throw new Error(`${method} is done with the command tandem.`);
  if (isAmong(READ_ONLY, method) && Object.keys(params as object).length > 0)
    throw new Error(`${method} is only read here.`);
  return method as MethodName;
}
