/** Takes a code to an office, and makes an account of what the office gives for it. */
import { isLoopback } from '../../../proxy-core/node/dns.ts';
import { readCode } from '../../../proxy-core/node/join/code.ts';
import type { Door } from '../../../proxy-core/node/join/conversation.ts';
import { joinOffice } from '../../../proxy-core/node/join/join-office.ts';
import type { Grant } from '../../../proxy-core/node/join/messages.ts';
import type { Account, Outcome } from '../../shared/bridge.ts';
import { readServer, type ServerAddress } from '../../shared/server-address.ts';
import type { JoinedOffice } from '../../shared/services.ts';
import { textOf } from '../../shared/text-of.ts';

export interface Joining {
  readonly server: string;
  readonly code: string;
  /** What this computer calls itself. */
  readonly device: string;
}

const NO_CODE = 'A code has nine letters and digits, such as K7M-4QP-9XT.';
const BY_STREAM = 'Codes are taken by TCP or TLS: leave the transport away.';

/** @param loopback whether nothing but this computer may be reached. */
export async function join(
  { server, code: typed, device }: Joining,
  loopback: boolean,
): Promise<Outcome<JoinedOffice>> {
  const code = readCode(typed);
  if (code === undefined) return { ok: false, reason: NO_CODE };
  const read = readServer(server);
  if (!read.ok) return read;
  const door = doorOf(read.value);
  if (door === undefined) return { ok: false, reason: BY_STREAM };
  if (loopback && !isLoopback(door.host)) {
    return {
      ok: false,
      reason: `Only servers on this computer (127.0.0.1) can be reached now; ${door.host} is none.`,
    };
  }
  try {
    return { ok: true, value: accountOf(await joinOffice(door, code, device), door) };
  } catch (error) {
    return { ok: false, reason: textOf(error) };
  }
}

function doorOf({ host, port, transport }: ServerAddress): Door | undefined {
  if (transport === 'WS' || transport === 'WSS') return undefined;
  const isTls = transport === 'TLS';
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: port ?? (isTls ? 5061 : 5060),
    transport: isTls ? 'TLS' : 'TCP',
  };
}

/** The best first: encrypted, then what desk phones use too. */
const ORDER = ['TLS', 'UDP', 'TCP', 'WSS', 'WS'] as const;

/** How the new account reaches the office that was joined by `door`. */
export function accountOf(grant: Grant, door: Door): JoinedOffice {
  const { number, domain, isDefault, name, password, certificate } = grant;
  const ways = [...grant.ways].sort((a, b) => ORDER.indexOf(a.transport) - ORDER.indexOf(b.transport));
  const way = ways[0] ?? { transport: door.transport, port: door.port };
  const host = way.host ?? door.host;
  const at = `${host.includes(':') ? `[${host}]` : host}:${way.transport === door.transport ? door.port : way.port}`;
  const reached = { TLS: `sip:${at};transport=tls`, UDP: at, TCP: `sip:${at};transport=tcp` };
  const server =
    way.transport === 'WSS' || way.transport === 'WS'
      ? `${way.transport.toLowerCase()}://${at}`
      : reached[way.transport];
  const account: Omit<Account, 'id'> = {
    ...{ number, displayName: name },
    // The exchange takes its own address for its first domain; others have to be named.
    ...(isDefault ? { server, outboundProxy: '' } : { server: domain, outboundProxy: server }),
    ...(certificate !== undefined &&
      (way.transport === 'TLS' || way.transport === 'WSS') && {
        trusted: [{ server: host, ...certificate, authority: '' }],
      }),
  };
  return { account, password };
}
