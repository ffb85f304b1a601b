/** From a target to the addresses to try: those that are known of it, else what its URI or first Route resolves to. */
import type { ServerHop } from './failed-hops.ts';
import { nextHopUri } from './forwarding.ts';
import { HopList } from './hop-list.ts';
import { withTcpFirst } from './large-requests.ts';
import type { RequestContext } from './request-context.ts';
import type { Target } from './targets.ts';

/** At once where nothing has to be looked up. What cannot be resolved gives an empty list. */
export function findHops(context: RequestContext, target: Target): HopList | Promise<HopList> {
  const { exchange, routes } = context;
  const listed = (hops: readonly ServerHop[]): HopList =>
    new HopList(exchange.failedHops, withTcpFirst(context, target, hops));
  const known = routes.length > 0 ? undefined : target.hops;
  const hops = known ?? exchange.resolve(nextHopUri(context, target));
  if (!(hops instanceof Promise)) return listed(hops);
  return hops.then(listed, (cause: unknown) => {
    exchange.log.warn('could not resolve a target', { target: target.uriText, cause });
    return listed([]);
  });
}
