/** From what was kept to sentences: which requests went wrong, and what the rules say of each. */
import { H } from '../../sip/message/names.ts';
import { phrase } from '../phrase.ts';
import { ban, connectionNotes } from './addresses.ts';
import type { Facts, KnownUser } from './facts.ts';
import { nearNumbers } from './near-numbers.ts';
import type { Finding, Reason, Rule } from './reason.ts';
import { registered, unregistered } from './rules/not-there.ts';
import { failureRules, symptomRules } from './rules.ts';
import { finalOf, type Story, statusOf } from './story.ts';
import { calleeOf, callerOf, named, nearWords, receivedHost, seconds, together } from './words.ts';

/** More is not read by anybody. */
const MOST = 20;
/** Kinds of failures that are looked at. */
const MOST_KINDS = 200;
/** A phone answers a challenge within this time, in ms. */
const CHALLENGE_MS = 2_000;
/** A request that waits this long for its answer, in ms, is worth a sentence. */
const WAITING_MS = 4_000;

/** What went wrong in a call; never empty. */
export function whyCall(facts: Facts): Reason[] {
  const reasons = reasonsOf(facts);
  return reasons.length > 0 ? reasons : [fineCall(facts)];
}

/** Why a user cannot be reached, or cannot call; never empty. */
export function whyUser(number: string, domain: string, facts: Facts): Reason[] {
  const user = facts.user(number, domain);
  if (user === undefined) return [unknownNumber(number, domain, facts), ...reasonsOf(facts)].slice(0, MOST);
  const places = [...facts.bindings(user).map(({ received }) => received), facts.departure(user)?.received ?? ''];
  const bans = [...new Set(places.map(receivedHost))].flatMap((host) => ban(host, facts, named(user)));
  const reasons = reasonsOf(facts);
  if (facts.bindings(user).length > 0) return [...bans, ...reasons, nowRegistered(user, facts)].slice(0, MOST);
  const missing = unregistered(user, facts);
  const rest = reasons.filter(({ key }) => key !== 'user.not-registered');
  return [reason('user.not-registered', missing, Number(missing.values.since ?? facts.now)), ...bans, ...rest].slice(
    0,
    MOST,
  );
}

/** What is wrong with an address; never empty. */
export function whyAddress(host: string, facts: Facts): Reason[] {
  const reasons = [...ban(host, facts), ...connectionNotes(host, facts), ...reasonsOf(facts)].filter(
    ({ key }, at, all) => key !== 'guard.banned' || all.findIndex((one) => one.key === key) === at,
  );
  if (reasons.length > 0) return reasons.slice(0, MOST);
  const count = facts.stories.length;
  const text =
    count === 0
      ? `Nothing came from ${host} in the time that is kept.`
      : `Nothing went wrong with ${count} requests from or to ${host}.`;
  const todo =
    count === 0
      ? 'See whether that phone is set to the address of this exchange, and whether a firewall stands between.'
      : 'There is nothing to do.';
  return [reason('address.fine', { text, todo, values: { host, count }, messages: [] }, facts.now)];
}

const reason = (key: string, finding: Finding, at: number, callId = ''): Reason => ({ key, at, callId, ...finding });

/** One for each thing that went wrong, the newest first; what happened often is said once. */
function reasonsOf(facts: Facts): Reason[] {
  const found = new Map<string, Reason>();
  const asked = new Set<string>();
  for (let i = facts.stories.length - 1; i >= 0 && found.size < MOST && asked.size < MOST_KINDS; i--) {
    const story = facts.stories[i];
    if (story === undefined) break;
    const isFailure = isWrong(story, facts);
    // A thousand guesses of one attacker are one thing, of which the newest tells.
    const kind = kindOf(story);
    if (isFailure && asked.has(kind)) continue;
    if (isFailure) asked.add(kind);
    for (const rules of [isFailure ? failureRules : [], symptomRules]) {
      const said = explained(rules, story, facts);
      if (said !== undefined && !found.has(`${said.key} ${said.text}`)) found.set(`${said.key} ${said.text}`, said);
    }
  }
  return [...found.values()];
}

function kindOf({ request, spoilt, method, answers, legs, callId }: Story): string {
  const { remote } = (request ?? spoilt)?.entry ?? {};
  const final = finalOf(answers)?.message;
  const isAlone = legs.length > 0 || request === undefined;
  const { from, to, uriText } = request?.message ?? {};
  const proof = request?.message.header(H.Authorization) ?? request?.message.header(H.ProxyAuthorization);
  const name = /username="?([^",]*)/.exec(proof ?? '')?.[1];
  const whom = [from?.uriText, to?.uriText, uriText, name ?? String(proof !== undefined)];
  const fault = spoilt?.fault?.reason ?? String(spoilt?.entry.isRefused);
  return [remote?.host, method, final?.status, final?.reason, fault, ...whom, isAlone ? callId : ''].join('\n');
}

function explained(rules: readonly Rule[], story: Story, facts: Facts): Reason | undefined {
  for (const { key, explain } of rules) {
    const finding = explain(story, facts);
    if (finding !== undefined) return reason(key, finding, story.at, story.callId);
  }
  return undefined;
}

/** Whether it failed, was refused, or waits too long. To be asked for a password is the ordinary way. */
export function isWrong(story: Story, facts: Facts): boolean {
  if (story.spoilt !== undefined) return true;
  const status = statusOf(story);
  const { request } = story;
  if (status === 0) {
    if (request === undefined && story.method !== 'INVITE') return false;
    return facts.now - story.at > WAITING_MS;
  }
  if (status === 401 || status === 407) return !isAnsweredChallenge(story, facts);
  // Whoever stopped calling got what he asked for; his own request tells of it.
  return status >= 300;
}

function isAnsweredChallenge(story: Story, facts: Facts): boolean {
  const { request } = story;
  if (request === undefined) return true;
  const isNext = facts.stories.some(
    (other) =>
      other !== story &&
      other.at > story.at &&
      other.callId === story.callId &&
      other.method === story.method &&
      (other.request?.message.cseq ?? 0) > request.message.cseq,
  );
  if (isNext) return true;
  const { headers } = request.message;
  const isProof = headers.find(H.Authorization) >= 0 || headers.find(H.ProxyAuthorization) >= 0;
  return !isProof && facts.now - story.at < CHALLENGE_MS;
}

function unknownNumber(number: string, domain: string, facts: Facts): Reason {
  const near = nearNumbers(number, (one) => facts.user(one, domain)).map(named);
  const text = together(`Nobody in ${domain} has the number ${number}.`, nearWords(near));
  const todo = `Check the number, or add it with "tandem user add ${number}" or "tandem alias add NUMBER ${number}".`;
  return reason(
    'number.unknown',
    { text, todo, values: { number, domain, near: near.join(', ') }, messages: [] },
    facts.now,
  );
}

function nowRegistered(user: KnownUser, facts: Facts): Reason {
  const values = { number: user.number, count: facts.bindings(user).length };
  const todo =
    'There is nothing to do about that; if calls fail all the same, ask with the Call-ID ("tandem trace list").';
  return reason('user.registered', { text: registered(user, facts), todo, values, messages: [] }, facts.now);
}

function fineCall(facts: Facts): Reason {
  const story = facts.stories.find(({ method }) => method === 'INVITE') ?? facts.stories[0];
  const todo = 'There is nothing to do; whoever heard nothing all the same should look at headset and volume first.';
  if (story === undefined)
    return reason('call.fine', { text: 'Nothing went wrong.', todo, values: {}, messages: [] }, facts.now);
  const final = finalOf(story.answers);
  const bye = facts.stories.find(({ method }) => method === 'BYE');
  const [caller, callee, time] = [callerOf(story, facts).text, calleeOf(story, facts).text, facts.time(story.at)];
  const text = together(
    story.method === 'REGISTER'
      ? `Nothing went wrong: the ${story.method} of ${caller} came at ${time}.`
      : `Nothing went wrong: the ${story.method} of ${caller} to ${callee} came at ${time}.`,
    final === undefined ? '' : phrase(`it was answered after ${seconds(final.entry.at - story.at)}`),
    bye === undefined ? '' : phrase(`${callerOf(bye, facts).text} ended it after ${seconds(bye.at - story.at)}`),
  );
  const messages = [story.request, final].flatMap((read) => (read === undefined ? [] : [read.entry.id]));
  return reason('call.fine', { text, todo, values: {}, messages }, story.at, story.callId);
}
