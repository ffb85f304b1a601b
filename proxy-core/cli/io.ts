/** What a command needs of the world, so that tests can run it in their own process. */
import type { ExchangeHandle, StartOptions } from '../node/start-options.ts';

export interface Output {
  /** False where it takes no more before its `drain`. */
  write(text: string): unknown;
  once?(event: 'drain', listener: () => void): unknown;
}

export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  /** Where the data is when a command does not say. */
  readonly defaultDataDir: string;
  readonly startExchange: (options: StartOptions) => Promise<ExchangeHandle>;
  /** Settles when the process is asked to end. */
  readonly asked: () => Promise<void>;
}

/** The command line is not as it must be: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command cannot do what it is asked to: exit code 1. The message is one sentence for a person. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

const LONGEST_PASSWORD_INPUT = 64 * 1024;

/** The first line of standard input, without its end. */
export async function readPassword(stdin: Io['stdin']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk as Uint8Array));
    size += chunk.length;
    if (size > LONGEST_PASSWORD_INPUT) throw new CommandError('The password on standard input is too long.');
  }
  const [line = ''] = Buffer.concat(chunks).toString('utf8').split(/\r?\n/, 1);
  return line;
}
