/** The addresses that follow from what a person typed when signing in: registrar, address of record, first route. */
import { toBytes } from '../../../proxy-core/sip/grammar/text.ts';
import { escapeUser } from '../../../proxy-core/sip/grammar/uri.ts';
import { isSecure } from '../../../proxy-core/sip/transport/port.ts';
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
  /** Its own address is a `sips:` one: what concerns it is protected on every hop, or is not done (RFC 5630). */
  readonly secure: boolean;
  /** Whether requests other than REGISTER take it too, where the registrar prescribes no way. */
  readonly routesForAll: boolean;
}

export type ReadAccount =
  | { readonly ok: true; readonly value: AccountAddress }
  | { readonly ok: false; readonly reason: string };

/** Of an account without a server: numbers alone lead nowhere. */
const nowhere = { domain: '', registrar: '', aor: '', routes: [], secure: false, routesForAll: false } as const;

export function readAccount(account: Account): ReadAccount {
  const number = account.number.trim();
  if (number === '') return { ok: false, reason: 'The account has no number.' };
  const user = escapeUser(toBytes(number));
  const isDirect = !accountSettingsOf(account).registrar;
  if (isDirect && account.server.trim() === '') return { ok: true, value: { ...nowhere, user } };
  const server = readServer(account.server);
  if (!server.ok) return server;
  const domain = hostPort(server.value);
  const scheme = server.value.isSips === true ? 'sips' : 'sip';
  const proxies = readProxies(account.outboundProxy);
  if (!proxies.ok) return proxies;
  const { transport: wanted, proxyUse } = accountSettingsOf(account);
  const secure = server.value.isSips === true;
  const usual = usualTransport(server.value, wanted);
  const open = proxies.value.find(({ transport = usual }) => transport === undefined || !isSecure(transport));
  if (secure && open !== undefined)
    return { ok: false, reason: `A server with sips: can only be reached by TLS or WSS, also through ${open.host}.` };
  const withTransport = (address: ServerAddress): string => {
    const transport = address.transport ?? usual;
    // `transport=tls` has no place beside `sips:` (RFC 5630 §3.1.3).
    const named = secure && transport === 'TLS' ? undefined : transport;
    return `${scheme}:${hostPort(address)}${transportParam(named)}`;
  };
  return {
    ok: true,
    value: {
      user,
      domain,
      // What the proxy is to do is its own affair.
      registrar:
        proxies.value.length > 0
          ? `${scheme}:${domain}${secure ? '' : transportParam(server.value.transport)}`
          : withTransport(server.value),
      secure,
      aor: `${scheme}:${user}@${domain}`,
      routes: proxies.value.map((proxy) => `<${withTransport(proxy)};lr>`),
      routesForAll: proxyUse === 'all',
    },
  };
}
