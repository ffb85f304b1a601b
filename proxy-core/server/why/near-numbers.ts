/** Numbers that somebody may have meant who dialled another: one key missed, one too many, two in the wrong order. */
import type { KnownUser } from './facts.ts';

const MOST = 3;
const LONGEST = 20;

/** Asks for each number that one slip makes of the other: of a number of four digits about a hundred. */
export function nearNumbers(dialled: string, find: (number: string) => KnownUser | undefined): KnownUser[] {
  const found = new Map<string, KnownUser>();
  if (dialled.length > LONGEST) return [];
  for (const candidate of slips(dialled)) {
    const user = find(candidate);
    if (user !== undefined) found.set(user.number, user);
    if (found.size === MOST) break;
  }
  return [...found.values()];
}

function* slips(dialled: string): Generator<string> {
  for (let i = 0; i + 1 < dialled.length; i++) {
    yield `${dialled.slice(0, i)}${dialled.charAt(i + 1)}${dialled.charAt(i)}${dialled.slice(i + 2)}`;
  }
  for (let i = 0; i < dialled.length; i++) yield dialled.slice(0, i) + dialled.slice(i + 1);
  const keys = /\d/.test(dialled) ? '0123456789' : 'abcdefghijklmnopqrstuvwxyz';
  for (let i = 0; i < dialled.length; i++) {
    for (const key of keys) yield dialled.slice(0, i) + key + dialled.slice(i + 1);
  }
  for (let i = 0; i <= dialled.length; i++) {
    for (const key of keys) yield dialled.slice(0, i) + key + dialled.slice(i);
  }
  // The same number abroad and at home.
  if (dialled.startsWith('00')) yield `+${dialled.slice(2)}`;
  if (dialled.startsWith('+')) yield `00${dialled.slice(1)}`;
  yield dialled.toLowerCase();
}
