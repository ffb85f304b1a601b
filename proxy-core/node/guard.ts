/** The guard with what it needs of this program: the bans that were kept, whom the office trusts, and who has registered. */
import { Guard, type GuardSettings } from '../server/guard/guard.ts';
import type { ExchangeLog } from '../server/parts.ts';
import { calm } from './calm.ts';
import { trustedNetworks } from './exchange/trusted.ts';
import type { StartOptions } from './start-options.ts';
import type { Store } from './store/index.ts';

export interface GuardParts {
  readonly options: Pick<StartOptions, 'trust' | 'proxyFrom' | 'limits'> & {
    readonly trustLoopback?: boolean;
    readonly guard?: Partial<GuardSettings>;
  };
  readonly store: Store;
  readonly now: () => number;
  readonly log: ExchangeLog;
}

/** @throws StartError where a network cannot be read. */
export function openGuard({ options, store, now, log }: GuardParts): Guard {
  const { trust = [], proxyFrom = [], trustLoopback, limits } = options;
  const tell = calm((sentence) => log.warn(sentence));
  const isConfigured = trustedNetworks([...trust, ...proxyFrom], trustLoopback !== false);
  const guard = new Guard({
    bans: store.bans,
    now,
    // What is held against a load balancer would shut out all who come by it.
    isTrusted: (host) => isConfigured(host) || store.networks.has(host),
    refused: (key, change) => store.feed.changed('refusals', key, change),
    banned: (address, reason, until) => tell(`${address} is banned until ${new Date(until).toISOString()}: ${reason}.`),
    settings: { ...limits?.guard, ...options.guard },
  });
  // Who is registered proved it before we were started anew.
  let last = '';
  for (const { received } of store.location.all()) {
    const host = received.slice(received.indexOf(':') + 1, received.lastIndexOf(':'));
    if (host !== last) guard.proved(host.startsWith('[') ? host.slice(1, -1) : host);
    last = host;
  }
  return guard;
}
