/** Who is called by an address of ours, and where that user's devices are (RFC 3261 §16.5, RFC 5627 §4.5). */

import type { SipUri } from '../sip/grammar/uri.ts';
import { deviceTargets } from './device-targets.ts';
import type { ExchangeParts } from './parts.ts';
import { aorOf, type User } from './stores.ts';
import type { Target } from './targets.ts';

export interface Called {
  readonly user: User;
  /** One for each device, best first; empty where none is registered. */
  readonly targets: readonly Target[];
  /** What to answer where there are none: a temporary GRUU is no address any more when its registration has ended. */
  readonly absence: 404 | 480;
}

/** `uri` is in `domain`, which is ours. Undefined where nobody has that number. */
export function calledBy(exchange: ExchangeParts, uri: SipUri, domain: string): Called | undefined {
  const isGruu = uri.params !== '' && uri.has('gr');
  const gruu = isGruu ? exchange.gruus.read(uri, domain) : undefined;
  const number = isGruu ? (gruu?.number ?? '') : uri.userDecoded;
  const user = number === '' ? undefined : exchange.users.find(number, domain);
  if (user === undefined) return undefined;
  let bindings = exchange.locations.lookup(aorOf(user.number, user.domain), exchange.clock.now());
  if (gruu !== undefined) bindings = bindings.filter(gruu.matches);
  const living = exchange.livingFlows.living(bindings);
  return { user, targets: deviceTargets(living), absence: gruu?.isTemporary === true ? 404 : 480 };
}
