/** What the exchange could not do itself: limits, its store, the office's route file, and its own mistakes. */
import { H } from '../../../sip/message/names.ts';
import type { Facts } from '../facts.ts';
import { type Finding, type Rule, rule } from '../reason.ts';
import { finalOf, type Story, statusOf } from '../story.ts';
import { at, calleeOf, callerOf, placeOf, quoted } from '../words.ts';

const SLACK_MS = 100;

/** The phrase of the exchange's own final answer with this status. */
function ownAnswer(story: Story, status: number): string | undefined {
  const final = finalOf(story.answers);
  const isOwn = !story.legs.some((leg) => statusOf(leg) === status);
  return final?.message.status === status && isOwn && story.request !== undefined ? final.message.reason : undefined;
}

function found(story: Story, text: string, todo: string, values: Finding['values'] = {}): Finding {
  const ids = [story.request, finalOf(story.answers)].flatMap((read) => (read === undefined ? [] : [read.entry.id]));
  return { text, todo, values, messages: ids };
}

function noteOf(story: Story, facts: Facts, text: RegExp): string | undefined {
  const end = (finalOf(story.answers)?.entry.at ?? facts.now) + SLACK_MS;
  const note = facts.notes.find(
    (one) =>
      text.test(one.text) && one.details.callId === story.callId && one.at >= story.at - SLACK_MS && one.at <= end,
  );
  return note?.text;
}

const retryAfter = (story: Story): string => finalOf(story.answers)?.message.header(H.RetryAfter) ?? '?';

export const ownFaults: readonly Rule[] = [
  rule('limit.relayed-calls', (story, facts) => {
    const reason = ownAnswer(story, 503);
    if (reason === 'Too Many Relayed Calls') {
      const { text } = callerOf(story, facts);
      return found(
        story,
        `${text} has as many calls whose sound passes through the exchange as one side may, and one more was refused.`,
        'End calls that are not needed; if nobody makes that many, see who calls with "tandem trace list".',
      );
    }
    if (reason !== 'No Media Relay Left') return undefined;
    return found(
      story,
      'All ports for sound that passes through the exchange are in use, so the call was refused.',
      'Allow more with "serve --relay-calls" and a wider "--rtp-ports", and open those ports in the firewall.',
    );
  }),

  rule('limit.closing', (story) => {
    if (ownAnswer(story, 503) !== 'Closing Down') return undefined;
    return found(story, 'The exchange was being closed and began nothing new.', 'Call again when it runs again.');
  }),

  rule('limit.transactions', (story) => {
    if (ownAnswer(story, 503) !== 'Too Many Open Requests') return undefined;
    return found(
      story,
      `More requests were open than this exchange serves at one time; the caller was asked to come again in ${retryAfter(story)} seconds.`,
      'Look with "tandem trace list" who sends so much: a phone that registers in a circle, or an attack that "tandem ban add" ends.',
    );
  }),

  rule('limit.memory', (story) => {
    if (ownAnswer(story, 503) !== 'Too Many Requests Remembered') return undefined;
    return found(
      story,
      'The requests of the last half minute filled the memory that this exchange may use for them, so new ones were put off.',
      'Look with "tandem trace list" who sends so much; a computer with more memory takes more.',
    );
  }),

  rule('limit.overload', (story) => {
    if (ownAnswer(story, 503) !== 'Overloaded') return undefined;
    return found(
      story,
      'This computer had more to do than it can, in memory or in time, so the exchange put new requests off.',
      'See what else runs on this computer; give the exchange more memory or a computer of its own.',
    );
  }),

  rule('limit.subscriptions', (story, facts) => {
    const isUser = ownAnswer(story, 403) === 'Too Many Subscriptions';
    if (!isUser && !(story.method === 'SUBSCRIBE' && ownAnswer(story, 503) !== undefined)) return undefined;
    return isUser
      ? found(
          story,
          `${callerOf(story, facts).text} watches as many lamps and states as one user may, and one more was refused.`,
          'Take lamps away that are not needed; a phone that begins anew each time leaves old ones behind for a while.',
        )
      : found(
          story,
          'The exchange has as many subscriptions as it may.',
          'Have phones watch less, or longer at a time.',
        );
  }),

  rule('route.fault', (story, facts) => {
    const note = noteOf(story, facts, /^the route file made a mistake/);
    if (note === undefined || ownAnswer(story, 500) === undefined) return undefined;
    const what = quoted(note.replace('the route file made a mistake: ', ''));
    return found(
      story,
      `The office's route file made a mistake when ${callerOf(story, facts).text} called ${calleeOf(story, facts).number}: ${what}.`,
      'Correct the file given with --route; the log tells the line, and docs/routing.md what it may answer.',
      { what },
    );
  }),

  rule('register.not-stored', (story, facts) => {
    if (ownAnswer(story, 500) !== 'Registration Could Not Be Stored') return undefined;
    return found(
      story,
      `The registration of ${callerOf(story, facts).text} could not be written to disk.`,
      'See whether the disk of this computer is full or was taken away; the log of the exchange tells more.',
    );
  }),

  rule('register.out-of-order', (story, facts) => {
    if (ownAnswer(story, 500) !== 'Registration Out Of Order') return undefined;
    return found(
      story,
      `The phone of ${callerOf(story, facts).text} at ${at(placeOf(story))} sent an older registration after a newer one.`,
      'Usually an answer was lost and the phone will try again; if it goes on, restart the phone.',
    );
  }),

  rule('exchange.cannot-pass-answer', (story, facts) => {
    if (ownAnswer(story, 502) === undefined) return undefined;
    return found(
      story,
      `The other side answered ${callerOf(story, facts).text} with something that cannot be passed on.`,
      'Update the phone or server that was called, or show its maker the messages ("tandem trace pcap").',
    );
  }),

  rule('exchange.fault', (story, facts) => {
    if (ownAnswer(story, 500) === undefined) return undefined;
    if (noteOf(story, facts, /^(?:a step of the pipeline failed|could not send a request on)/) === undefined)
      return undefined;
    return found(
      story,
      `The exchange itself made a mistake with the ${story.method} of ${callerOf(story, facts).text}.`,
      'Please report it, with what "tandem trace show" and the log tell; calling again may well work.',
    );
  }),
];
