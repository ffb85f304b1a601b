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

/** The addresses of a name; rejects where it has none of this family. */
type Lookup = (name: string, options: { readonly family: 4 | 6 }) => Promise<{ address: string; family: number }>;

export interface FoundServers {
  readonly servers: IceServers;
  /** Why one of them is missing, as a sentence; empty where none is. */
  readonly trouble: string;
}

/** Those that are wanted, have an address of this family, and may be asked. */
export async function findIceServers(
  { stunServer, turnServer, turnTransport: transport, turnUser: username }: Servers,
  password: string,
  family: 4 | 6,
  loopback: boolean,
  resolve: Lookup = lookup,
): Promise<FoundServers> {
  const [stun, turn] = await Promise.all([
    find('STUN', stunServer, PORT, family, loopback, resolve),
    find('TURN', turnServer, transport === 'tls' ? TLS_PORT : PORT, family, loopback, resolve),
  ]);
  const { found: at } = turn;
  return {
    servers: { stun: stun.found?.endpoint, turn: at && { ...at, transport, username, password } },
    trouble: [stun.trouble, turn.trouble].filter((sentence) => sentence !== '').join(' '),
  };
}

interface Find {
  readonly found?: { readonly endpoint: { readonly address: string; readonly port: number }; readonly name: string };
  readonly trouble: string;
}

const NOTHING: Find = { trouble: '' };

async function find(
  kind: 'STUN' | 'TURN',
  typed: string,
  usualPort: number,
  family: 4 | 6,
  loopback: boolean,
  resolve: Lookup,
): Promise<Find> {
  const read = typed === '' ? undefined : readServer(typed);
  if (!read?.ok) return NOTHING;
  const { host, port = usualPort } = read.value;
  const name = host.replace(/^\[|\]$/g, '');
  // With --loopback no name leaves this computer either.
  if (loopback && !isLoopback(name)) return NOTHING;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, undefined);
  });
  const found = await Promise.race([resolve(name, { family }).catch(() => undefined), late]);
  clearTimeout(timer);
  if (found === undefined) return { trouble: `The ${kind} server ${host} cannot be found.` };
  // A literal of another family is found as it is.
  return found.family === family
    ? { found: { endpoint: { address: found.address, port }, name }, trouble: '' }
    : NOTHING;
}
