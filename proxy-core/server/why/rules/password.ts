/** Who could not prove to be who he says: passwords, names, realms and challenges (RFC 3261 §22, RFC 7616). */
import { parseChallenges } from '../../../sip/auth/challenge.ts';
import { type Credentials, parseCredentials } from '../../../sip/auth/credentials.ts';
import { H } from '../../../sip/message/names.ts';
import type { Facts } from '../facts.ts';
import { type Rule, rule } from '../reason.ts';
import { finalOf, type ReadRequest, type Story, statusOf } from '../story.ts';
import { at, callerOf, quoted, times, together } from '../words.ts';
import { bannedUntil } from './kept-out.ts';

interface Refused {
  readonly request: ReadRequest;
  /** What the phone gave; an error where it cannot be read, undefined where it gave nothing. */
  readonly given: Credentials | string | undefined;
  readonly isStale: boolean;
}

/** A request that we asked for a password, with what it had brought. */
function refusedIn(story: Story): Refused | undefined {
  const { request, legs } = story;
  const status = statusOf(story);
  if (request === undefined || legs.length > 0 || (status !== 401 && status !== 407)) return undefined;
  const isProxy = status === 407;
  const text = request.message.headers.lines(isProxy ? H.ProxyAuthorization : H.Authorization)[0];
  const read = text === undefined ? undefined : parseCredentials(text);
  const challenges = finalOf(story.answers)?.message.headers.lines(isProxy ? H.ProxyAuthenticate : H.WwwAuthenticate);
  const isStale = parseChallenges(challenges ?? []).some(({ stale }) => stale);
  return { request, given: read === undefined ? undefined : read.ok ? read.value : read.error, isStale };
}

/** All stories in which the same happened to the same user from the same address. */
function alike(story: Story, facts: Facts, fits: (refused: Refused) => boolean): Story[] {
  const { host } = story.request?.entry.remote ?? {};
  const whose = callerOf(story, facts).number;
  const found = facts.stories.filter((other) => {
    const refused = refusedIn(other);
    if (refused === undefined || refused.request.entry.remote.host !== host) return false;
    return callerOf(other, facts).number === whose && fits(refused);
  });
  return found.length === 0 ? [story] : found;
}

const idsOf = (stories: readonly Story[]): number[] =>
  stories.flatMap(({ request }) => (request === undefined ? [] : [request.entry.id])).slice(-50);

const isGiven = (given: Refused['given']): given is Credentials => typeof given === 'object';

export const password: readonly Rule[] = [
  rule('password.other-uri', (story, facts) => {
    const { request } = story;
    if (request === undefined || !/credentials for another/.test(finalOf(story.answers)?.message.reason ?? ''))
      return undefined;
    return {
      text: `The ${story.method} of ${callerOf(story, facts).text} at ${at(request.entry.remote)} was changed on its way after the phone had signed it.`,
      todo: 'Switch off the "SIP ALG" or "SIP helper" of the router before that phone, or let the phone use TLS.',
      values: { place: at(request.entry.remote) },
      messages: [request.entry.id],
    };
  }),

  rule('password.unreadable', (story, facts) => {
    const refused = refusedIn(story);
    if (typeof refused?.given !== 'string') return undefined;
    const place = at(refused.request.entry.remote);
    return {
      text: `The phone of ${callerOf(story, facts).text} at ${place} proves its password in a way that cannot be read: ${quoted(refused.given)}.`,
      todo: 'Update that phone, or let it use plain digest authentication (MD5 or SHA-256).',
      values: { place, reason: refused.given },
      messages: [refused.request.entry.id],
    };
  }),

  rule('password.other-realm', (story, facts) => {
    const refused = refusedIn(story);
    if (refused === undefined || !isGiven(refused.given)) return undefined;
    const person = callerOf(story, facts);
    const ours = facts.realm(person.domain);
    const theirs = quoted(refused.given.realm);
    if (refused.given.realm === ours) return undefined;
    return {
      text: `The phone of ${person.text} at ${at(refused.request.entry.remote)} proves its password for "${theirs}", but this office is "${ours}".`,
      todo: `Set the domain (or realm) in that phone to "${ours}", or leave that field empty.`,
      values: { theirs, ours, number: person.number },
      messages: [refused.request.entry.id],
    };
  }),

  rule('password.unknown-user', (story, facts) => {
    const refused = refusedIn(story);
    if (refused === undefined || !isGiven(refused.given)) return undefined;
    const name = quoted(refused.given.username);
    const person = callerOf(story, facts);
    if (facts.user(name, person.domain) !== undefined) return undefined;
    const { host } = refused.request.entry.remote;
    const same = alike(story, facts, ({ given }) => isGiven(given) && quoted(given.username) === name);
    const todo =
      person.user === undefined
        ? `If a phone of the office is there, set its user name right, or add the user with "tandem user add ${name}".`
        : `Set the user name (authentication name) in that phone to ${person.number}.`;
    return {
      text: together(
        `A phone at ${host} signs in as "${name}", and nobody of that name is in ${person.domain} (${times(same.length)}).`,
        bannedUntil(host, facts),
      ),
      todo,
      values: { name, host, count: same.length },
      messages: idsOf(same),
    };
  }),

  rule('password.stale', (story, facts) => {
    const refused = refusedIn(story);
    if (refused?.isStale !== true || !isGiven(refused.given)) return undefined;
    const same = alike(story, facts, ({ isStale }) => isStale);
    const place = at(refused.request.entry.remote);
    return {
      text: `The phone of ${callerOf(story, facts).text} at ${place} knows its password, but answers challenges that are too old or were used before (${times(same.length)}), and not the new one.`,
      todo: 'Restart that phone; if it goes on, update it, and switch off "SIP ALG" in the router before it.',
      values: { place, count: same.length },
      messages: idsOf(same),
    };
  }),

  rule('password.wrong', (story, facts) => {
    const refused = refusedIn(story);
    if (refused === undefined || !isGiven(refused.given)) return undefined;
    const same = alike(story, facts, ({ given, isStale }) => isGiven(given) && !isStale);
    const { host } = refused.request.entry.remote;
    const name = quoted(refused.given.username);
    const user = facts.user(name, callerOf(story, facts).domain);
    const whose = user?.number ?? name;
    const ban = facts.ban(host);
    const count = Math.max(same.length, Number(/(\d+) wrong passwords/.exec(ban?.reason ?? '')?.[1] ?? 0));
    return {
      text: together(`The password for ${whose} was wrong ${times(count)} from ${host}.`, bannedUntil(host, facts)),
      todo:
        ban === undefined
          ? `Type the password of ${whose} into that phone again, or give a new one with "tandem user passwd ${whose}"; if nobody knows that address, somebody is guessing.`
          : `Type the password of ${whose} into that phone again, or give a new one with "tandem user passwd ${whose}", then let the address in with "tandem ban lift ${ban.address}"; if nobody knows that address, somebody is guessing.`,
      values: { number: whose, host, count, ...(ban !== undefined && { until: ban.until }) },
      messages: idsOf(same),
    };
  }),

  rule('password.none', (story, facts) => {
    const refused = refusedIn(story);
    if (refused === undefined || refused.given !== undefined) return undefined;
    const person = callerOf(story, facts);
    const { host } = refused.request.entry.remote;
    const same = alike(story, facts, ({ given }) => given === undefined);
    const isOurs = person.user !== undefined;
    return {
      text: together(
        isOurs
          ? `The phone of ${person.text} at ${host} was asked for a password ${times(same.length)} and gave none.`
          : `Somebody who calls himself ${person.text} at ${host} was asked for a password ${times(same.length)} and gave none.`,
        bannedUntil(host, facts),
      ),
      todo: isOurs
        ? `Enter user name ${person.number} and its password in that phone; the authentication name must be ${person.number} too.`
        : 'If that is a phone of the office, give it the number and the password of a user; otherwise there is nothing to do.',
      values: { number: person.number, host, count: same.length },
      messages: idsOf(same),
    };
  }),
];
