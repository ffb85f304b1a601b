/** Lets pass what the guard admits: stands before the transport layer, so that what is unwelcome is not even read. */
import type { FlowId, Hop, Source, TransportSink } from '../../sip/transport/port.ts';
import type { TraceTap } from '../trace/entry.ts';
import type { Guard } from './guard.ts';

export class Gate implements TransportSink {
  readonly #guard: Guard;
  readonly #sink: TransportSink;
  readonly #trace: TraceTap | undefined;

  /** @param trace told of everything that comes, also of what is not let in. */
  constructor(guard: Guard, sink: TransportSink, trace?: TraceTap) {
    this.#guard = guard;
    this.#sink = sink;
    this.#trace = trace;
  }

  refuses(host: string): boolean {
    return this.#guard.isBanned(host);
  }

  received(wire: string, source: Source): void {
    const isAdmitted = this.#guard.admits(source.host);
    this.#trace?.received(wire, source, isAdmitted);
    if (isAdmitted) this.#sink.received(wire, source);
  }

  lost(bytes: string, source: Source): void {
    this.#trace?.received(bytes, source, true);
  }

  flowClosed(flow: FlowId, remote?: Hop): void {
    this.#sink.flowClosed(flow, remote);
  }
}
