/**
 * All rules, in the order in which they are asked: the first that knows something speaks. What is special stands before
 * what is general, and what the exchange did itself before what others said.
 */
import type { Rule } from './reason.ts';
import { connections } from './rules/connections.ts';
import { dialogs } from './rules/dialogs.ts';
import { identity } from './rules/identity.ts';
import { keptOut } from './rules/kept-out.ts';
import { loops } from './rules/loops.ts';
import { media } from './rules/media.ts';
import { notThere } from './rules/not-there.ts';
import { number } from './rules/number.ts';
import { other } from './rules/other.ts';
import { ownFaults } from './rules/own-faults.ts';
import { password } from './rules/password.ts';
import { refused } from './rules/refused.ts';
import { registering } from './rules/registering.ts';
import { silent } from './rules/silent.ts';
import { symptoms } from './rules/symptoms.ts';
import { unreadable } from './rules/unreadable.ts';
import { wishes } from './rules/wishes.ts';

/** For requests that failed or were refused. */
export const failureRules: readonly Rule[] = [
  ...keptOut, //     not even let in
  ...unreadable, //  not understood
  ...password, //    not proved
  ...identity, //    not allowed
  ...wishes, //      as who is called wished
  ...number, //      nobody has that number
  ...notThere, //    the one who has it is not there
  ...registering, // not taken as asked for
  ...connections, // no way there
  ...ownFaults, //   limits and faults of ours
  ...loops, //       round in a circle
  ...silent, //      nobody said anything, or nobody picked up
  ...media, //       no common sound
  ...dialogs, //     the call was over
  ...refused, //     the other side said no
  ...other, //       anything else
];

/** For requests that were answered well, and not only for those. */
export const symptomRules: readonly Rule[] = symptoms;
