/** Puts transport and transaction layer together; each needs the other, so one of them is told late. */
import { TransportLayer } from '../transport/layer.ts';
import type { FlowId, Hop, RandomHex, Source, TransportPort, TransportSink } from '../transport/port.ts';
import type { Clock } from './clock.ts';
import { TransactionLayer } from './layer.ts';
import type { TransactionUser } from './user.ts';

export interface StackOptions {
  readonly port: TransportPort;
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly user: TransactionUser;
  readonly maxServerBytes?: number;
  readonly malformed?: ((source: Source) => void) | undefined;
}

export interface SipStack {
  readonly transport: TransportLayer;
  readonly transactions: TransactionLayer;
}

export function createStack({ port, clock, random, user, malformed, maxServerBytes }: StackOptions): SipStack {
  let transactions: TransactionLayer | undefined;
  const transport = new TransportLayer({
    port,
    random,
    malformed,
    sink: {
      requestReceived: (request, source) => transactions?.requestReceived(request, source),
      responseReceived: (response, source) => transactions?.responseReceived(response, source),
      flowClosed: (flow, remote) => transactions?.flowClosed(flow, remote),
    },
  });
  transactions = new TransactionLayer({
    ...{ transport, clock, random, user },
    ...(maxServerBytes !== undefined && { maxServerBytes }),
  });
  return { transport, transactions };
}

/** A sink for a transport that opens before its stack is there; what comes until `connect` is lost, as datagrams may be. */
export class LateSink implements TransportSink {
  #sink: TransportSink | undefined;

  connect(sink: TransportSink): void {
    this.#sink = sink;
  }

  refuses(host: string): boolean {
    return this.#sink?.refuses?.(host) === true;
  }

  received(wire: string, source: Source): void {
    this.#sink?.received(wire, source);
  }

  lost(bytes: string, source: Source): void {
    this.#sink?.lost?.(bytes, source);
  }

  flowClosed(flow: FlowId, remote?: Hop): void {
    this.#sink?.flowClosed(flow, remote);
  }
}
