/** Who lost the right to a registration while it was being stored: his password was revoked, or his user removed. */
import type { RequestContext } from './request-context.ts';
import { type Answer, answer } from './step.ts';
import type { Aor, User } from './stores.ts';

/**
 * To be asked again after the wait for the disk. What is left of the registration then goes.
 * @returns the answer instead of a success; undefined where nothing has changed.
 */
export function endIfRevoked({ exchange, device }: RequestContext, user: User, aor: Aor): Answer | undefined {
  const now = exchange.users.find(user.number, user.domain);
  const isThere = now !== undefined && now.number === user.number;
  if (isThere && (device === '' || now.devices?.some(({ label }) => label === device) === true)) return undefined;
  const { locations, clock, log } = exchange;
  const held = locations.lookup(aor, clock.now());
  const kept = isThere ? held.filter((binding) => binding.device !== device) : [];
  if (kept.length < held.length) {
    locations.replace(aor, kept).catch((cause: unknown) => log.error('could not end a binding', { aor, cause }));
  }
  return answer(403, 'Revoked');
}
