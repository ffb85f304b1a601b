/** The offices that answer on this network. What they say of themselves is believed no further than to be shown: the code proves the rest. */
import { type Answer, is, isHeard, type MulticastOptions, openMulticast, SERVICE, TTL } from './multicast.ts';

export interface FoundOffice {
  readonly name: string;
  /** Such as `192.0.2.10:5060`. */
  readonly server: string;
}

export interface OfficeFinderOptions extends MulticastOptions {
  readonly now?: () => number;
}

/** So long after it was last asked it stops listening. */
const REST_MS = 15_000;
const ASK_MS = 1_500;
const MOST = 32;
const LONGEST_NAME = 60;

export class OfficeFinder {
  readonly #options: OfficeFinderOptions;
  readonly #now: () => number;
  /** By their names in DNS. */
  readonly #found = new Map<string, FoundOffice & { readonly until: number }>();
  #socket: ReturnType<typeof openMulticast> | undefined;
  #rest: NodeJS.Timeout | undefined;
  #asked = Number.NEGATIVE_INFINITY;

  constructor(options: OfficeFinderOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Those that are known now; asks for others, which are there when it is called again. */
  look(): readonly FoundOffice[] {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.close(), REST_MS);
    this.#rest.unref();
    this.#socket ??= this.#open();
    const now = this.#now();
    if (now - this.#asked >= ASK_MS) {
      this.#asked = now;
      this.#socket.query(SERVICE, 'PTR', () => {});
    }
    for (const [instance, { until }] of this.#found) if (until <= now) this.#found.delete(instance);
    const offices = [...this.#found.values()].map(({ name, server }) => ({ name, server }));
    return offices.sort((a, b) => a.name.localeCompare(b.name) || a.server.localeCompare(b.server));
  }

  close(): void {
    clearTimeout(this.#rest);
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#asked = Number.NEGATIVE_INFINITY;
    this.#found.clear();
  }

  #open(): ReturnType<typeof openMulticast> {
    const socket = openMulticast(this.#options);
    socket.on('response', ({ answers = [], additionals = [] }, { address }) => {
      if (isHeard(address, this.#options)) this.#hear([...answers, ...additionals], address);
    });
    return socket;
  }

  #hear(records: readonly Answer[], address: string): void {
    for (const { name, type, ttl = 0, data } of records) {
      if (type !== 'PTR' || typeof data !== 'string' || !is(name, SERVICE)) continue;
      const of = (wanted: string): unknown => records.find((one) => one.type === wanted && is(one.name, data))?.data;
      const office = ttl > 0 ? officeIn(of('SRV'), of('TXT'), address) : undefined;
      const key = `${address} ${data.toLowerCase()}`;
      if (ttl <= 0) this.#found.delete(key);
      if (office === undefined || (this.#found.size >= MOST && !this.#found.has(key))) continue;
      this.#found.set(key, { ...office, until: this.#now() + Math.min(ttl, TTL) * 1_000 });
    }
  }
}

function officeIn(srv: unknown, txt: unknown, address: string): FoundOffice | undefined {
  const { port } = (srv ?? {}) as { readonly port?: unknown };
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  const texts = (Array.isArray(txt) ? txt : [txt]).slice(0, 8).map((one) => String(one ?? ''));
  const field = (name: string): string => texts.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  const name =
    field('name')
      .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
      .trim()
      .slice(0, LONGEST_NAME) || address;
  const at = `${address}:${port}`;
  return { name, server: field('by') === 'TLS' ? `sip:${at};transport=tls` : at };
}
