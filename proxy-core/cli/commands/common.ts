/** What the commands share: how one is declared, and how it reaches the exchange. */
import { existsSync } from 'node:fs';
import type { CAC, Command } from 'cac';
import { type RemoteAdmin, reachAdmin } from '../../node/control/index.ts';
import { StartError } from '../../node/start-options.ts';
import { Given, unmark } from '../arguments.ts';
import { officeIn } from '../data-dir.ts';
import { CommandError, type Io, readPassword, UsageError } from '../io.ts';
import { printJson } from '../output.ts';

export type Run = (given: Given, ...words: (string | undefined)[]) => Promise<void>;

/** Declares a command about an office; every one of them takes `--data` and `--json`. */
export function declare(cli: CAC, name: string, description: string, run: Run): Command {
  return cli
    .command(name, description)
    .option('--data <dir>', 'Directory of the exchange’s data')
    .option('--json', 'Print JSON')
    .action((...args: unknown[]) => {
      const words = args.slice(0, -1).map((word) => (typeof word === 'string' ? unmark(word) : undefined));
      return run(new Given(args.at(-1) as Record<string, unknown>), ...words);
    });
}

/** Says what was done, or with `--json` what came of it. */
export function say(given: Given, io: Io, result: unknown, sentence: string): void {
  if (given.flag('json')) printJson(io.stdout, result);
  else io.stdout.write(`${sentence}\n`);
}

export const dataDirOf = (given: Given, io: Io): string => officeIn(given.text('data') ?? io.defaultDataDir);

/** What an exchange could not be started with is a mistake in the words of the command. */
export function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof StartError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** @throws UsageError where there is a text and it is not such a number. */
export function wholeNumber(option: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`--${option} is a whole number from ${min} to ${max}, not "${text}".`);
}

/**
 * Runs `work` with the administration of the exchange, running or not, and lets go of it. Only what puts something into
 * an office may begin one: for the others a directory that is not there is a slip of the pen.
 */
export async function withAdmin<T>(
  given: Given,
  io: Io,
  work: (admin: RemoteAdmin) => Promise<T>,
  { mayBegin = false } = {},
): Promise<T> {
  const dataDir = dataDirOf(given, io);
  if (!mayBegin && !existsSync(dataDir)) throw new CommandError(`There is no office in ${dataDir}.`);
  const admin = await reachAdmin(dataDir);
  try {
    return await work(admin);
  } finally {
    admin.close();
  }
}

/** The options with which a command is given a password; see `passwordOf`. */
export const withPassword = (command: Command): Command =>
  command
    .option('--password <password>', 'The password (other users of this computer can see it while the command runs)')
    .option('--password-stdin', 'Read the password from standard input');

export async function passwordOf(given: Given, io: Io): Promise<string> {
  const password = given.text('password');
  const fromStdin = given.flag('passwordStdin');
  if ((password === undefined) !== fromStdin) throw new UsageError('Give either --password or --password-stdin.');
  return password ?? readPassword(io.stdin);
}

export const nameOf = (user: { number: string; domain: string }): string => `${user.number}@${user.domain}`;

export function inDomain(given: Given): { domain?: string } {
  const domain = given.text('domain');
  return domain === undefined ? {} : { domain };
}

/** Splits `NUMBER[@DOMAIN]`; each part is checked where it is used. */
export function who(word: string | undefined): { number: string; domain?: string } {
  const text = word ?? '';
  const at = text.lastIndexOf('@');
  return at < 0 ? { number: text } : { number: text.slice(0, at), domain: text.slice(at + 1) };
}
