/** Where a forward may lead: what a person writes, as it is kept, and whether calls would go round in a circle. */
import { parseUri } from '../../sip/grammar/uri.ts';
import { type Aor, aorOf, type User, type UserStore } from '../stores.ts';
import { type CallHandlingStore, forwardCases, noHandling } from './call-handling.ts';

/** A number of the user's own domain, as opposed to a URI. */
export const isPlainNumber = (to: string): boolean => !/^sips?:/i.test(to);

export interface ForwardTarget {
  /** As it is kept: a number of the user's own domain, or a SIP URI. */
  readonly text: string;
  /** The user of ours that it means; undefined for everybody else. */
  readonly user: User | undefined;
}

const NUMBER = /^[A-Za-z0-9\-_.!~*'()&=+$,;?/]{1,64}$/;
const MAX_URI = 256;

/** Reads `1003`, `1003@b.example` or a SIP URI; undefined where it is none of them. */
export function readForwardTarget(
  users: Pick<UserStore, 'find'>,
  owner: User,
  text: string,
): ForwardTarget | undefined {
  if (NUMBER.test(text) && isPlainNumber(text)) return { text, user: users.find(text, owner.domain) };
  const whole = isPlainNumber(text) ? `sip:${text}` : text;
  const read = whole.length > MAX_URI ? undefined : parseUri(whole);
  if (read?.ok !== true || !read.value.isSip || read.value.user === '' || read.value.headers !== '') return undefined;
  const { value: uri } = read;
  const domain = uri.host.toLowerCase();
  const user = uri.port === undefined ? users.find(uri.userDecoded, domain) : undefined;
  const isOwn = user !== undefined && domain === owner.domain && uri.params === '';
  return { text: isOwn ? uri.userDecoded : whole, user };
}

/**
 * Whether a call could come back to `owner` when he forwards to `first`: by any of the forwards that are set now.
 * @returns the numbers on the way round, or undefined where there is none.
 */
export function findCircle(
  users: Pick<UserStore, 'find'>,
  handling: Pick<CallHandlingStore, 'find'>,
  owner: User,
  first: User,
): readonly string[] | undefined {
  const home = aorOf(owner.number, owner.domain);
  const seen = new Set<Aor>();
  const open: { readonly user: User; readonly way: readonly string[] }[] = [{ user: first, way: [first.number] }];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const { user, way } = one;
    const aor = aorOf(user.number, user.domain);
    if (aor === home) return way;
    if (seen.has(aor)) continue;
    seen.add(aor);
    const { forwards } = handling.find(user) ?? noHandling;
    for (const when of forwardCases) {
      const next = forwards[when] === undefined ? undefined : readForwardTarget(users, user, forwards[when])?.user;
      if (next !== undefined) open.push({ user: next, way: [...way, next.number] });
    }
  }
  return undefined;
}
