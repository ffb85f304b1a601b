/**
 * The transport of one account: SIP over the port to the phone service, which decides where the bytes go. A flow is a
 * connection that the service opened for the account; its far end is the account's server, whatever a hop says. There may
 * be two (RFC 5626 §4.2.1).
 */
import type {
  FlowId,
  Hop,
  TransportFailure,
  TransportName,
  TransportPort,
  TransportSink,
} from '../../../proxy-core/sip/transport/port.ts';
import type { AccountFlow, OpenedFlow, PhonePortSchema, RegId } from '../../shared/phone-port.ts';
import type { Client } from '../../shared/schema.ts';

export interface AccountTransportOptions {
  readonly accountId: string;
  readonly port: Pick<Client<PhonePortSchema>, 'sip'>;
  readonly sink: TransportSink;
  /** The flow is gone by itself; the account must open another. */
  readonly lost: (regId: RegId, reason: string) => void;
  /** The line whose flow new requests go by, where it has one. */
  readonly preferred: () => RegId;
}

interface Line {
  flow: AccountFlow | undefined;
  attempt: number;
}

const SERVICE_GONE = 'The part of Tandem that talks to the network is not there.';
const REG_IDS: readonly RegId[] = [1, 2];

export class AccountTransport implements TransportPort {
  readonly #options: AccountTransportOptions;
  readonly #release: (() => void)[];
  readonly #lines: Readonly<Record<RegId, Line>> = {
    1: { flow: undefined, attempt: 0 },
    2: { flow: undefined, attempt: 0 },
  };
  #lastSentBy = 'flow.invalid';

  constructor(options: AccountTransportOptions) {
    this.#options = options;
    const { accountId, port, sink } = options;
    this.#release = [
      port.sip.received((message) => {
        const flow = message.accountId === accountId ? this.#named(message.flowId) : undefined;
        if (flow === undefined) return;
        sink.received(message.message, {
          transport: flow.transport,
          host: message.remoteHost,
          port: message.remotePort,
          flow: flow.flowId as FlowId,
          listener: flow.flowId,
        });
      }),
      port.sip.closed(({ accountId: whose, flowId, reason }) => {
        const regId = REG_IDS.find((one) => this.#lines[one].flow?.flowId === flowId);
        if (whose === accountId && regId !== undefined) this.#drop(regId, reason);
      }),
    ];
  }

  flow(regId: RegId): AccountFlow | undefined {
    return this.#lines[regId].flow;
  }

  /** Where every request of the account goes; undefined while there is no flow. */
  get hop(): Hop | undefined {
    const preferred = this.flow(this.#options.preferred());
    return hopOf(preferred ?? this.flow(1) ?? this.flow(2));
  }

  lineOf(flow: FlowId): RegId | undefined {
    return REG_IDS.find((regId) => this.#lines[regId].flow?.flowId === flow);
  }

  hopOf(regId: RegId): Hop | undefined {
    return hopOf(this.flow(regId));
  }

  /** Opens the connection; where the service says it is still the same one, nothing is lost by asking. */
  async open(regId: RegId): Promise<OpenedFlow> {
    const line = this.#lines[regId];
    const attempt = ++line.attempt;
    const { accountId, port, sink } = this.#options;
    const opened = await port.sip
      .open({ accountId, regId })
      .catch((): OpenedFlow => ({ ok: false, reason: SERVICE_GONE }));
    if (attempt !== line.attempt) return { ok: false, reason: 'Another attempt took its place.' };
    if (!opened.ok) return opened;
    const before = line.flow;
    line.flow = opened.flow;
    if (before !== undefined && before.flowId !== opened.flow.flowId) sink.flowClosed(before.flowId as FlowId);
    return opened;
  }

  /** The service was restarted: its connections went with it. */
  serviceLost(reason: string): void {
    for (const regId of REG_IDS) if (this.#lines[regId].flow !== undefined) this.#drop(regId, reason);
  }

  /** What began on an earlier flow goes on by a present one: its far end is the same server. */
  send({ flow: wanted }: Hop, wire: string, failed: (failure: TransportFailure) => void): void {
    const flowId = this.#named(wanted)?.flowId ?? this.hop?.flow;
    if (flowId === undefined) {
      failed({ reason: 'There is no connection to the server.' });
      return;
    }
    const { accountId, port } = this.#options;
    port.sip.send({ accountId, flowId, message: wire }).then(
      (sent) => {
        if (!sent.ok) failed({ reason: sent.reason });
      },
      (cause: unknown) => failed({ reason: SERVICE_GONE, cause }),
    );
  }

  sentBy(hop: Hop): { readonly transport: TransportName; readonly sentBy: string } {
    const flow = this.#named(hop.flow) ?? this.#named(this.hop?.flow);
    if (flow !== undefined) this.#lastSentBy = `${bracketed(flow.localHost)}:${flow.localPort}`;
    return { transport: hop.transport, sentBy: this.#lastSentBy };
  }

  isReliable(transport: TransportName): boolean {
    return transport !== 'UDP';
  }

  /** Closes the account's sockets and hears nothing more. */
  close(): void {
    for (const release of this.#release.splice(0)) release();
    for (const regId of REG_IDS) {
      this.#lines[regId].attempt++;
      this.#lines[regId].flow = undefined;
    }
    // A service that is gone has closed them.
    void this.#options.port.sip.close({ accountId: this.#options.accountId }).catch(() => {});
  }

  #named(flowId: string | undefined): AccountFlow | undefined {
    return flowId === undefined
      ? undefined
      : REG_IDS.map((one) => this.flow(one)).find((flow) => flow?.flowId === flowId);
  }

  #drop(regId: RegId, reason: string): void {
    const { flow } = this.#lines[regId];
    this.#lines[regId].flow = undefined;
    if (flow !== undefined) this.#options.sink.flowClosed(flow.flowId as FlowId);
    this.#options.lost(regId, reason);
  }
}

const hopOf = (flow: AccountFlow | undefined): Hop | undefined =>
  flow && { transport: flow.transport, host: flow.localHost, port: flow.localPort, flow: flow.flowId as FlowId };

/** An IPv6 address stands in brackets beside a port. */
export const bracketed = (host: string): string => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);
