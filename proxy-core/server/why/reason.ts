/** A sentence on what went wrong, and what a rule is that finds one. */
import type { Facts } from './facts.ts';
import type { Story } from './story.ts';

/** What a rule found. Texts are for whoever runs an office, not for engineers. */
export interface Finding {
  /** One sentence: what went wrong. */
  readonly text: string;
  /** One sentence: what to do about it. */
  readonly todo: string;
  /** What the sentence speaks of, for whoever says it in another language. Times in ms since 1970. */
  readonly values: Readonly<Record<string, string | number>>;
  /** Ids of the messages that it rests on; none where it rests on what the exchange has stored. */
  readonly messages: readonly number[];
}

export interface Reason extends Finding {
  /** Names the rule, such as `password.wrong`; never changes its meaning. */
  readonly key: string;
  /** When it happened, in ms since 1970. */
  readonly at: number;
  /** Empty where it belongs to no call. */
  readonly callId: string;
}

/** Looks at one request and what became of it. Pure: all that it may know is handed to it. */
export interface Rule {
  readonly key: string;
  readonly explain: (story: Story, facts: Facts) => Finding | undefined;
}

export const rule = (key: string, explain: Rule['explain']): Rule => ({ key, explain });
