/** What users wished for their calls and messages, and the codes that they dialled for it (docs/forwarding-and-messages.md). */
import { H } from '../../../sip/message/names.ts';
import type { Facts } from '../facts.ts';
import { type Finding, type Rule, rule } from '../reason.ts';
import { finalOf, type Story } from '../story.ts';
import { calleeOf, callerOf, quoted } from '../words.ts';

/** The exchange's own final answer with this status, where it was sent to nobody. */
function ownReason({ request, answers, legs }: Story, status: number): string | undefined {
  const final = finalOf(answers);
  return request !== undefined && legs.length === 0 && final?.message.status === status
    ? final.message.reason
    : undefined;
}

function found(story: Story, facts: Facts, text: string, todo: string): Finding {
  const ids = [story.request, finalOf(story.answers)].flatMap((read) => (read === undefined ? [] : [read.entry.id]));
  return { text, todo, values: { number: calleeOf(story, facts).number }, messages: ids };
}

export const wishes: readonly Rule[] = [
  rule('user.do-not-disturb', (story, facts) => {
    if (ownReason(story, 480) !== 'Do Not Disturb') return undefined;
    const { text, number } = calleeOf(story, facts);
    return found(
      story,
      facts,
      `${text} has "do not disturb" switched on, so no phone of ${number} rang.`,
      `Dial *79 at a phone of ${number} to switch it off, or use "tandem dnd set ${number} off".`,
    );
  }),

  rule('forward.circle', (story, facts) => {
    if (ownReason(story, 482) !== 'Forwarded In A Circle') return undefined;
    const { text, number } = calleeOf(story, facts);
    return found(
      story,
      facts,
      `Calls to ${text} are forwarded to somebody whose calls are forwarded back.`,
      `See where they go with "tandem forward show ${number}", and take one of the forwards away.`,
    );
  }),

  rule('forward.too-often', (story, facts) => {
    if (ownReason(story, 480) !== 'Forwarded Too Often') return undefined;
    const { text, number } = calleeOf(story, facts);
    return found(
      story,
      facts,
      `The call to ${text} was forwarded on and on, more often than a call may be.`,
      `See where it goes with "tandem forward show ${number}", and forward to the last one at once.`,
    );
  }),

  rule('forward.nowhere', (story, facts) => {
    if (ownReason(story, 404) === undefined) return undefined;
    const { user, text, number } = calleeOf(story, facts);
    if (user === undefined || story.method !== 'INVITE') return undefined;
    return found(
      story,
      facts,
      `${text} is known, but the number to which calls to ${number} go on is nobody's.`,
      `See where they go with "tandem forward show ${number}" (or in the route file), and set it right.`,
    );
  }),

  rule('code.answered', (story, facts) => {
    const dialled = story.request?.message.uri.userDecoded ?? '';
    const final = finalOf(story.answers)?.message;
    if (!/^[*#]/.test(dialled) || final === undefined || story.legs.length > 0) return undefined;
    const told = /"([^"]*)"/.exec(final.header(H.Warning) ?? '')?.[1];
    if (told === undefined || ![403, 480, 482, 484, 500].includes(final.status)) return undefined;
    const isDone = final.status === 480;
    const caller = callerOf(story, facts).text;
    return found(
      story,
      facts,
      isDone
        ? `${caller} dialled the code ${quoted(dialled)}, and the exchange did it and said: "${quoted(told)}".`
        : `${caller} dialled the code ${quoted(dialled)}, and the exchange could not do it: "${quoted(told)}".`,
      isDone
        ? 'There is nothing to do: such a call ends by itself, and the phone shows the answer.'
        : 'Dial the code again as docs/forwarding-and-messages.md has it.',
    );
  }),

  rule('message.no-room', (story, facts) => {
    const reason = ownReason(story, 480);
    if (reason !== 'No Room For Messages While Away' && reason !== 'Too Many Messages Are Waiting Already')
      return undefined;
    const { text, number } = calleeOf(story, facts);
    return found(
      story,
      facts,
      reason === 'No Room For Messages While Away'
        ? `${text} is away, and no more messages can be kept.`
        : `${text} is away, and too many of ${callerOf(story, facts).text} are kept already.`,
      `Let ${number} sign in to get them, or remove old ones with "tandem messages remove".`,
    );
  }),

  rule('message.too-long', (story, facts) => {
    if (story.method !== 'MESSAGE' || ownReason(story, 413) === undefined) return undefined;
    const told = /"([^"]*)"/.exec(finalOf(story.answers)?.message.header(H.Warning) ?? '')?.[1];
    const caller = callerOf(story, facts).text;
    return found(
      story,
      facts,
      told === undefined
        ? `${caller} wrote a message that is too long to be passed on.`
        : `${caller} wrote a message that is too long to be passed on: ${quoted(told)}.`,
      'Write it in several pieces, or send it by another way.',
    );
  }),

  rule('message.not-stored', (story, facts) => {
    if (ownReason(story, 500) !== 'Message Could Not Be Stored') return undefined;
    return found(
      story,
      facts,
      `The message of ${callerOf(story, facts).text} to ${calleeOf(story, facts).text} could not be written to disk.`,
      'See whether the disk of this computer is full or was taken away; the log of the exchange tells more.',
    );
  }),
];
