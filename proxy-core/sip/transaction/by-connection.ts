/** Client transactions by the connection that carried them, so that those of one that ends are found without a search. */
import type { FlowId, Hop } from '../transport/port.ts';
import type { ClientRun } from './client-run.ts';

export class RunsByConnection {
  readonly #runs = new Map<string, Set<ClientRun>>();

  add(run: ClientRun): void {
    for (const key of keysOf(run.hop)) {
      const runs = this.#runs.get(key);
      if (runs === undefined) this.#runs.set(key, new Set([run]));
      else runs.add(run);
    }
  }

  delete(run: ClientRun): void {
    for (const key of keysOf(run.hop)) {
      const runs = this.#runs.get(key);
      if (runs?.delete(run) === true && runs.size === 0) this.#runs.delete(key);
    }
  }

  clear(): void {
    this.#runs.clear();
  }

  /** Those that went by this connection: named by it, or sent to the address at its other end. */
  on(flow: FlowId, remote: Hop | undefined): ReadonlySet<ClientRun> {
    const keys = remote === undefined ? [flow] : [flow, addressOf(remote)];
    return new Set(keys.flatMap((key) => [...(this.#runs.get(key) ?? [])]));
  }
}

const addressOf = ({ transport, host, port }: Hop): string => `${transport} ${host} ${port}`;
const keysOf = (hop: Hop): string[] => (hop.flow === undefined ? [addressOf(hop)] : [hop.flow, addressOf(hop)]);
