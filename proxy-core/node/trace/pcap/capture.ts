/**
 * Messages as the packets of a capture, secrets masked. Datagrams are what they were; what came on a connection becomes
 * segments of one TCP stream each, with a handshake before the first and numbers that fit. TLS and WebSocket are shown as
 * the SIP that they carried, on a port that readers of captures take for SIP.
 */
import type { Endpoint, TraceEntry } from '../../../server/trace/entry.ts';
import { type MaskOptions, masked } from '../../../server/trace/mask.ts';
import type { ReadMessage } from '../../../server/trace/reading.ts';
import { handlingOf } from '../../../server/trace/summary.ts';
import { FLAG, MOST_UDP, type PacketEnd, packetEnds, tcpPacket, udpPacket } from './packets.ts';
import type { CapturedPacket } from './pcapng.ts';

/** Payload of a segment: what fits on Ethernet with either family. */
const SEGMENT = 1_440;
/** Ports at which readers expect something else than plain SIP. */
const FOREIGN_PORTS: ReadonlySet<number> = new Set([80, 443, 5061]);
const SIP_PORT = 5060;
/** For a connection that we opened nobody knows from which port. */
const FIRST_PORT = 49_152;
const PORTS = 16_384;

/** What each side has sent, and who they are. */
interface Stream {
  readonly ours: PacketEnd;
  readonly theirs: PacketEnd;
  sent: number;
  received: number;
}

/** `messages` in their order. */
export function* packetsOf(messages: Iterable<ReadMessage>, options: MaskOptions = {}): Generator<CapturedPacket> {
  const streams = new Map<string, Stream>();
  for (const read of messages) {
    const { entry } = read;
    const payload = Buffer.from(masked(entry.wire, options), 'latin1');
    const comment = commentOf(read);
    if (entry.transport === 'UDP') {
      const [local, remote] = packetEnds(entry.local, entry.remote);
      const [from, to] = entry.direction === 'in' ? [remote, local] : [local, remote];
      yield { at: entry.at, bytes: udpPacket(from, to, payload.subarray(0, MOST_UDP)), comment };
    } else yield* segmentsOf(entry, payload, comment, streams);
  }
}

function* segmentsOf(
  entry: TraceEntry,
  payload: Uint8Array,
  comment: string,
  streams: Map<string, Stream>,
): Generator<CapturedPacket> {
  const { at, direction, transport, remote } = entry;
  const key = `${transport} ${remote.host} ${remote.port}`;
  let stream = streams.get(key);
  const isOurs = direction === 'out';
  if (stream === undefined) {
    stream = openStream(entry, streams.size);
    streams.set(key, stream);
    yield* handshake(stream, isOurs, at);
  }
  const [from, to] = isOurs ? [stream.ours, stream.theirs] : [stream.theirs, stream.ours];
  for (let start = 0; start < payload.length; start += SEGMENT) {
    const part = payload.subarray(start, start + SEGMENT);
    const isLast = start + SEGMENT >= payload.length;
    const [sequence, acknowledged] = isOurs ? [stream.sent, stream.received] : [stream.received, stream.sent];
    const flags = FLAG.ack | (isLast ? FLAG.psh : 0);
    const bytes = tcpPacket(from, to, { sequence, acknowledged, flags, payload: part });
    // Readers show a message where its last piece is.
    yield { at, bytes, comment: isLast ? comment : '' };
    if (isOurs) stream.sent += part.length;
    else stream.received += part.length;
  }
}

function openStream(entry: TraceEntry, number: number): Stream {
  const { local, remote } = entry;
  const own = local.port === 0 ? FIRST_PORT + (number % PORTS) : local.port;
  const [ours, theirs] = packetEnds(shown({ host: local.host, port: own }), shown(remote));
  return { ours, theirs, sent: 1, received: 1 };
}

const shown = ({ host, port }: Endpoint): Endpoint => ({
  host,
  port: FOREIGN_PORTS.has(port) ? SIP_PORT : port,
});

function* handshake({ ours, theirs }: Stream, isOurs: boolean, at: number): Generator<CapturedPacket> {
  const [from, to] = isOurs ? [ours, theirs] : [theirs, ours];
  const comment = 'made up: the connection began before or with the message that follows';
  yield { at, bytes: tcpPacket(from, to, { sequence: 0, acknowledged: 0, flags: FLAG.syn }), comment };
  yield { at, bytes: tcpPacket(to, from, { sequence: 0, acknowledged: 1, flags: FLAG.syn | FLAG.ack }), comment };
  yield { at, bytes: tcpPacket(from, to, { sequence: 1, acknowledged: 1, flags: FLAG.ack }), comment };
}

function commentOf(read: ReadMessage): string {
  const { entry, fault } = read;
  const carried = entry.transport === 'UDP' || entry.transport === 'TCP' ? [] : [`came over ${entry.transport}`];
  const handling = handlingOf(read);
  const how =
    handling === 'repeated'
      ? [`repetition of #${read.repeats}`]
      : handling === 'refused'
        ? ['refused by the guard']
        : handling === 'unreadable'
          ? [`unreadable: ${fault?.reason} (line ${fault?.line}, column ${fault?.column})`]
          : [];
  return [`#${entry.id}`, ...carried, ...how, ...(entry.isCut ? ['not all of it was kept'] : [])].join(', ');
}
