/** One connection to the exchange's administration: what it may ask beyond the methods, and what it holds open. */
import * as v from 'valibot';
import type { LocalAdmin } from './admin.ts';
import { AdminError } from './errors.ts';
import { nameField } from './fields.ts';
import { type MethodName, methods, type Params, type WatchName } from './methods.ts';
import type { RpcSession } from './rpc.ts';
import type { OpenWatch } from './watch.ts';

const beginning = v.strictObject({ by: v.pipe(nameField, v.minLength(1)) });
const watching = v.strictObject({
  method: v.string(),
  params: v.optional(v.unknown(), {}),
  snapshot: v.optional(v.boolean(), true),
});

export class Session implements RpcSession {
  readonly who = 'The exchange';
  #admin: LocalAdmin;
  #watch: OpenWatch<unknown> | undefined;
  #ended = false;

  constructor(admin: LocalAdmin) {
    this.#admin = admin;
  }

  get isWatching(): boolean {
    return this.#watch !== undefined;
  }

  knows(method: string): boolean {
    return (
      method === 'session.begin' || method === 'watch.open' || method === 'watch.next' || Object.hasOwn(methods, method)
    );
  }

  async perform(method: string, params: unknown): Promise<unknown> {
    if (method === 'session.begin') return this.#begin(params);
    if (method === 'watch.open') return this.#open(params);
    if (method === 'watch.next') return this.#next();
    const name = method as MethodName;
    return this.#admin.call(name, params as Params<typeof name>);
  }

  close(): void {
    this.#ended = true;
    this.#watch?.close();
  }

  /** Whoever gets here may do everything: the name is for the log, and what he says. */
  #begin(params: unknown): { readonly by: string } {
    const said = v.safeParse(beginning, params);
    if (!said.success) throw new AdminError('invalid', 'Say who you are as "by", in at most 128 characters.');
    this.#admin = this.#admin.as(said.output.by);
    return said.output;
  }

  #open(params: unknown): { readonly watching: string } {
    const asked = v.safeParse(watching, params);
    if (!asked.success) throw new AdminError('invalid', 'Name the listing to watch as "method".');
    const { method, params: query, snapshot } = asked.output;
    if (!Object.hasOwn(methods, method) || !('watch' in methods[method as MethodName])) {
      throw new AdminError('unknown', `${method} cannot be watched.`);
    }
    if (this.#watch !== undefined) throw new AdminError('exists', 'A connection watches one listing: open another.');
    this.#watch = this.#admin.open(method as WatchName, query as Params<WatchName>, snapshot);
    if (this.#ended) this.#watch.close();
    return { watching: method };
  }

  #next(): Promise<unknown> {
    if (this.#watch === undefined) throw new AdminError('invalid', 'Nothing is watched: begin with watch.open.');
    return this.#watch.next();
  }
}
