/** Requests that belong to a call: one that has ended, or in which both sides spoke at once. */
import { phrase } from '../../phrase.ts';
import { type Rule, rule } from '../reason.ts';
import { decidingLeg, finalOf, type Story, statusOf } from '../story.ts';
import { at, callerOf, phoneOf, placeOf, sentence } from '../words.ts';

const DOING: Readonly<Record<string, string>> = {
  BYE: phrase('hang up'),
  CANCEL: phrase('stop calling'),
  INVITE: phrase('change the call'),
  UPDATE: phrase('change the call'),
  REFER: phrase('transfer the call'),
  INFO: phrase('send a key in the call'),
  PRACK: phrase('confirm that it rings'),
  SUBSCRIBE: phrase('go on watching'),
  NOTIFY: phrase('tell what it was asked to'),
};

const ids = (story: Story): number[] =>
  [story.request, finalOf(story.answers)].flatMap((read) => (read === undefined ? [] : [read.entry.id]));

export const dialogs: readonly Rule[] = [
  rule('dialog.too-late-to-cancel', (story, facts) => {
    if (story.method !== 'CANCEL' || statusOf(story) !== 481 || story.legs.length > 0) return undefined;
    return {
      text: `${callerOf(story, facts).text} wanted to stop a call of which the exchange knows nothing any more.`,
      todo: 'Nothing has to be done: the call had ended, or never came here.',
      values: {},
      messages: ids(story),
    };
  }),

  rule('dialog.gone', (story, facts) => {
    if (statusOf(story) !== 481) return undefined;
    const leg = decidingLeg(story);
    const who = leg === undefined ? phrase('the exchange') : phoneOf(leg, story, facts);
    return {
      text: `${callerOf(story, facts).text} at ${at(placeOf(story))} wanted to ${DOING[story.method] ?? story.method}, but for ${who} that call or subscription was over.`,
      todo:
        leg === undefined
          ? 'After a restart of the exchange phones begin anew by themselves; if it goes on, restart the phone.'
          : 'Most likely that phone was restarted or had hung up in the same moment; call again.',
      values: { method: story.method },
      messages: ids(story),
    };
  }),

  rule('dialog.both-at-once', (story, facts) => {
    if (statusOf(story) !== 491) return undefined;
    const leg = decidingLeg(story);
    return {
      text: `${sentence(leg === undefined ? phrase('the other side') : phoneOf(leg, story, facts))} and ${callerOf(story, facts).text} wanted to change the call in the same moment.`,
      todo: 'Phones try again by themselves after a moment; hold or transfer once more if it did not work.',
      values: {},
      messages: ids(story),
    };
  }),
];
