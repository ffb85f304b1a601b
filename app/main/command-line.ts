/** What was said on the command line: where the profile lives and whether to stay on this computer. */
import { resolve } from 'node:path';

export interface CommandLine {
  /** Absolute; undefined means the usual place of the operating system. */
  readonly dataDir: string | undefined;
  /** Every socket of the program stays on 127.0.0.1. */
  readonly loopback: boolean;
}

/**
 * Chromium's and Node's own switches are among the words and are passed over.
 * @param words without the program itself
 */
export function readCommandLine(words: readonly string[], cwd: string): CommandLine {
  let dataDir: string | undefined;
  let loopback = false;
  for (const [index, word] of words.entries()) {
    if (word === '--loopback') loopback = true;
    else if (word === '--data') dataDir = words[index + 1];
    else if (word.startsWith('--data=')) dataDir = word.slice('--data='.length);
  }
  const named = dataDir !== undefined && dataDir !== '' && !dataDir.startsWith('--');
  return { dataDir: named ? resolve(cwd, dataDir as string) : undefined, loopback };
}
