/**
 * Where an account's server, or each of its outbound proxies, is to be found: every address that may be tried, best first
 * (RFC 3263 §4, RFC 3261 §8.1.2).
 */
import { isLoopback } from '../../../proxy-core/node/dns.ts';
import type { FailedHops, ServerHop } from '../../../proxy-core/server/failed-hops.ts';
import type { Resolve } from '../../../proxy-core/server/parts.ts';
import { parseUri } from '../../../proxy-core/sip/grammar/uri.ts';
import type { Hop } from '../../../proxy-core/sip/transport/port.ts';
import { accountSettingsOf } from '../../shared/account-settings.ts';
import type { Account } from '../../shared/bridge.ts';
import {
  hostPort,
  readProxies,
  readServer,
  type ServerAddress,
  transportParam,
  usualTransport,
} from '../../shared/server-address.ts';

/** One address of a server or proxy. */
export interface Way {
  readonly hop: ServerHop;
  /** Which outbound proxy it is, from 0; 0 too where there is none. */
  readonly proxy: number;
  /** As typed: what a person trusts a certificate of. */
  readonly server: string;
  /** Of its WebSocket. */
  readonly path: string;
}

export type Found =
  | { readonly ok: true; readonly ways: readonly Way[] }
  | { readonly ok: false; readonly reason: string };

export interface ServerFinderOptions {
  readonly loopback: boolean;
  /** Names those whom a certificate must speak for (`namedHops`). */
  readonly resolve: Resolve;
  readonly failedHops: FailedHops;
}

export class ServerFinder {
  readonly #options: ServerFinderOptions;
  constructor(options: ServerFinderOptions) {
    this.#options = options;
  }

  /** Those of the proxies in order, or of the server where there are none; of each what failed lately comes last. */
  async find(account: Account): Promise<Found> {
    const proxies = readProxies(account.outboundProxy);
    if (!proxies.ok) return proxies;
    if (proxies.value.length === 0) return this.home(account);
    const found = await Promise.all(proxies.value.map((address, proxy) => this.#waysTo(address, account, proxy)));
    const ways = found.flatMap((one) => (one.ok ? one.ways : []));
    return ways.length === 0 ? (found[0] ?? { ok: false, reason: 'There is no server.' }) : { ok: true, ways };
  }

  /** Those of the server itself, past any proxy. */
  async home(account: Account): Promise<Found> {
    const server = readServer(account.server);
    return server.ok ? this.#waysTo(server.value, account, 0) : server;
  }

  async #waysTo(address: ServerAddress, account: Account, proxy: number): Promise<Found> {
    const { loopback, failedHops, resolve } = this.#options;
    const home = readServer(account.server);
    const transport =
      address.transport ?? usualTransport(home.ok ? home.value : address, accountSettingsOf(account).transport);
    const scheme = transport === 'WSS' ? 'sips' : 'sip';
    const uri = parseUri(`${scheme}:${hostPort(address)}${transportParam(transport)}`);
    const unfound = { ok: false, reason: `The server ${address.host} cannot be found.` } as const;
    if (!uri.ok) return unfound;
    const found = (await resolve(uri.value)).filter((hop) => hop.port > 0);
    const hops = found.filter((hop) => !loopback || isLoopback(hop.host));
    if (hops.length === 0) {
      return loopback
        ? {
            ok: false,
            reason: `Only servers on this computer (127.0.0.1) can be reached now; ${address.host} is none.`,
          }
        : unfound;
    }
    const server = address.host.replace(/^\[|\]$/g, '');
    return { ok: true, ways: failedHops.order(hops).map((hop) => ({ hop, proxy, server, path: address.path })) };
  }
}

export const sameHop = (a: Hop, b: Hop | undefined): boolean =>
  b !== undefined && a.host === b.host && a.port === b.port && a.transport === b.transport;
