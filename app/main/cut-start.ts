/** Starts the program again without the greater part of a link that no phone could follow. */
import { spawn } from 'node:child_process';
import { cutLink } from './link.ts';

/** Gives whether it did. What is left of the link is still too long, which the person is told. */
export function startWithCutLink(words: readonly string[], link: string | undefined): boolean {
  if (link === undefined || cutLink(link) === link) return false;
  const before = words.slice(0, words.indexOf(link));
  spawn(process.execPath, [...before, cutLink(link)], { detached: true, stdio: 'inherit' }).unref();
  return true;
}
