/**
 * Whether credentials were made for the request that they stand in (RFC 7616 §3.4.6): who holds a request up on its way
 * must not aim it at another number. Written differently is not different, and neither is another name of ours.
 */
import { parseUri } from '../sip/grammar/uri.ts';
import type { SipRequest } from '../sip/message/message.ts';
import type { Identity } from './identity.ts';

export function isMadeFor(digestUri: string, { uri, uriText }: SipRequest, identity: Identity): boolean {
  if (digestUri === uriText) return true;
  const parsed = parseUri(digestUri);
  if (!parsed.ok || !parsed.value.isSip) return false;
  const meant = parsed.value;
  // Some name the server alone, sipp for one.
  if (meant.user !== '' && meant.userDecoded !== uri.userDecoded) return false;
  const domain = identity.domainOf(meant);
  if (domain !== undefined && domain === identity.domainOf(uri)) return true;
  return meant.host.toLowerCase() === uri.host.toLowerCase() && meant.port === uri.port;
}
