/** What the phone that was called, or a server behind us, said itself. */
import { H } from '../../../sip/message/names.ts';
import { phrase } from '../../phrase.ts';
import type { Facts } from '../facts.ts';
import { type Finding, type Rule, rule } from '../reason.ts';
import { decidingLeg, finalOf, type Leg, type ReadResponse, type Story, statusOf } from '../story.ts';
import { calleeOf, callerOf, itSays, named, phoneOf, quoted, sentence, together } from '../words.ts';

interface Refusal {
  readonly leg: Leg;
  readonly answer: ReadResponse;
  readonly status: number;
  /** Who said it, at the beginning of a sentence. */
  readonly phone: string;
  readonly number: string;
}

/** The final answer of a phone with one of these statuses, where it is what the caller got. */
function refusal(story: Story, facts: Facts, ...statuses: number[]): Refusal | undefined {
  const leg = decidingLeg(story);
  const answer = leg && finalOf(leg.answers);
  if (leg === undefined || answer === undefined || leg.isCancelled) return undefined;
  const { status } = answer.message;
  if (status < 300 || (statuses.length > 0 && !statuses.includes(status))) return undefined;
  const phone = sentence(phoneOf(leg, story, facts));
  return { leg, answer, status, phone, number: calleeOf(story, facts).number };
}

function found({ answer, leg, number, status }: Refusal, text: string, todo: string): Finding {
  return { text, todo, values: { number, status }, messages: [leg.request.entry.id, answer.entry.id] };
}

/** What the answer itself gives as its reason (RFC 3261 §20.43, RFC 3326). */
function ownWords({ message }: ReadResponse): string {
  const text =
    /"([^"]+)"/.exec(message.header(H.Warning) ?? '')?.[1] ??
    /text="([^"]+)"/.exec(message.header(H.Reason) ?? '')?.[1];
  return itSays(text);
}

export const refused: readonly Rule[] = [
  rule('phone.busy', (story, facts) => {
    const one = refusal(story, facts, 486, 600);
    if (one === undefined) return undefined;
    const { user } = calleeOf(story, facts);
    const talk = user === undefined ? undefined : facts.talksWith(user);
    return found(
      one,
      talk === undefined
        ? `${one.phone} said that it is busy.`
        : `${one.phone} said that it is busy: it is in a call with ${quoted(talk.number)} since ${facts.time(talk.since)}.`,
      talk === undefined
        ? `Call again later; if nobody is talking there, "do not disturb" may be on, or the phone takes one call only.`
        : 'Call again later, or allow that phone a second call (call waiting).',
    );
  }),

  rule('phone.declined', (story, facts) => {
    const one = refusal(story, facts, 603, 607, 608);
    if (one === undefined) return undefined;
    return found(
      one,
      together(`${one.phone} turned the call away.`, ownWords(one.answer)),
      'Somebody pressed "decline", or the phone does so by itself ("do not disturb", a list of unwanted callers): look at its settings.',
    );
  }),

  rule('phone.not-available', (story, facts) => {
    const one = refusal(story, facts, 480);
    if (one === undefined) return undefined;
    return found(
      one,
      together(`${one.phone} said that its user is not available now.`, ownWords(one.answer)),
      'Switch off "do not disturb" at that phone, or let its user sign in there.',
    );
  }),

  rule('phone.redirects', (story, facts) => {
    const one = refusal(story, facts, 300, 301, 302, 305, 380);
    if (one === undefined) return undefined;
    const to = quoted(one.answer.message.header(H.Contact) ?? '');
    return found(
      one,
      to === ''
        ? `${one.phone} sends callers on to nobody, and the exchange left that to the caller.`
        : `${one.phone} sends callers on to ${to}, and the exchange left that to the caller.`,
      'Call that address, or take the forwarding at that phone away; "serve --redirects all" makes the exchange follow it.',
    );
  }),

  rule('phone.unsupported-content', (story, facts) => {
    const one = refusal(story, facts, 415, 406);
    if (one === undefined) return undefined;
    const type = quoted(story.request?.message.header(H.ContentType) ?? '?');
    const accepts = one.answer.message.header(H.Accept);
    return found(
      one,
      accepts === undefined
        ? `${one.phone} does not take what it was sent (${type}).`
        : `${one.phone} does not take what it was sent (${type}), only ${quoted(accepts)}.`,
      'Have the phone that sends it use a kind that both know; for texts that is text/plain.',
    );
  }),

  rule('phone.extension', (story, facts) => {
    const one = refusal(story, facts, 420, 421);
    if (one === undefined) return undefined;
    const { message } = one.answer;
    const tags = quoted(message.header(one.status === 420 ? H.Unsupported : H.Require) ?? '?');
    const caller = callerOf(story, facts).text;
    return found(
      one,
      one.status === 420
        ? `${one.phone} does not know "${tags}", which the phone of ${caller} demands.`
        : `${one.phone} demands "${tags}", which the phone of ${caller} does not know.`,
      `Switch "${tags}" off in the phone that demands it.`,
    );
  }),

  rule('phone.session-timer', (story, facts) => {
    const one = refusal(story, facts, 422);
    if (one === undefined) return undefined;
    return found(
      one,
      `${one.phone} wants calls to be confirmed less often than the phone of ${callerOf(story, facts).text} does (${quoted(one.answer.message.header(H.MinSe) ?? '?')} seconds at least).`,
      'Set the session timer of the calling phone to 1800 seconds.',
    );
  }),

  rule('phone.method', (story, facts) => {
    const one = refusal(story, facts, 405, 501);
    if (one === undefined) return undefined;
    return found(
      one,
      `${one.phone} does not know ${story.method}.`,
      'That feature cannot be used with that phone; an update of it may help.',
    );
  }),

  rule('phone.bad-event', (story, facts) => {
    const one = refusal(story, facts, 489);
    if (one === undefined) return undefined;
    const event = quoted(story.request?.message.header(H.Event) ?? '?');
    return found(
      one,
      `${one.phone} cannot tell about "${event}".`,
      'Take that lamp or key away, or let it watch the exchange instead of the phone.',
    );
  }),

  rule('phone.password', (story, facts) => {
    const one = refusal(story, facts, 401, 407);
    if (one === undefined) return undefined;
    return found(
      one,
      `${one.phone} asks for a password of its own, which the phone of ${callerOf(story, facts).text} does not have.`,
      'If that is a provider or another office, its account belongs into the phone that calls there.',
    );
  }),

  rule('phone.forbids', (story, facts) => {
    const one = refusal(story, facts, 403);
    if (one === undefined) return undefined;
    return found(
      one,
      together(`${one.phone} does not let ${callerOf(story, facts).text} call there.`, ownWords(one.answer)),
      'Look at the list of allowed callers of that phone; at a provider, at the account and the number that is shown.',
    );
  }),

  rule('phone.cannot-read', (story, facts) => {
    const one = refusal(story, facts, 400, 413, 414, 416, 493, 505, 513);
    if (one === undefined) return undefined;
    return found(
      one,
      together(
        `${one.phone} cannot make anything of the ${story.method} of ${callerOf(story, facts).text} and answered ${one.status} ${quoted(one.answer.message.reason)}.`,
        ownWords(one.answer),
      ),
      'Update both phones; if that does not help, show their makers the messages ("tandem trace pcap").',
    );
  }),

  rule('server.fault', (story, facts) => {
    // A 503 of one behind us goes to the caller as 500 (RFC 3261 §16.7 step 6).
    const leg = story.legs.find((one) => statusOf(one) >= 500 && statusOf(one) < 600 && statusOf(one) !== 501);
    const answer = leg && finalOf(leg.answers);
    if (leg === undefined || answer === undefined || statusOf(story) < 500) return undefined;
    const { status, reason } = answer.message;
    const one: Refusal = {
      leg,
      answer,
      status,
      phone: sentence(phoneOf(leg, story, facts)),
      number: calleeOf(story, facts).number,
    };
    const wait = answer.message.header(H.RetryAfter);
    return found(
      one,
      together(
        `${one.phone} has a fault of its own or is overloaded: ${status} ${quoted(reason)}.`,
        ownWords(answer),
        wait === undefined ? '' : phrase(`it asks to be left alone for ${quoted(wait)} seconds`),
      ),
      'Restart that phone; if it is a server or a provider, ask whoever runs it.',
    );
  }),

  rule('phone.refused', (story, facts) => {
    const one = refusal(story, facts);
    if (one === undefined) return undefined;
    const { user } = calleeOf(story, facts);
    return found(
      one,
      together(
        `${one.phone} refused the ${story.method} with ${one.status} ${quoted(one.answer.message.reason)}.`,
        ownWords(one.answer),
      ),
      user === undefined
        ? 'Look at the settings of that side; "tandem trace show" has the messages.'
        : `Look at the settings of the phone of ${named(user)}; "tandem trace show" has the messages.`,
    );
  }),
];
