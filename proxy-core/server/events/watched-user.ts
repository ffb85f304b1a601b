/** The user whom a SUBSCRIBE asks to watch, as presence and calls have it: by the office's rules. */
import { toBytes } from '../../sip/grammar/text.ts';
import { escapeUser } from '../../sip/grammar/uri.ts';
import { type Answer, answer } from '../answer.ts';
import { type Aor, aorOf, partsOf, type User, type UserStore } from '../stores.ts';
import type { Asked } from './notifier-ports.ts';
import { mayWatch, type WatchRuleStore } from './watch-rules.ts';

export interface WatchedUsers {
  readonly users: Pick<UserStore, 'find'>;
  readonly rules: WatchRuleStore;
}

/** Whoever is no user of the domain learns nothing of who is one there. */
export function watchedUser({ users, rules }: WatchedUsers, { uri, domain, user }: Asked): Aor | Answer {
  if (domain === undefined || user === undefined) return answer(403);
  const watched = users.find(uri.userDecoded, domain);
  if (watched === undefined) return answer(user.domain === domain || user.isAdmin === true ? 404 : 403);
  return mayWatch(rules, user, watched) ? aorOf(watched.number, watched.domain) : answer(403, 'Not Yours To Watch');
}

export const allowsUser = ({ users, rules }: WatchedUsers, watcher: User, resource: string): boolean => {
  const watched = partsOf(resource as Aor);
  return users.find(watched.number, watched.domain) !== undefined && mayWatch(rules, watcher, watched);
};

/** As it stands in documents. */
export const sipUriOf = (aor: Aor): string => {
  const { number, domain } = partsOf(aor);
  return `sip:${escapeUser(toBytes(number))}@${domain}`;
};
