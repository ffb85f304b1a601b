/** Who may watch whom: the office sets it for a domain or for one user (RFC 3856 §6.6.2, RFC 4235 §3.6). */
import type { User } from '../stores.ts';

/** `everyone`: the users of the same domain. */
export const watcherRules = ['everyone', 'listed', 'nobody'] as const;

export interface WatchRule {
  readonly watchers: (typeof watcherRules)[number];
  /** Of a rule for `listed`: `number@domain`, or `@domain` for all users of a domain. */
  readonly listed: readonly string[];
  /** Whether watchers of calls see who the other party is. Whoever does can also pick the call up by its dialog. */
  readonly details: boolean;
}

export const USUAL_RULE: WatchRule = { watchers: 'everyone', listed: [], details: false };

export interface WatchRuleStore {
  /** The user's own rule, else the domain's, else the usual one. */
  of(number: string, domain: string): WatchRule;
}

interface Watched {
  readonly number: string;
  readonly domain: string;
}

/** Everyone may watch himself, and an administrator all. */
const mayAll = (watcher: User, { number, domain }: Watched): boolean =>
  watcher.isAdmin === true || (watcher.number === number && watcher.domain === domain);

export function mayWatch(rules: WatchRuleStore, watcher: User, watched: Watched): boolean {
  if (mayAll(watcher, watched)) return true;
  const { watchers, listed } = rules.of(watched.number, watched.domain);
  if (watchers === 'everyone') return watcher.domain === watched.domain;
  if (watchers === 'nobody') return false;
  return listed.includes(`${watcher.number}@${watcher.domain}`) || listed.includes(`@${watcher.domain}`);
}

export const seesDetails = (rules: WatchRuleStore, watcher: User, watched: Watched): boolean =>
  mayAll(watcher, watched) || rules.of(watched.number, watched.domain).details;
