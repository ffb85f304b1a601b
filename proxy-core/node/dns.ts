/**
 * From a URI to the addresses to try, best first (RFC 3263 §4): numeric hosts at once, names through NAPTR, SRV and
 * address records. Answers are remembered for a short while; only transports that the exchange speaks are looked for.
 */
import { promises as dns, type LookupAddress, type NaptrRecord, Resolver, type SrvRecord } from 'node:dns';
import type { Resolve } from '../server/parts.ts';
import { numericHop, transportOf } from '../server/targets.ts';
import type { SipUri } from '../sip/grammar/uri.ts';
import { defaultPort } from '../sip/transport/layer.ts';
import type { Hop, TransportName } from '../sip/transport/port.ts';

/** The questions asked of DNS; each gives an empty list where there is no such record. */
export interface DnsPort {
  naptr(name: string): Promise<readonly NaptrRecord[]>;
  srv(name: string): Promise<readonly SrvRecord[]>;
  addresses(name: string): Promise<readonly string[]>;
}

export interface ResolverOptions {
  /** Transports that we listen on, the preferred one first. */
  readonly transports: readonly TransportName[];
  /** Nothing but this machine is reached, and no question leaves it. */
  readonly loopback: boolean;
  readonly dns?: DnsPort;
  readonly now?: () => number;
}

const REMEMBER_MS = 30_000;
const REMEMBER_FAILURE_MS = 3_000;
const MAX_REMEMBERED = 1_000;
const MAX_HOPS = 8;
const MAX_SERVICES = 4;

interface Remembered {
  readonly hops: Promise<readonly Hop[]>;
  until: number;
}

export function createResolver(options: ResolverOptions): Resolve {
  const { transports, loopback, now = Date.now } = options;
  const port = options.dns ?? systemDns();
  const remembered = new Map<string, Remembered>();
  const allowed = (hop: Hop): boolean => transports.includes(hop.transport) && (!loopback || isLoopback(hop.host));

  return (uri: SipUri) => {
    const numeric = numericHop(uri);
    if (numeric !== undefined) return allowed(numeric) ? [numeric] : [];
    const transport = transportOf(uri);
    if (transport === undefined) return [];
    const host = (uri.param('maddr') ?? uri.host).toLowerCase();
    if (host === 'localhost') {
      const hop = { transport, host: '127.0.0.1', port: uri.port ?? defaultPort(transport) };
      return allowed(hop) ? [hop] : [];
    }
    if (loopback) return [];
    const key = `${uri.scheme} ${host} ${uri.port ?? ''} ${uri.param('transport') ?? ''}`;
    const known = remembered.get(key);
    if (known !== undefined && known.until > now()) return known.hops;
    const asked = ask(port, uri, host, transports).then((hops) => hops.filter(allowed).slice(0, MAX_HOPS));
    const entry: Remembered = { hops: asked, until: now() + REMEMBER_MS };
    const forgetSoon = (): void => {
      entry.until = now() + REMEMBER_FAILURE_MS;
    };
    asked.then((hops) => hops.length === 0 && forgetSoon(), forgetSoon);
    remembered.delete(key);
    remembered.set(key, entry);
    if (remembered.size > MAX_REMEMBERED)
      for (const oldest of remembered.keys()) {
        remembered.delete(oldest);
        break;
      }
    return asked;
  };
}

async function ask(port: DnsPort, uri: SipUri, host: string, spoken: readonly TransportName[]): Promise<Hop[]> {
  const named = uri.has('transport') || uri.scheme === 'sips' ? transportOf(uri) : undefined;
  if (uri.port !== undefined) return addressHops(port, host, uri.port, named ?? 'UDP');
  for (const { transport, name } of await services(port, host, named, uri.scheme === 'sips', spoken)) {
    const records = byPriority(await port.srv(name));
    // A single "." says that there is no such service here (RFC 2782).
    if (records.length === 0 || records[0]?.name === '') continue;
    const hops: Hop[] = [];
    for (const record of records.slice(0, MAX_HOPS)) {
      hops.push(...(await addressHops(port, record.name.toLowerCase(), record.port, transport)));
    }
    if (hops.length > 0) return hops;
  }
  const transport = named ?? 'UDP';
  return addressHops(port, host, defaultPort(transport), transport);
}

interface Service {
  readonly transport: TransportName;
  readonly name: string;
}

const NAPTR_SERVICES: Readonly<Record<string, TransportName>> = {
  'SIP+D2U': 'UDP',
  'SIP+D2T': 'TCP',
  'SIPS+D2T': 'TLS',
};

/** Which SRV names to ask, in order (§4.1): as NAPTR says, else the usual ones of the transports that we speak. */
async function services(
  port: DnsPort,
  host: string,
  named: TransportName | undefined,
  secure: boolean,
  spoken: readonly TransportName[],
): Promise<Service[]> {
  if (named === undefined) {
    const records = [...(await port.naptr(host))].sort((a, b) => a.order - b.order || a.preference - b.preference);
    const found = records.flatMap(({ flags, service, replacement }): Service[] => {
      const transport = NAPTR_SERVICES[service.toUpperCase()];
      // With any other flag the replacement is no name to ask SRV for (§4.1).
      return flags.toLowerCase() === 's' && transport !== undefined && spoken.includes(transport)
        ? [{ transport, name: replacement }]
        : [];
    });
    // Each is one more question: who owns a name must not have us ask thousands.
    if (found.length > 0) return found.slice(0, MAX_SERVICES);
  }
  const usual: readonly TransportName[] = named === undefined ? spoken : [named];
  return usual.flatMap((transport) => {
    const label = srvLabel(transport, secure);
    return label === undefined ? [] : [{ transport, name: `${label}.${host}` }];
  });
}

function srvLabel(transport: TransportName, secure: boolean): string | undefined {
  if (secure || transport === 'TLS') return '_sips._tcp';
  if (transport === 'UDP') return '_sip._udp';
  return transport === 'TCP' ? '_sip._tcp' : undefined;
}

async function addressHops(port: DnsPort, name: string, at: number, transport: TransportName): Promise<Hop[]> {
  return (await port.addresses(name)).map((host) => ({ transport, host, port: at }));
}

/** Lower priority first; within one, chance weighed as RFC 2782 says. */
export function byPriority(records: readonly SrvRecord[], random: () => number = Math.random): SrvRecord[] {
  const left = [...records].sort((a, b) => a.priority - b.priority || a.weight - b.weight);
  const ordered: SrvRecord[] = [];
  while (left.length > 0) {
    const group = left.filter((record) => record.priority === left[0]?.priority);
    const point = random() * group.reduce((sum, { weight }) => sum + weight, 0);
    let sum = 0;
    const chosen = group.find(({ weight }) => {
      sum += weight;
      return sum >= point;
    });
    if (chosen === undefined) break;
    ordered.push(chosen);
    left.splice(left.indexOf(chosen), 1);
  }
  return ordered;
}

export const isLoopback = (host: string): boolean => host === '::1' || /^127\./.test(host);

function systemDns(): DnsPort {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 });
  const query = <T>(run: (done: (error: Error | null, records: T[]) => void) => void): Promise<readonly T[]> =>
    // No such record and no answer come to the same: the next way is tried.
    new Promise((resolve) => run((error, records) => resolve(error === null ? records : [])));
  return {
    naptr: (name) => query((done) => resolver.resolveNaptr(name, done)),
    srv: (name) => query((done) => resolver.resolveSrv(name, done)),
    addresses: (name) =>
      dns.lookup(name, { all: true, verbatim: true }).then(
        (found: LookupAddress[]) => found.map(({ address }) => address),
        () => [],
      ),
  };
}
