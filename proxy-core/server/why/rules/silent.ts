/** Phones that said nothing, that nobody picked up, and callers who gave up. */
import { H } from '../../../sip/message/names.ts';
import { realmOf } from '../../nat/addresses.ts';
import { phrase } from '../../phrase.ts';
import type { Facts } from '../facts.ts';
import { type Rule, rule } from '../reason.ts';
import { finalOf, type Leg, type Story, statusOf } from '../story.ts';
import { at, calleeOf, callerOf, phoneOf, quoted, seconds, sentence, together } from '../words.ts';

const isSilent = ({ answers }: Leg): boolean => answers.length === 0;
const rang = ({ answers }: Leg): boolean => answers.some(({ message }) => message.status > 100 && message.status < 200);
const GAVE_UP: ReadonlySet<number> = new Set([408, 480, 487, 500, 503]);

/** Every leg went out and nothing came back, and the exchange itself ended it. */
function silentLegs(story: Story): Leg[] {
  const status = statusOf(story);
  // After another's 408 there is none of ours to a request that begins no call (RFC 4320 §4.2).
  const isOver = GAVE_UP.has(status) || (status === 0 && story.method !== 'INVITE');
  if (!isOver || story.cancel !== undefined) return [];
  const silent = story.legs.filter(isSilent);
  return silent.length === story.legs.length ? silent : [];
}

function lastHeard(leg: Leg, facts: Facts): string {
  const { host, port } = leg.request.entry.remote;
  const last = facts.lastFrom(host, port);
  if (last === undefined) return phrase('nothing was heard from there in the time that is kept');
  const time = facts.time(last.entry.at);
  const isBefore = last.entry.at < leg.request.entry.at;
  return isBefore ? phrase(`it was last heard at ${time}`) : phrase(`it was heard again at ${time}`);
}

const idsOf = (story: Story, legs: readonly Leg[]): number[] => [
  ...(story.request === undefined ? [] : [story.request.entry.id]),
  ...legs.map(({ request }) => request.entry.id),
];

export const silent: readonly Rule[] = [
  rule('phone.private-address', (story, facts) => {
    const legs = silentLegs(story);
    const leg = legs.find(({ request }) => {
      const { remote, local } = request.entry;
      return realmOf(remote.host) === 'private' && realmOf(local.host) === 'public';
    });
    if (leg === undefined) return undefined;
    const { host } = leg.request.entry.remote;
    return {
      text: `${sentence(phoneOf(leg, story, facts))} did not answer: ${host} is a private address of some other network, which cannot be reached from here.`,
      todo: 'Let that phone register again so that the exchange sees where it really is, and switch off STUN and "SIP ALG" on its side.',
      values: { host, number: calleeOf(story, facts).number },
      messages: idsOf(story, [leg]),
    };
  }),

  rule('phone.silent', (story, facts) => {
    const [leg, ...others] = silentLegs(story);
    if (leg === undefined || connectionFailed(leg, facts)) return undefined;
    const { user, number } = calleeOf(story, facts);
    const sent = leg.repeats + 1;
    return {
      text: together(
        `${sentence(phoneOf(leg, story, facts))} was sent the ${story.method} ${sent} times from ${facts.time(leg.request.entry.at)} on and said nothing.`,
        others.length === 0 ? '' : phrase(`neither did ${others.length} more of its addresses`),
        lastHeard(leg, facts),
      ),
      todo:
        user === undefined
          ? 'See whether that server runs, and whether a firewall lets SIP through in both directions.'
          : 'See whether that phone has power and network and whether it moved; a firewall may keep the exchange from it. Restarting it makes it register anew.',
      values: { number, place: at(leg.request.entry.remote), since: leg.request.entry.at, sent },
      messages: idsOf(story, [leg, ...others]),
    };
  }),

  rule('call.given-up', (story, facts) => {
    const { request, cancel, legs } = story;
    if (request === undefined || cancel === undefined || statusOf(story) !== 487) return undefined;
    const [caller, callee] = [callerOf(story, facts), calleeOf(story, facts)];
    const after = cancel.entry.at - request.entry.at;
    const ringing = legs.filter(rang);
    const [who, whom, time] = [caller.text, callee.text, seconds(after)];
    const [first] = legs;
    const why = /text="([^"]*)"/.exec(cancel.message.header(H.Reason) ?? '')?.[1];
    if (ringing.length === 0 && first !== undefined) {
      return {
        text: isSilent(first)
          ? `${who} hung up after ${time}, and until then no phone of ${whom} had begun to ring: ${phoneOf(first, story, facts)} said nothing at all.`
          : `${who} hung up after ${time}, and until then no phone of ${whom} had begun to ring: ${phoneOf(first, story, facts)} had the call but did not ring.`,
        todo: isSilent(first)
          ? 'See whether that phone has power and network; restarting it makes it register anew.'
          : 'Try again and wait longer; if it never rings, restart that phone.',
        values: { caller: caller.number, number: callee.number, after: Math.round(after), rang: 0 },
        messages: [request.entry.id, cancel.entry.id, ...legs.map((leg) => leg.request.entry.id)],
      };
    }
    return {
      text: together(
        `${who} hung up after ${time}, before anybody took the call.`,
        ringing.length === 0
          ? ''
          : ringing.length === 1
            ? phrase(`one phone of ${whom} rang`)
            : phrase(`${ringing.length} phones of ${whom} rang`),
        why === undefined ? '' : phrase(`the reason given was "${quoted(why)}"`),
      ),
      todo: 'Nothing is wrong; if callers give up often, forward calls that are not taken in time.',
      values: { caller: caller.number, number: callee.number, after: Math.round(after), rang: ringing.length },
      messages: [request.entry.id, cancel.entry.id],
    };
  }),

  rule('phone.nobody-answered', (story, facts) => {
    const { request, legs, answers } = story;
    const status = statusOf(story);
    const end = finalOf(answers);
    const ringing = legs.filter(rang);
    if (request === undefined || end === undefined || ringing.length === 0 || story.cancel !== undefined)
      return undefined;
    if (status !== 408 && status !== 480 && status !== 487) return undefined;
    const callee = calleeOf(story, facts);
    const [leg] = ringing;
    const one =
      ringing.length === 1 && leg !== undefined
        ? phoneOf(leg, story, facts)
        : phrase(`${ringing.length} phones of ${callee.text}`);
    return {
      text: `${sentence(one)} rang for ${seconds(end.entry.at - request.entry.at)} and nobody picked up.`,
      todo: `Nothing is wrong with the telephones; forward calls to ${callee.number} that are not taken, if somebody else should get them.`,
      values: { number: callee.number, after: Math.round(end.entry.at - request.entry.at) },
      messages: [request.entry.id, end.entry.id],
    };
  }),
];

/** Then another rule tells more. */
function connectionFailed(leg: Leg, facts: Facts): boolean {
  const place = at(leg.request.entry.remote);
  return facts.notes.some(({ details, at: when }) => details.hop === place && when >= leg.request.entry.at);
}
