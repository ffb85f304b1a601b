/** The addresses that follow from what a person typed when signing in: registrar, address of record, first route. */
import { toBytes } from '../../../proxy-core/sip/grammar/text.ts';
import { escapeUser } from '../../../proxy-core/sip/grammar/uri.ts';
import type { Account } from '../../shared/bridge.ts';
import { readServer, type ServerAddress } from '../../shared/server-address.ts';

export interface AccountAddress {
  /** User part, escaped, as a binary string. */
  readonly user: string;
  /** `host` or `host:port`. */
  readonly domain: string;
  /** Request-URI of REGISTER. */
  readonly registrar: string;
  /** Address of record, `sip:user@domain`. */
  readonly aor: string;
  /** Preloaded Route of every request outside a dialog, or none. */
  readonly routes: readonly string[];
}

export type ReadAccount =
  | { readonly ok: true; readonly value: AccountAddress }
  | { readonly ok: false; readonly reason: string };

export function readAccount(account: Account): ReadAccount {
  const server = readServer(account.server);
  if (!server.ok) return server;
  const number = account.number.trim();
  if (number === '') return { ok: false, reason: 'The account has no number.' };
  const user = escapeUser(toBytes(number));
  const domain = hostPort(server.value);
  const routes: string[] = [];
  if (account.outboundProxy.trim() !== '') {
    const proxy = readServer(account.outboundProxy);
    if (!proxy.ok) return proxy;
    const transport = proxy.value.transport === 'TCP' ? ';transport=tcp' : '';
    routes.push(`<sip:${hostPort(proxy.value)}${transport};lr>`);
  }
  const transport = server.value.transport === 'TCP' ? ';transport=tcp' : '';
  return {
    ok: true,
    value: { user, domain, registrar: `sip:${domain}${transport}`, aor: `sip:${user}@${domain}`, routes },
  };
}

const hostPort = ({ host, port }: ServerAddress): string => (port === undefined ? host : `${host}:${port}`);
