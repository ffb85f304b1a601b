/** Tells whoever asks on this network that an office is here. */
import { randomHex } from '../random.ts';
import { type Answer, is, isHeard, type MulticastOptions, openMulticast, SERVICE, TTL } from './multicast.ts';

export interface AnnounceOptions extends Pick<MulticastOptions, 'loopback'> {
  /** What people see; asked anew each time. */
  readonly name: () => string;
  readonly port: number;
  /** The office takes codes there. */
  readonly transport: 'TCP' | 'TLS';
  /** Port of multicast DNS, for tests. */
  readonly multicastPort?: number | undefined;
  readonly now?: () => number;
}

export interface Announcement {
  /** Says goodbye. */
  close(): void;
}

/** One answer goes to all: more often than once a second nobody needs it (RFC 6762 §6). */
const APART_MS = 1_000;
const LONGEST_NAME = 60;

export function announceOffice(options: AnnounceOptions): Announcement {
  const { name, port, transport, loopback, now = Date.now } = options;
  const network = { loopback, port: options.multicastPort };
  const socket = openMulticast(network);
  // Two offices may have the same name.
  const instance = `Tandem ${randomHex(4)}.${SERVICE}`;
  let last = Number.NEGATIVE_INFINITY;

  /** The address is that from which it comes: a computer with several has no better one for whoever hears it. */
  const records = (ttl: number): Answer[] => [
    { name: SERVICE, type: 'PTR', ttl, data: instance },
    { name: instance, type: 'SRV', ttl, data: { port, target: 'tandem-office.local' } },
    { name: instance, type: 'TXT', ttl, data: [`name=${name().slice(0, LONGEST_NAME)}`, `by=${transport}`] },
  ];
  const tell = (): void => {
    if (now() - last < APART_MS) return;
    last = now();
    socket.respond({ answers: records(TTL) });
  };
  socket.on('query', ({ questions = [] }, { address }) => {
    if (isHeard(address, network) && questions.some((one) => is(one.name, SERVICE) && one.type !== 'SRV')) tell();
  });
  socket.on('ready', tell);
  return {
    close() {
      socket.respond({ answers: records(0) }, () => socket.destroy());
    },
  };
}
