/** The relay port on Node: a pair of UDP sockets for each side of a stream, and the address that each side is told. */
import { isIP } from 'node:net';
import { systemClock, systemRandom } from '../media/clock.ts';
import { PacketRelay, type RelayTotals } from '../media/packet-relay.ts';
import { type PortPair, type PortRange, pairsOf, takePortPair } from '../media/port-pair.ts';
import { realmOf } from '../server/nat/addresses.ts';
import type { RelayPort, RelaySide, RelayStream } from '../server/nat/ports.ts';
import type { ExchangeLog } from '../server/parts.ts';
import type { Hop } from '../sip/transport/port.ts';
import { isWildcard, pickListener } from './transport/listen-address.ts';

/** Away from the ports of the phone's own media and from those that systems hand out by themselves. */
export const DEFAULT_RTP_PORTS: PortRange = { min: 20_000, max: 29_999 };

export interface RtpRelayOptions {
  readonly ports: PortRange;
  /** What sides with a public address are told instead of our own address: that of the router before us. */
  readonly address?: string | undefined;
  /** Such as `udp://192.0.2.1:5060`. */
  readonly listeners: readonly string[];
  /** Our `host:port` towards a hop. */
  readonly sentBy: (hop: Hop) => { readonly sentBy: string };
  readonly log: ExchangeLog;
}

export class RtpRelay implements RelayPort {
  readonly totals: RelayTotals = { packets: 0, bytes: 0, lost: 0, dropped: 0 };
  readonly #options: RtpRelayOptions;
  readonly #hosts: readonly { readonly name: string; readonly address: { readonly host: string } }[];

  constructor(options: RtpRelayOptions) {
    this.#options = options;
    this.#hosts = options.listeners.map((name) => ({
      name,
      address: { host: hostOf(name.slice(name.indexOf('//') + 2)) },
    }));
  }

  open(caller: Hop, callee: Hop): RelayStream | undefined {
    const one = this.#take(caller);
    const two = one === undefined ? undefined : this.#take(callee);
    if (one === undefined || two === undefined) {
      void one?.close();
      return undefined;
    }
    const relay = new PacketRelay([one, two], systemClock, this.totals);
    const local = (hop: Hop, { port }: PortPair) => ({ address: this.#told(hop), port, rtcpPort: port + 1 });
    const locals = { caller: local(caller, one), callee: local(callee, two) };
    return {
      local: (side) => locals[side],
      announce: (side, peer) => relay.announce(indexOf(side), peer),
      get lastPacketAt() {
        return relay.lastPacketAt;
      },
      heard: (side) => relay.heard(indexOf(side)),
      close: () => void relay.close(),
    };
  }

  #take(hop: Hop): PortPair | undefined {
    const { ports, log } = this.#options;
    const address = this.#bound(hop);
    try {
      return takePortPair(address, ports, systemRandom(Math.max(1, pairsOf(ports).pairs)));
    } catch (cause) {
      log.error('cannot open ports for media', { address, cause });
      return undefined;
    }
  }

  /** The address to listen on: that of the listener towards `hop`. */
  #bound({ listener, host }: Hop): string {
    const asked = this.#hosts.find(({ name }) => name === listener) ?? pickListener(this.#hosts, host);
    const bound = asked?.address.host;
    if (bound !== undefined && isIP(bound) === isIP(host) && !isWildcard(bound)) return bound;
    return isIP(host) === 6 ? '::' : '0.0.0.0';
  }

  /** The address that this side is to send to. */
  #told(hop: Hop): string {
    const { address, sentBy } = this.#options;
    if (address !== undefined && isIP(address) === isIP(hop.host) && realmOf(hop.host) === 'public') return address;
    return hostOf(sentBy(hop).sentBy);
  }
}

const indexOf = (side: RelaySide): 0 | 1 => (side === 'caller' ? 0 : 1);

/** The host of `host:port`, without brackets. */
function hostOf(text: string): string {
  const host = text.startsWith('[') ? text.slice(1, text.indexOf(']')) : text.split(':', 1)[0];
  return host ?? text;
}
