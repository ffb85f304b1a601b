/** What no other rule knows: who answered, and with what. */
import { reasonPhrase } from '../../../sip/message/status.ts';
import { phrase } from '../../phrase.ts';
import { type Rule, rule } from '../reason.ts';
import { finalOf, statusOf } from '../story.ts';
import { at, calleeOf, callerOf, phoneOf, placeOf, quoted, seconds } from '../words.ts';

export const other: readonly Rule[] = [
  rule('other.no-answer-yet', (story, facts) => {
    const { request, legs } = story;
    if (statusOf(story) !== 0 || request === undefined) return undefined;
    const [leg] = legs;
    const whom = leg === undefined ? phrase('the exchange') : phoneOf(leg, story, facts);
    return {
      text: `The ${story.method} of ${callerOf(story, facts).text} at ${at(placeOf(story))} has no final answer after ${seconds(facts.now - story.at)}; it waits for ${whom}.`,
      todo: 'Ask again in half a minute: it may still ring.',
      values: { method: story.method },
      messages: [request.entry.id, ...legs.map((one) => one.request.entry.id)],
    };
  }),

  rule('other.refused', (story, facts) => {
    const final = finalOf(story.answers);
    const status = statusOf(story);
    if (final === undefined || status < 300) return undefined;
    const answered = story.legs.find((leg) => statusOf(leg) === status);
    const by = answered === undefined ? phrase('the exchange') : phoneOf(answered, story, facts);
    const { reason } = final.message;
    const [caller, callee] = [callerOf(story, facts).text, calleeOf(story, facts).text];
    const what = quoted(reason === '' ? reasonPhrase(status) : reason);
    return {
      text:
        story.method === 'REGISTER'
          ? `The ${story.method} of ${caller} ended with ${status} ${what}, as ${by} said.`
          : `The ${story.method} of ${caller} to ${callee} ended with ${status} ${what}, as ${by} said.`,
      todo: `Look at the messages with "tandem trace show ${quoted(story.callId)} --ladder".`,
      values: { status, method: story.method },
      messages: [...(story.request === undefined ? [] : [story.request.entry.id]), final.entry.id],
    };
  }),
];
