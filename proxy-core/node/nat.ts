/** Puts together what the exchange does for phones behind NATs: the relay's sockets, the pings, the signed ways back. */
import { FlowTokens } from '../server/nat/flow-token.ts';
import { KeepAlive } from '../server/nat/keep-alive.ts';
import type { Nat } from '../server/nat/nat.ts';
import type { PingPort } from '../server/nat/ports.ts';
import { RelayCalls } from '../server/nat/relay-calls.ts';
import type { ExchangeLog } from '../server/parts.ts';
import type { Settings } from '../server/settings.ts';
import type { Binding, LocationStore } from '../server/stores.ts';
import type { Clock } from '../sip/transaction/clock.ts';
import type { TransportPort } from '../sip/transport/port.ts';
import { nodeHashes } from './hashes.ts';
import type { NatStatus } from './nat-status.ts';
import { randomHex } from './random.ts';
import { DEFAULT_RTP_PORTS, RtpRelay } from './rtp-relay.ts';
import type { NatOptions } from './start-options.ts';

export interface NatParts {
  readonly options: NatOptions;
  readonly settings: Settings;
  readonly secret: string;
  readonly clock: Clock;
  readonly log: ExchangeLog;
  readonly locations: LocationStore & { all(): Iterable<Binding> };
  readonly listeners: readonly string[];
  readonly transport: Pick<TransportPort, 'sentBy' | 'send'>;
  readonly sendRequest: PingPort['request'];
}

export interface RunningNat extends Nat {
  status(): NatStatus;
  /** Ends pings and closes every port. */
  stop(): void;
}

export function openNat(parts: NatParts): RunningNat {
  const { options, settings, clock, log, listeners, transport, locations } = parts;
  const relay = new RtpRelay({
    ports: options.rtpPorts ?? DEFAULT_RTP_PORTS,
    address: options.rtpAddress,
    sentBy: (hop) => transport.sentBy(hop),
    listeners,
    log,
  });
  // Whatever the settings say now: they change while it runs, a user or a domain may have a mode of its own, and who is
  // hidden is called through us in redirect mode too. What is forwarded without a transaction gets none (exchange/assemble.ts).
  const calls = new RelayCalls({ port: relay, clock, log, settings });
  const port: PingPort = {
    request: parts.sendRequest,
    // What does not go out is not answered, which the keep-alive sees.
    bytes: (bytes, hop) => transport.send(hop, bytes, () => undefined),
  };
  const keepAlive =
    settings.natPing === 'off'
      ? undefined
      : new KeepAlive({ settings, locations, clock, random: randomHex, log, port });
  if (keepAlive !== undefined) for (const binding of locations.all()) keepAlive.watch(binding);
  return {
    settings,
    flows: new FlowTokens(parts.secret, nodeHashes.sha256, () => clock.now()),
    calls,
    keepAlive,
    status: () => ({
      relayedCalls: calls.active,
      ...relay.totals,
      refusedCalls: calls.faults.refused,
      overShareCalls: calls.faults.overShare,
      silentCalls: calls.faults.silent,
      pinged: keepAlive?.counts.kept ?? 0,
      expired: keepAlive?.counts.expired ?? 0,
    }),
    stop() {
      keepAlive?.stop();
      calls.close();
    },
  };
}
