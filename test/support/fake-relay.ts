/** A relay without sockets: hands out ports in order and remembers what it was told. */
import type { RelayPort, RelaySide, RelayStream } from '../../proxy-core/server/nat/ports.ts';
import type { RelayPeer } from '../../proxy-core/sip/sdp/relay-peer.ts';
import type { Hop } from '../../proxy-core/sip/transport/port.ts';

export class FakeStream implements RelayStream {
  readonly told: Partial<Record<RelaySide, RelayPeer>> = {};
  readonly ends: Readonly<Record<RelaySide, Hop>>;
  readonly #port: number;
  lastPacketAt = 0;
  isClosed = false;
  /** Who has sent something. */
  readonly spoke = new Set<RelaySide>();

  constructor(ends: Readonly<Record<RelaySide, Hop>>, port: number) {
    this.ends = ends;
    this.#port = port;
  }

  local(side: RelaySide) {
    const port = this.#port + (side === 'caller' ? 0 : 2);
    const address = this.ends[side].host.includes(':') ? '2001:db8::1' : '192.0.2.1';
    return { address, port, rtcpPort: port + 1 };
  }

  announce(side: RelaySide, peer: RelayPeer): void {
    this.told[side] = peer;
  }

  heard(side: RelaySide): boolean {
    return this.spoke.has(side);
  }

  close(): void {
    this.isClosed = true;
  }
}

export class FakeRelay implements RelayPort {
  readonly streams: FakeStream[] = [];
  /** Streams that may be open at one time. */
  room = Number.POSITIVE_INFINITY;

  get open(): RelayPort['open'] {
    return (caller, callee) => {
      if (this.openStreams >= this.room) return undefined;
      const stream = new FakeStream({ caller, callee }, 20_000 + this.streams.length * 4);
      this.streams.push(stream);
      return stream;
    };
  }

  get openStreams(): number {
    return this.streams.filter(({ isClosed }) => !isClosed).length;
  }
}
