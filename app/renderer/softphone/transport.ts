/**
 * The transport of one account: SIP over the port to the phone service, which decides where the bytes go. A flow is a
 * connection that the service opened for the account; its far end is the account's server, whatever a hop says.
 */
import type {
  FlowId,
  Hop,
  TransportFailure,
  TransportName,
  TransportPort,
  TransportSink,
} from '../../../proxy-core/sip/transport/port.ts';
import type { AccountFlow, PhonePortSchema } from '../../shared/phone-port.ts';
import type { Client } from '../../shared/schema.ts';

export interface AccountTransportOptions {
  readonly accountId: string;
  readonly port: Pick<Client<PhonePortSchema>, 'sip'>;
  readonly sink: TransportSink;
  /** The flow is gone by itself; the account must open another. */
  readonly lost: (reason: string) => void;
}

export type Opened =
  | { readonly ok: true; readonly flow: AccountFlow }
  | { readonly ok: false; readonly reason: string };

const SERVICE_GONE = 'The part of Tandem that talks to the network is not there.';

export class AccountTransport implements TransportPort {
  readonly #options: AccountTransportOptions;
  readonly #release: (() => void)[];
  #flow: AccountFlow | undefined;
  #lastSentBy = 'flow.invalid';
  #attempt = 0;

  constructor(options: AccountTransportOptions) {
    this.#options = options;
    const { accountId, port, sink } = options;
    this.#release = [
      port.sip.received((message) => {
        const flow = this.#flow;
        if (message.accountId !== accountId || message.flowId !== flow?.flowId) return;
        sink.received(message.message, {
          transport: flow.transport,
          host: message.remoteHost,
          port: message.remotePort,
          flow: flow.flowId as FlowId,
          listener: flow.flowId,
        });
      }),
      port.sip.closed((closed) => {
        if (closed.accountId !== accountId || closed.flowId !== this.#flow?.flowId) return;
        this.#drop(closed.reason);
      }),
    ];
  }

  get flow(): AccountFlow | undefined {
    return this.#flow;
  }

  /** Where every request of the account goes; undefined while there is no flow. */
  get hop(): Hop | undefined {
    const flow = this.#flow;
    return (
      flow && { transport: flow.transport, host: flow.localHost, port: flow.localPort, flow: flow.flowId as FlowId }
    );
  }

  /** Opens the account's connection; where the service says it is still the same one, nothing is lost by asking. */
  async open(): Promise<Opened> {
    const attempt = ++this.#attempt;
    const { accountId, port, sink } = this.#options;
    const opened = await port.sip.open({ accountId }).catch((): Opened => ({ ok: false, reason: SERVICE_GONE }));
    if (attempt !== this.#attempt) return { ok: false, reason: 'Another attempt took its place.' };
    if (!opened.ok) return opened;
    const before = this.#flow;
    this.#flow = opened.flow;
    this.#lastSentBy = `${bracketed(opened.flow.localHost)}:${opened.flow.localPort}`;
    if (before !== undefined && before.flowId !== opened.flow.flowId) sink.flowClosed(before.flowId as FlowId);
    return opened;
  }

  /** The service was restarted: its connections went with it. */
  serviceLost(reason: string): void {
    if (this.#flow !== undefined) this.#drop(reason);
  }

  /** What began on an earlier flow goes on by the present one: its far end is the same server. */
  send(_hop: Hop, wire: string, failed: (failure: TransportFailure) => void): void {
    const flow = this.#flow;
    if (flow === undefined) {
      failed({ reason: 'There is no connection to the server.' });
      return;
    }
    const { accountId, port } = this.#options;
    port.sip.send({ accountId, flowId: flow.flowId, message: wire }).then(
      (sent) => {
        if (!sent.ok) failed({ reason: sent.reason });
      },
      (cause: unknown) => failed({ reason: SERVICE_GONE, cause }),
    );
  }

  sentBy(hop: Hop): { readonly transport: TransportName; readonly sentBy: string } {
    return { transport: hop.transport, sentBy: this.#lastSentBy };
  }

  isReliable(transport: TransportName): boolean {
    return transport !== 'UDP';
  }

  /** Closes the account's sockets and hears nothing more. */
  close(): void {
    this.#attempt++;
    for (const release of this.#release.splice(0)) release();
    this.#flow = undefined;
    void this.#options.port.sip.close({ accountId: this.#options.accountId }).catch(() => {});
  }

  #drop(reason: string): void {
    const flow = this.#flow;
    this.#flow = undefined;
    if (flow !== undefined) this.#options.sink.flowClosed(flow.flowId as FlowId);
    this.#options.lost(reason);
  }
}

/** An IPv6 address stands in brackets beside a port. */
export const bracketed = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);
