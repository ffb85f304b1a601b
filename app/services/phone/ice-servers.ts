/** The STUN and TURN servers of an account as typed, found (RFC 8489 §8, RFC 8656 §3.2, without SRV). */
import { lookup } from 'node:dns/promises';
import type { IceServers } from '../../../proxy-core/media/index.ts';
import { isLoopback } from '../../../proxy-core/node/dns.ts';
import type { CallSettings } from '../../shared/call-settings.ts';
import { readServer } from '../../shared/server-address.ts';

const PORT = 3_478;
const TLS_PORT = 5_349;
/** A call does not wait for a name for longer. */
const PATIENCE_MS = 1_500;

type Servers = Pick<CallSettings, 'stunServer' | 'turnServer' | 'turnTransport' | 'turnUser'>;

/** Those that are wanted, have an address of this family, and may be asked. */
export async function findIceServers(
  { stunServer, turnServer, turnTransport: transport, turnUser: username }: Servers,
  password: string,
  family: 4 | 6,
  loopback: boolean,
): Promise<IceServers> {
  const [stun, turn] = await Promise.all([
    find(stunServer, PORT, family, loopback),
    find(turnServer, transport === 'tls' ? TLS_PORT : PORT, family, loopback),
  ]);
  return {
    stun: stun?.endpoint,
    turn: turn && { ...turn, transport, username, password },
  };
}

async function find(typed: string, usualPort: number, family: 4 | 6, loopback: boolean) {
  const read = typed === '' ? undefined : readServer(typed);
  if (!read?.ok) return undefined;
  const { host, port = usualPort } = read.value;
  const name = host.replace(/^\[|\]$/g, '');
  // With --loopback no name leaves this computer either.
  if (loopback && !isLoopback(name)) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, undefined);
  });
  const found = await Promise.race([lookup(name, { family }).catch(() => undefined), late]);
  clearTimeout(timer);
  // A literal of another family is found as it is.
  return found?.family === family ? { endpoint: { address: found.address, port }, name } : undefined;
}
