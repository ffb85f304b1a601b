/**
 * Which of our addresses a peer sees, for a listener that is bound to all of them: goes into Via, where the answer is
 * sent (RFC 3261 §18.1.1).
 */
import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

interface Entry {
  address: string;
  readonly until: number;
}

const MAX_ENTRIES = 1000;
/** A laptop changes its network: what was learned is asked again after this many ms. */
const LIFETIME_MS = 30_000;

export class LocalAddresses {
  readonly #known = new Map<string, Entry>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Our address towards `host`, at once. Where only the routing table knows, it is asked for the next time. */
  towards(host: string): string {
    const known = this.#known.get(host);
    if (known !== undefined && known.until > this.#now()) return known.address;
    const near = nearAddress(host);
    const entry: Entry = {
      address: near ?? known?.address ?? anyAddress(isIP(host)),
      until: this.#now() + LIFETIME_MS,
    };
    if (this.#known.size >= MAX_ENTRIES) this.#known.clear();
    this.#known.set(host, entry);
    if (near === undefined) {
      askRoute(host, (address) => {
        entry.address = address;
      });
    }
    return entry.address;
  }
}

/** The address of the interface in whose network `host` is. */
function nearAddress(host: string): string | undefined {
  const bits = toBits(host);
  if (bits === undefined) return undefined;
  for (const list of Object.values(networkInterfaces())) {
    for (const { address, cidr } of list ?? []) {
      const length = Number(cidr?.split('/')[1]);
      const own = toBits(address);
      if (own?.length === bits.length && own.slice(0, length) === bits.slice(0, length)) return address;
    }
  }
  return undefined;
}

/** The first address that is not loopback; loopback where there is no network. */
function anyAddress(family: number): string {
  for (const list of Object.values(networkInterfaces())) {
    for (const { address, internal } of list ?? []) {
      if (!internal && isIP(address) === family && !address.startsWith('fe80')) return address;
    }
  }
  return family === 6 ? '::1' : '127.0.0.1';
}

/** Connecting a datagram socket sends nothing, but makes the system choose the address that it would send from. */
function askRoute(host: string, answer: (address: string) => void): void {
  const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
  socket.unref();
  socket.on('error', () => socket.close());
  socket.connect(9, host, () => {
    answer(socket.address().address);
    socket.close();
  });
}

/** An address as a string of bits; undefined for what is none. */
function toBits(address: string): string | undefined {
  const plain = address.split('%')[0] ?? '';
  const bits = (value: number, width: number): string => value.toString(2).padStart(width, '0');
  if (isIP(plain) === 4) {
    return plain
      .split('.')
      .map((part) => bits(Number(part), 8))
      .join('');
  }
  if (isIP(plain) !== 6) return undefined;
  const [head = '', tail] = plain.split('::');
  const groups = (text: string): number[] =>
    text === ''
      ? []
      : text.split(':').flatMap((group) => {
          if (!group.includes('.')) return [Number.parseInt(group, 16)];
          const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
          return [a * 256 + b, c * 256 + d];
        });
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  const zeros = new Array<number>(Math.max(0, 8 - first.length - last.length)).fill(0);
  return [...first, ...zeros, ...last].map((group) => bits(group, 16)).join('');
}
