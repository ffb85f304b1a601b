/**
 * From a URI to the addresses to try, best first (RFC 3263 §4): numeric hosts at once, names through NAPTR, SRV and
 * address records. Answers are remembered for a short while; only transports that the exchange speaks are looked for.
 */
import { promises as dns, type LookupAddress, type NaptrRecord, Resolver, type SrvRecord } from 'node:dns';
import type { ServerHop } from '../server/failed-hops.ts';
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
  readonly random?: () => number;
  /** How long a request waits for DNS, in ms. */
  readonly limitMs?: number;
}

const REMEMBER_MS = 30_000;
const REMEMBER_FAILURE_MS = 3_000;
const MAX_REMEMBERED = 1_000;
/** Names that are being asked for at once: whoever names ever new ones must not fill the resolver. */
const MAX_ASKED = 100;
const MAX_HOPS = 8;
const MAX_SERVICES = 4;
const LIMIT_MS = 6_000;

/** One server of an SRV record, or a host without one, with its addresses. */
interface Server {
  readonly priority: number;
  readonly weight: number;
  readonly hops: readonly ServerHop[];
}

/** What is known of a URI: services in order, each with its servers. Which server is first is drawn for each request. */
type Plan = readonly (readonly Server[])[];

interface Remembered {
  plan: Plan | undefined;
  readonly asked: Promise<Plan>;
  until: number;
}

export function createResolver(options: ResolverOptions): Resolve {
  const { transports, loopback, now = Date.now, random = Math.random, limitMs = LIMIT_MS } = options;
  const port = options.dns ?? systemDns();
  const remembered = new Map<string, Remembered>();
  let asking = 0;
  const allowed = (hop: Hop): boolean => transports.includes(hop.transport) && (!loopback || isLoopback(hop.host));
  const ordered = (plan: Plan): readonly ServerHop[] =>
    plan
      .flatMap((servers) => byPriority(servers, random).flatMap(({ hops }) => hops))
      .filter(allowed)
      .slice(0, MAX_HOPS);

  const lookUp = (uri: SipUri, host: string, key: string): Remembered => {
    asking++;
    const entry: Remembered = {
      plan: undefined,
      asked: ask(port, uri, host, transports).finally(() => asking--),
      until: now() + REMEMBER_MS,
    };
    const keep = (plan: Plan): void => {
      entry.plan = plan;
      if (plan.length === 0) entry.until = now() + REMEMBER_FAILURE_MS;
    };
    entry.asked.then(keep, () => keep([]));
    remembered.delete(key);
    remembered.set(key, entry);
    if (remembered.size > MAX_REMEMBERED)
      for (const oldest of remembered.keys()) {
        remembered.delete(oldest);
        break;
      }
    return entry;
  };

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
    const isFresh = known !== undefined && known.until > now();
    if (!isFresh && asking >= MAX_ASKED) return [];
    const entry = isFresh ? known : lookUp(uri, host, key);
    return entry.plan === undefined ? inTime(entry.asked.then(ordered), limitMs) : ordered(entry.plan);
  };
}

/** Nothing where it takes longer; what comes later is there for the next request. */
function inTime(found: Promise<readonly ServerHop[]>, limitMs: number): Promise<readonly ServerHop[]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve([]), limitMs);
    found.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

async function ask(port: DnsPort, uri: SipUri, host: string, spoken: readonly TransportName[]): Promise<Plan> {
  const secure = uri.scheme === 'sips';
  const named = uri.has('transport') || secure ? transportOf(uri) : undefined;
  if (uri.port !== undefined) return hostPlan(port, host, uri.port, named ?? 'UDP');
  const found = await services(port, host, uri.has('transport') ? named : undefined, secure, spoken);
  const plan = await Promise.all(found.map((service) => servers(port, service)));
  const answered = plan.filter((group) => group.length > 0);
  if (answered.length > 0) return answered;
  const transport = named ?? 'UDP';
  return hostPlan(port, host, defaultPort(transport), transport);
}

/** Without SRV each address stands for itself. */
async function hostPlan(port: DnsPort, name: string, at: number, transport: TransportName): Promise<Plan> {
  const hops = (await port.addresses(name)).map((host) => ({ transport, host, port: at }));
  return hops.length === 0 ? [] : [[{ priority: 0, weight: 0, hops }]];
}

async function servers(port: DnsPort, { transport, name }: Service): Promise<readonly Server[]> {
  const records = await port.srv(name);
  // A single "." says that there is no such service here (RFC 2782).
  const real = records.filter((record) => record.name !== '').slice(0, MAX_HOPS * 2);
  const found = await Promise.all(
    real.map(async ({ name: target, port: at, priority, weight }): Promise<Server> => {
      const server = `${transport} ${target.toLowerCase()}:${at}`;
      const addresses = await port.addresses(target.toLowerCase());
      return { priority, weight, hops: addresses.map((host) => ({ transport, host, port: at, server })) };
    }),
  );
  return found.filter(({ hops }) => hops.length > 0);
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
      const fits = transport !== undefined && spoken.includes(transport) && (!secure || transport === 'TLS');
      // With any other flag the replacement is no name to ask SRV for (§4.1).
      return fits && flags.toLowerCase() === 's' ? [{ transport, name: replacement }] : [];
    });
    // Each is one more question: who owns a name must not have us ask thousands.
    if (found.length > 0) return found.slice(0, MAX_SERVICES);
  }
  // WebSocket is found by address records only (RFC 7118 §5).
  const usual: readonly TransportName[] = named === undefined ? (secure ? ['TLS'] : spoken) : [named];
  return usual.flatMap((transport) => {
    const label = srvLabel(transport);
    return label === undefined ? [] : [{ transport, name: `${label}.${host}` }];
  });
}

function srvLabel(transport: TransportName): string | undefined {
  if (transport === 'TLS') return '_sips._tcp';
  if (transport === 'UDP') return '_sip._udp';
  return transport === 'TCP' ? '_sip._tcp' : undefined;
}

/** Lower priority first; within one, chance weighed as RFC 2782 says. */
export function byPriority<T extends { readonly priority: number; readonly weight: number }>(
  records: readonly T[],
  random: () => number = Math.random,
): readonly T[] {
  if (records.length < 2) return records;
  const left = [...records].sort((a, b) => a.priority - b.priority || a.weight - b.weight);
  const ordered: T[] = [];
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
