/** Calls that go round in a circle (RFC 3261 §16.3, RFC 5393). */
import { H } from '../../../sip/message/names.ts';
import { parseVia } from '../../../sip/message/via.ts';
import { type Rule, rule } from '../reason.ts';
import { type Story, statusOf } from '../story.ts';
import { calleeOf, callerOf, listed, quoted } from '../words.ts';

/** Hosts that the request has passed, the first one first, each once. */
function passed({ request }: Story): string[] {
  const hosts = (request?.message.list(H.Via) ?? []).reverse().flatMap((text) => {
    const via = parseVia(text);
    return via.ok ? [quoted(via.value.sentBy)] : [];
  });
  return [...new Set(hosts)];
}

export const loops: readonly Rule[] = [
  rule('loop.redirected', (story, facts) => {
    if (story.request === undefined || statusOf(story) !== 482 || story.legs.length === 0) return undefined;
    const callee = calleeOf(story, facts);
    return {
      text: `${callee.text} is forwarded to somebody who forwards back, so that nobody's phone rings.`,
      todo: `Take the forwarding away at one of the phones that the call passed ("tandem trace show ${quoted(story.callId)} --ladder").`,
      values: { number: callee.number },
      messages: [story.request.entry.id, ...story.legs.map(({ request }) => request.entry.id)],
    };
  }),

  rule('loop.circle', (story, facts) => {
    const { request } = story;
    if (request === undefined || statusOf(story) !== 482) return undefined;
    const hosts = passed(story);
    return {
      text: `The call of ${callerOf(story, facts).text} to ${calleeOf(story, facts).number} came back to where it had been, by ${listed(hosts)}.`,
      todo: 'One of these passes the number on to the other, and that one back: take away one of the two routes or forwardings.',
      values: { hosts: hosts.join(' ') },
      messages: [request.entry.id],
    };
  }),

  rule('loop.too-many-hops', (story, facts) => {
    const { request } = story;
    if (request === undefined || statusOf(story) !== 483) return undefined;
    const [caller, number] = [callerOf(story, facts).text, calleeOf(story, facts).number];
    const hosts = passed(story);
    return {
      text:
        hosts.length > 1
          ? `The call of ${caller} to ${number} passed as many servers as it may, among them ${listed(hosts.slice(0, 6))}; most likely it goes round in a circle.`
          : `The call of ${caller} to ${number} passed as many servers as it may; most likely it goes round in a circle.`,
      todo: 'Look where each of these sends that number, and take away the route that leads back.',
      values: { hosts: hosts.join(' ') },
      messages: [request.entry.id],
    };
  }),

  rule('loop.breadth', (story, facts) => {
    const { request } = story;
    if (request === undefined || statusOf(story) !== 440) return undefined;
    return {
      text: `The call to ${calleeOf(story, facts).number} would ring at more places at once than a call may.`,
      todo: 'Let fewer phones ring together, or one group after the other; forwardings that lead to each other multiply them.',
      values: { number: calleeOf(story, facts).number },
      messages: [request.entry.id],
    };
  }),
];
