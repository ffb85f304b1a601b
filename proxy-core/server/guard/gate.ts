/** Lets pass what the guard admits: stands before the transport layer, so that what is unwelcome is not even read. */
import type { FlowId, Hop, Source, TransportSink } from '../../sip/transport/port.ts';
import type { Guard } from './guard.ts';

export class Gate implements TransportSink {
  readonly #guard: Guard;
  readonly #sink: TransportSink;

  constructor(guard: Guard, sink: TransportSink) {
    this.#guard = guard;
    this.#sink = sink;
  }

  refuses(host: string): boolean {
    return this.#guard.isBanned(host);
  }

  received(wire: string, source: Source): void {
    if (this.#guard.admits(source.host)) this.#sink.received(wire, source);
  }

  flowClosed(flow: FlowId, remote?: Hop): void {
    this.#sink.flowClosed(flow, remote);
  }
}
