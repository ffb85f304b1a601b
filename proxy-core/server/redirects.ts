/**
 * Which contacts of a 3xx the proxy follows itself (RFC 3261 §16.7 step 4). It never sends where the caller could not
 * have sent (steps/authenticate.ts): to a user of ours always, abroad only for a user of ours. What it may not follow
 * stays for the caller to decide about.
 */
import { parseNameAddr } from '../sip/grammar/name-addr.ts';
import type { SipUri } from '../sip/grammar/uri.ts';
import type { SipResponse } from '../sip/message/message.ts';
import { H } from '../sip/message/names.ts';
import { CallDiversion } from './divert/diversion.ts';
import type { Diverted } from './divert/wishes.ts';
import type { RequestContext } from './request-context.ts';
import { aorOf, type User } from './stores.ts';
import { asRequestUri, secureTarget, type Target, uriTarget } from './targets.ts';
import { calledBy } from './user-targets.ts';

/** Whose devices and which URIs a request was already sent to. */
export class Visited {
  readonly #keys = new Set<string>();

  /** False where it was there before. */
  add(key: string): boolean {
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    return true;
  }
}

export interface Redirection {
  readonly targets: readonly Target[];
  /** Contact values that we do not follow. */
  readonly left: readonly string[];
  /** What became of contacts that lead nowhere: 404, 480, or 482 for those that were visited; undefined where none did. */
  readonly status: number | undefined;
}

/** 300 to 302 say where someone is; 305 and 380 say something else. */
const FOLLOWED: readonly number[] = [300, 301, 302];

/** Whether this response may be followed at all. */
export function isFollowed({ exchange, callee }: RequestContext, status: number): boolean {
  const { redirects } = exchange.settings;
  return FOLLOWED.includes(status) && (redirects === 'all' || (redirects === 'own' && callee !== undefined));
}

export function readRedirection(context: RequestContext, response: SipResponse, visited: Visited): Redirection {
  const targets: Target[] = [];
  const left: string[] = [];
  let status: number | undefined;
  for (const value of response.list(H.Contact)) {
    const contact = parseNameAddr(value);
    const found =
      contact.ok && contact.value.uri.ok
        ? follow(context, contact.value.uri.value, readQ(contact.value.param('q')), visited)
        : 'left';
    if (found === 'left') left.push(value);
    else if (typeof found === 'number') status ??= found;
    else targets.push(...found);
  }
  return { targets, left, status };
}

function follow(context: RequestContext, contact: SipUri, q: number, visited: Visited): Target[] | number | 'left' {
  const { exchange, user } = context;
  // Who asked for a secure way is not sent another (step 4).
  if (!contact.isSip || (context.uri.scheme === 'sips' && contact.scheme !== 'sips')) return 'left';
  const domain = exchange.identity.domainOf(contact);
  if (domain === undefined) {
    // The office's own step says who may call abroad: the caller comes by it again.
    if (user === undefined || exchange.route !== undefined) return 'left';
    const uri = asRequestUri(contact);
    return visited.add(uriKey(uri)) ? [uriTarget(uri, uri.toString(), q)] : 482;
  }
  const called = calledBy(exchange, contact, domain);
  if (called === undefined) return 404;
  const { user: callee, absence } = called;
  const wished = asWished(context, callee, contact);
  if (wished !== undefined) return wished === 'left' ? 'left' : freshOf(wished.targets, q, visited, wished.status);
  const isSecure = context.uri.scheme === 'sips';
  const targets = isSecure ? called.targets.flatMap((target) => secureTarget(target) ?? []) : called.targets;
  // A device by its own address (RFC 5627) is another thing than all devices of its user.
  if (!visited.add(contact.has('gr') ? uriKey(contact) : aorOf(callee.number, callee.domain))) return 482;
  return freshOf(targets, q, visited, absence);
}

/** The devices of one user keep their order among themselves, behind or before those of other contacts. */
function freshOf(targets: readonly Target[], q: number, visited: Visited, absence: number): Target[] | number {
  const fresh = targets.filter((target) => visited.add(uriKey(target.uri)));
  if (fresh.length > 0) return fresh.map((target) => ({ ...target, q: (q * target.q) / 1000 }));
  return targets.length > 0 ? 482 : absence;
}

/**
 * Where a call goes that was sent on to somebody who wishes something in turn; undefined for all others. What a step of the
 * office takes its time for, the caller finds out himself.
 */
function asWished(context: RequestContext, callee: User, contact: SipUri): Diverted | 'left' | undefined {
  const { callHandling } = context.exchange;
  if (callHandling.isEmpty || context.request.method !== 'INVITE' || contact.has('gr')) return undefined;
  if (callHandling.find(callee) === undefined) return undefined;
  const found = new CallDiversion(context).reach(callee, contact);
  return found instanceof Promise ? 'left' : found;
}

/** The same for URIs that lead to the same place: parameters but those that say how to get there do not count. */
export function uriKey(uri: SipUri): string {
  const { scheme, userDecoded, host, port } = uri;
  const way = `${uri.param('transport') ?? ''} ${uri.param('maddr') ?? ''} ${uri.param('gr') ?? ''} ${uri.param('ob') ?? ''}`;
  return `${scheme} ${userDecoded}@${host.toLowerCase()}:${port ?? ''} ${way.toLowerCase()}`;
}

/** In thousandths; the best where it is absent or malformed. */
function readQ(text: string | undefined): number {
  const q = Number(text ?? 1);
  return q >= 0 && q <= 1 ? Math.round(q * 1000) : 1000;
}
