/** Users whose phones are not registered, or not by the way that is asked for. */
import { H } from '../../../sip/message/names.ts';
import { phrase } from '../../phrase.ts';
import type { Facts, KnownUser } from '../facts.ts';
import { type Finding, type Rule, rule } from '../reason.ts';
import { finalOf, statusOf } from '../story.ts';
import { calleeOf, callerOf, deviceName, listed, named, receivedPlace, sentence } from '../words.ts';

/** The note of a phone that was given up and the end of its registration come together, in ms. */
const GIVEN_UP_MS = 2_000;

export const notThere: readonly Rule[] = [
  rule('user.not-over-tls', (story, facts) => {
    const { request, answers } = story;
    if (request === undefined || statusOf(story) !== 480) return undefined;
    if (!/SIPS Not Allowed/.test(finalOf(answers)?.message.header(H.Warning) ?? '')) return undefined;
    const callee = calleeOf(story, facts);
    return {
      text: `${callerOf(story, facts).text} called ${callee.text} by a sips: address, and no phone of ${callee.number} is registered over TLS.`,
      todo: `Let the phones of ${callee.number} register over TLS, or call with sip: in place of sips:.`,
      values: { number: callee.number },
      messages: [request.entry.id],
    };
  }),

  rule('user.not-registered', (story, facts) => {
    const { request, legs, at } = story;
    const { user } = calleeOf(story, facts);
    if (request === undefined || user === undefined || statusOf(story) !== 480 || legs.length > 0) return undefined;
    const back = facts.bindings(user);
    if (back.length > 0) {
      const [{ userAgent, device, received } = { userAgent: '', device: '', received: '' }] = back;
      const phone = deviceName({ userAgent, device });
      const [who, time, place] = [named(user), facts.time(at), receivedPlace(received)];
      return {
        text:
          phone === ''
            ? `${who} had no registered phone at ${time}; now one at ${place} is registered again.`
            : `${who} had no registered phone at ${time}; now ${phone} at ${place} is registered again.`,
        todo: 'Call again; if this happens often, the phone loses its network or registers too seldom.',
        values: { number: user.number, at },
        messages: [request.entry.id],
      };
    }
    const found = unregistered(user, facts);
    return { ...found, messages: [request.entry.id] };
  }),
];

/** What is known of a user without any registration. */
export function unregistered(user: KnownUser, facts: Facts): Finding {
  const { number } = user;
  const last = facts.departure(user);
  const who = named(user);
  if (last === undefined) {
    return {
      text: `${who} is known but none of its phones is registered, and none was since the exchange was started at ${facts.time(facts.startedAt)}.`,
      todo: `Give a phone the number ${number}, its password and the server ${facts.domains[0] ?? ''}, or start the window of Tandem and sign in as ${number}.`,
      values: { number, startedAt: facts.startedAt },
      messages: [],
    };
  }
  const phone = deviceName(last);
  const place = receivedPlace(last.received);
  const isExpired = last.how === 'expired';
  const isSilent = facts.notes.some(
    ({ text, details, at }) =>
      text === 'a phone behind a NAT is gone' &&
      details.aor === `${number}@${user.domain}` &&
      Math.abs(at - last.at) < GIVEN_UP_MS,
  );
  const how = isSilent
    ? phrase('answered no pings any more')
    : isExpired
      ? phrase('did not register again in time')
      : phrase('signed out or was given up');
  const since = facts.time(last.at);
  return {
    text:
      phone === ''
        ? `${who} is known but none of its phones is registered since ${since}, when the last one at ${place} ${how}.`
        : `${who} is known but none of its phones is registered since ${since}, when the last one (${phone}) at ${place} ${how}.`,
    todo:
      isExpired || isSilent
        ? 'See whether that phone has power and network, and whether its password was changed; restart it.'
        : 'Switch that phone on again, or sign in again in its menu.',
    values: { number, since: last.at, how: last.how, device: phone, place },
    messages: [],
  };
}

/** Where a user's phones are now, for one who asks about the number and not about a call. */
export function registered(user: KnownUser, facts: Facts): string {
  const phones = facts.bindings(user).map(({ device, userAgent, received }) => {
    const name = deviceName({ device, userAgent });
    return name === '' ? receivedPlace(received) : `${name} (${receivedPlace(received)})`;
  });
  const [who, first] = [named(user), listed(phones.slice(0, 5))];
  return sentence(
    phones.length > 5 ? `${who} is registered from ${first} and more.` : `${who} is registered from ${first}.`,
  );
}
