/** The STUN server of an account as typed, found (RFC 8489 §8, without SRV). */
import { lookup } from 'node:dns/promises';
import { isLoopback } from '../../../proxy-core/node/dns.ts';
import { readServer } from '../../shared/server-address.ts';

const STUN_PORT = 3_478;
/** A call does not wait for a name for longer. */
const PATIENCE_MS = 1_500;

/** Undefined where none is wanted, where it has no address of this family, and where it may not be asked. */
export async function findStunServer(
  typed: string,
  family: 4 | 6,
  loopback: boolean,
): Promise<{ readonly address: string; readonly port: number } | undefined> {
  const read = readServer(typed);
  if (!read.ok) return undefined;
  const { host, port = STUN_PORT } = read.value;
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
  return found?.family === family ? { address: found.address, port } : undefined;
}
