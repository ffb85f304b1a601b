/**
 * Registrations that live and end with the connection that they came by: flows of Outbound (RFC 5626 §5.3, §6) and
 * WebSockets, to which nobody can open a connection (RFC 7118 §5). When one ends, its bindings go with it. What was
 * restored after a restart stays stored until it expires or its phone registers anew, but is not called: its connection
 * is gone. Over UDP nothing is kept here.
 */
import type { Clock } from '../sip/transaction/clock.ts';
import type { FlowId } from '../sip/transport/port.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { ReturningPhones } from './returning-phones.ts';
import type { Aor, Binding, LocationStore } from './stores.ts';

export interface LivingFlowsOptions {
  readonly locations: LocationStore;
  readonly clock: Clock;
  readonly log: ExchangeLog;
}

/** A connection by which somebody has registered. */
interface Flow {
  /** As its bindings name it. */
  readonly way: string;
  readonly aors: Set<Aor>;
}

export class LivingFlows {
  /** Who rings while the connection ends is found again here. */
  readonly returning = new ReturningPhones();
  readonly #options: LivingFlowsOptions;
  readonly #flows = new Map<FlowId, Flow>();
  readonly #ways = new Set<string>();
  #isStopped = false;

  constructor(options: LivingFlowsOptions) {
    this.#options = options;
  }

  /** This binding comes by `flow`. To be told before it is stored: the connection may end meanwhile. */
  registered(binding: Binding, flow: FlowId): void {
    if (!livesWithFlow(binding)) return;
    const known = this.#flows.get(flow);
    if (known !== undefined) {
      known.aors.add(binding.aor);
      return;
    }
    const way = wayOf(binding);
    this.#flows.set(flow, { way, aors: new Set([binding.aor]) });
    this.#ways.add(way);
  }

  /** Whether the connection that this binding lives with has ended. */
  isGone(binding: Binding): boolean {
    return livesWithFlow(binding) && !this.#ways.has(wayOf(binding));
  }

  /** Those of `bindings` that lead anywhere; the same list where all do. */
  living(bindings: readonly Binding[]): readonly Binding[] {
    for (const binding of bindings) {
      if (this.isGone(binding)) return bindings.filter((one) => !this.isGone(one));
    }
    return bindings;
  }

  /** A connection has ended. */
  closed(flow: FlowId): void {
    const known = this.#flows.get(flow);
    if (known === undefined || this.#isStopped) return;
    this.#flows.delete(flow);
    this.#ways.delete(known.way);
    const { locations, clock, log } = this.#options;
    for (const aor of known.aors) {
      const bindings = locations.lookup(aor, clock.now());
      const kept = bindings.filter((binding) => !livesWithFlow(binding) || wayOf(binding) !== known.way);
      if (kept.length === bindings.length) continue;
      log.info('a registration ends with its connection', { aor, way: known.way });
      locations.replace(aor, kept).catch((cause: unknown) => log.error('could not end a binding', { aor, cause }));
    }
  }

  /** From here on connections end since the exchange does: what is registered stays for the next start. */
  stop(): void {
    this.#isStopped = true;
  }
}

const wayOf = ({ received, listener }: Binding): string => `${received} ${listener}`;

/** Behind an edge proxy (Path) the flow is not ours to know; nothing is `received` then. */
function livesWithFlow({ received, regId, path }: Binding): boolean {
  if (received === '' || received.startsWith('udp:') || path.length > 0) return false;
  return regId !== 0 || received.startsWith('ws');
}
