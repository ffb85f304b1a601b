/** The words by which this program, with this profile, is started again by somebody else: the system, or a link. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';

export interface OwnStart {
  readonly program: string;
  /** Before anything that is added. */
  readonly words: readonly string[];
  /** Tells profiles apart in names of files; empty for the usual profile. */
  readonly suffix: string;
}

export interface StartFacts {
  /** Electron's `process.execPath`, or the image that it was started from. */
  readonly program: string;
  /** The program's folder, where Electron runs it from there; undefined where it is installed. */
  readonly source: string | undefined;
  /** The profile's folder, absolute. */
  readonly folder: string;
  readonly usualFolder: string;
  /** Chromium's sandbox does not work for root. */
  readonly isRoot: boolean;
}

export function ownStart({ program, source, folder, usualFolder, isRoot }: StartFacts): OwnStart {
  const isUsual = resolve(folder) === resolve(usualFolder);
  return {
    program,
    words: [
      ...(isRoot ? ['--no-sandbox'] : []),
      ...(source === undefined ? [] : [source]),
      ...(isUsual ? [] : [`--data=${folder}`]),
    ],
    suffix: isUsual ? '' : `-${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 8)}`,
  };
}
