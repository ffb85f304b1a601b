/** The addresses that follow from what a person typed when signing in: registrar, address of record, first route. */
import { toBytes } from '../../../proxy-core/sip/grammar/text.ts';
import { escapeUser } from '../../../proxy-core/sip/grammar/uri.ts';
import { accountSettingsOf } from '../../shared/account-settings.ts';
import type { Account } from '../../shared/bridge.ts';
import {
  hostPort,
  readProxies,
  readServer,
  type ServerAddress,
  SIGNAL_TRANSPORTS,
  transportParam,
} from '../../shared/server-address.ts';

export interface AccountAddress {
  /** User part, escaped, as a binary string. */
  readonly user: string;
  /** `host` or `host:port`; empty where there is no server. */
  readonly domain: string;
  /** Request-URI of REGISTER. */
  readonly registrar: string;
  /** Address of record, `sip:user@domain`; empty where there is no server. */
  readonly aor: string;
  /** The Route to each outbound proxy, in order; none without. */
  readonly routes: readonly string[];
  /** Whether requests other than REGISTER take it too, where the registrar prescribes no way. */
  readonly routesForAll: boolean;
}

export type ReadAccount =
  | { readonly ok: true; readonly value: AccountAddress }
  | { readonly ok: false; readonly reason: string };

/** Of an account without a server: numbers alone lead nowhere. */
const nowhere = { domain: '', registrar: '', aor: '', routes: [], routesForAll: false } as const;

export function readAccount(account: Account): ReadAccount {
  const number = account.number.trim();
  if (number === '') return { ok: false, reason: 'The account has no number.' };
  const user = escapeUser(toBytes(number));
  const isDirect = !accountSettingsOf(account).registrar;
  if (isDirect && account.server.trim() === '') return { ok: true, value: { ...nowhere, user } };
  const server = readServer(account.server);
  if (!server.ok) return server;
  const domain = hostPort(server.value);
  const proxies = readProxies(account.outboundProxy);
  if (!proxies.ok) return proxies;
  const { transport: wanted, proxyUse } = accountSettingsOf(account);
  const usual = SIGNAL_TRANSPORTS.find((known) => known.toLowerCase() === wanted);
  const withTransport = (address: ServerAddress): string =>
    `sip:${hostPort(address)}${transportParam(address.transport ?? usual)}`;
  return {
    ok: true,
    value: {
      user,
      domain,
      // What the proxy is to do is its own affair.
      registrar:
        proxies.value.length > 0
          ? `sip:${domain}${transportParam(server.value.transport)}`
          : withTransport(server.value),
      aor: `sip:${user}@${domain}`,
      routes: proxies.value.map((proxy) => `<${withTransport(proxy)};lr>`),
      routesForAll: proxyUse === 'all',
    },
  };
}
