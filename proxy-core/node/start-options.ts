/** What it takes to start an exchange, and what one holds of it while it runs. */
import type { PortRange } from '../media/port-pair.ts';
import type { GuardSettings } from '../server/guard/guard.ts';
import type { ExchangeMode, NatPing, RedirectPolicy, RelayMode, Settings } from '../server/settings.ts';
import type { LocalAdmin } from './control/admin.ts';
import type { Log } from './log.ts';
import type { TlsFiles } from './tls/files.ts';
import { type ListenAddress, ListenError, parseListenAddress } from './transport/listen-address.ts';
import type { StreamLimits } from './transport/stream-limits.ts';

/** What phones are told, and asked for, when they register; what is absent is as `defaultSettings` has it. */
export interface RegistrarOptions {
  /** `<sip:…;lr>`, in order (RFC 3608). */
  readonly serviceRoutes?: readonly string[];
  /** Option tags without which no phone may register. */
  readonly requiredExtensions?: readonly string[];
}

/** What one user or address may take, and when an address is kept away; what is absent is as the defaults have it. */
export interface LimitOptions {
  readonly guard?: Partial<Pick<GuardSettings, 'slowAt' | 'banAt' | 'banMs'>>;
  readonly settings?: Partial<
    Pick<Settings, 'contactsPerUser' | 'maxSubscriptions' | 'subscriptionsPerUser' | 'maxTransactions'>
  >;
  readonly streams?: Partial<Pick<StreamLimits, 'connections' | 'connectionsPerAddress'>>;
}

/** Help for phones behind NATs; what is absent is as `defaultSettings` has it. */
export interface NatOptions {
  /** Whose media passes through the exchange. */
  readonly relay?: RelayMode;
  readonly relayCalls?: number;
  readonly relayCallsPerUser?: number;
  readonly relayCallsPerSource?: number;
  /** UDP ports for relayed media. */
  readonly rtpPorts?: PortRange;
  /** The address that phones outside are told for media, where a router with another one stands before the exchange. */
  readonly rtpAddress?: string;
  readonly natPing?: NatPing;
  /** ms. */
  readonly natPingInterval?: number;
}

/** What is kept of the messages that pass; what is absent is as `defaultSettings` has it. */
export interface TraceOptions {
  /** Room in bytes; 0 keeps nothing. */
  readonly traceBytes?: number;
  /** ms. */
  readonly traceAge?: number;
}

export interface StartOptions {
  readonly dataDir: string;
  /** Domains to be responsible for besides those stored; the first becomes the default one. */
  readonly domains: readonly string[];
  /** Such as `udp://192.0.2.1:5060` (see `parseListener`). */
  readonly listen: readonly string[];
  readonly mode: ExchangeMode;
  /** Keeps everything on this machine; taken for granted where every listener is on loopback. */
  readonly loopback?: boolean;
  readonly registrar?: RegistrarOptions;
  /** Networks such as `192.0.2.0/24` whose addresses are never banned or slowed down. Loopback is one of them. */
  readonly trust?: readonly string[];
  /** Whose redirections are followed; those of the office's own devices where it is absent. */
  readonly redirects?: RedirectPolicy;
  /** A TypeScript or JavaScript file with a step of the office's own (docs/routing.md). */
  readonly route?: string;
  readonly limits?: LimitOptions;
  readonly nat?: NatOptions;
  readonly trace?: TraceOptions;
  /** Tells phones that look for an office on this network that one is here (mDNS). */
  readonly announce?: boolean;
  readonly log: Log;
  /** Names of settings that the command line says: what is stored of them has to wait. */
  readonly fixed?: readonly string[];
  /** Certificates for `tls:` and `wss:`; made in the data directory where none are given. */
  readonly tls?: TlsFiles | undefined;
  /** Addresses and ranges (CIDR) of load balancers whose connections begin with a PROXY header. */
  readonly proxyFrom?: readonly string[] | undefined;
  /** Pages that may open a WebSocket, such as `https://phone.example.org`; without any, all may. */
  readonly wsOrigins?: readonly string[] | undefined;
}

export interface ExchangeOptions extends StartOptions {
  /**
   * When a port of `listen` is taken, the next free one is used for all of them. Where `listen` is empty, that is so in
   * any case: UDP and TCP on port 5060 or the next free one.
   */
  readonly nextFreePort?: boolean;
  /** Whether loopback is trusted too, which it is unless a test says otherwise. */
  readonly trustLoopback?: boolean;
  /** Instead of what an office starts from, for tests. */
  readonly guard?: Partial<GuardSettings>;
  readonly settings?: Partial<Settings>;
}

export interface ExchangeHandle {
  /** Where it accepts, as `udp://127.0.0.1:5060`: with the port that the system gave where 0 was asked for. */
  readonly listeners: readonly string[];
  readonly admin: LocalAdmin;
  /** Takes no new requests, lets those under way end, then closes sockets, control socket and store. */
  close(): Promise<void>;
}

/** Why an exchange did not start, in one sentence for a person. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

export const DEFAULT_PORT = 5060;
export const defaultListeners: readonly string[] = [`udp://0.0.0.0:${DEFAULT_PORT}`, `tcp://0.0.0.0:${DEFAULT_PORT}`];

/**
 * Reads `transport://host:port`, an IPv6 address in brackets, with `;advertise=host:port` for where others reach it.
 * @throws StartError with one sentence.
 */
export function parseListener(text: string): ListenAddress {
  try {
    return parseListenAddress(text);
  } catch (error) {
    throw error instanceof ListenError ? new StartError(error.message, { cause: error }) : error;
  }
}
