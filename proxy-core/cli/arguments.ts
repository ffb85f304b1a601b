/**
 * Makes a command line safe for cac, which turns values that look like numbers into numbers ("0123" into 123), takes
 * the word after a flag for its value and knows commands of one word only. Words are marked so that they stay text.
 */
import type { CAC } from 'cac';
import { UsageError } from './io.ts';

const MARK = '\u0001';

export const unmark = (text: string): string => text.replaceAll(MARK, '');

/** What was given to a command, with options by their long names. */
export class Given {
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(options: Readonly<Record<string, unknown>>) {
    this.#options = options;
  }

  flag(name: string): boolean {
    // cac leaves a flag with a dash in its name as text.
    return this.#options[name] === true || this.#options[name] === 'true';
  }

  /** @throws UsageError when the option was given more than once. */
  text(name: string): string | undefined {
    const all = this.texts(name);
    if (all.length > 1) throw new UsageError(`The option --${name} can be given only once.`);
    return all[0];
  }

  texts(name: string): string[] {
    const value = this.#options[name];
    return value === undefined ? [] : [value].flat().map((one) => unmark(String(one)));
  }
}

/** The words of a command line (without program names) as `cli` understands them without harm. */
export function prepare(cli: CAC, argv: readonly string[]): string[] {
  const takesValue = new Map<string, boolean>();
  for (const { options } of [cli.globalCommand, ...cli.commands]) {
    for (const option of options) {
      for (const name of option.rawName.matchAll(/--?([a-z-]+)/g))
        takesValue.set(name[1] ?? '', option.required === true);
    }
  }
  const words: string[] = [];
  const options: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const arg = argv[at] ?? '';
    if (arg === '--') {
      words.push(...argv.slice(at + 1));
      break;
    }
    const [, dashes, name = '', value] = /^(--?)([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (dashes === undefined) words.push(arg);
    else if (takesValue.get(name) !== true) options.push(`${dashes}${name}=${value ?? 'true'}`);
    else if (value !== undefined) options.push(`--${name}=${MARK}${value}`);
    else {
      at += 1;
      const next = argv[at];
      if (next === undefined || (takesValue.has(next.replace(/^--?|=.*$/gs, '')) && next.startsWith('-'))) {
        throw new UsageError(`The option ${dashes}${name} needs a value.`);
      }
      options.push(`--${name}=${MARK}${next}`);
    }
  }
  const length = commandLength(cli, words);
  const command = length === 0 ? [] : [words.slice(0, length).join(' ')];
  return [...command, ...options, ...words.slice(length).map((word) => MARK + word)];
}

/** How many words at the beginning are the name of a command. */
export function commandLength(cli: CAC, words: readonly string[]): number {
  for (const length of [2, 1]) {
    if (words.length >= length && cli.commands.some(({ name }) => name === words.slice(0, length).join(' ')))
      return length;
  }
  return 0;
}
