/** The `tandem` command: reads the command line, runs what it names and gives the exit code. */
import { type CAC, cac } from 'cac';
import { BackupError } from '../node/backup/error.ts';
import { AdminError } from '../node/control/index.ts';
import { StartError } from '../node/start-options.ts';
import { StoreError } from '../node/store/index.ts';
import { version } from '../node/version.ts';
import { prepare, unmark } from './arguments.ts';
import { printCandidates } from './commands/completion.ts';
import { commands } from './commands.ts';
import { CommandError, type Io, UsageError } from './io.ts';

/**
 * Runs one command to its end.
 * @param argv words after the program's name.
 * @returns 0, or 1 when it could not be done, or 2 when the command line is wrong.
 */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  try {
    const cli = commandLine(io);
    if (argv[0] === 'complete') {
      // A shell that completes wants words or nothing.
      await printCandidates(cli, argv.slice(argv[1] === '--' ? 2 : 1), io).catch(() => undefined);
      return 0;
    }
    cli.parse(['', '', ...prepare(cli, argv)], { run: false });
    if (cli.options.help === true) io.stdout.write(helpOf(cli));
    else if (cli.options.version === true) io.stdout.write(`${version}\n`);
    else if (cli.matchedCommand === undefined) throw noCommand(cli);
    else await cli.runMatchedCommand();
    return 0;
  } catch (error) {
    return failed(error, io);
  }
}

function commandLine(io: Io): CAC {
  const cli = cac('tandem');
  cli.option('-h, --help', 'Show how a command is used');
  cli.option('-v, --version', 'Show the version');
  for (const add of commands) add(cli, io);
  return cli;
}

function noCommand(cli: CAC): UsageError {
  const [first, second] = cli.args.map(unmark);
  if (first === undefined) return new UsageError('Name a command; "tandem --help" lists them.');
  const group = cli.commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name.split(' ')[1]);
  if (group.length > 0 && second === undefined) {
    return new UsageError(`Say what to do: "tandem ${first}" goes on with ${group.join(', ')}.`);
  }
  const shown = group.length > 0 ? `${first} ${second}` : first;
  return new UsageError(`There is no command "${shown}"; "tandem --help" lists them.`);
}

class Help {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** cac prints its help to the console; the text is caught before it does. */
function helpOf(cli: CAC): string {
  cli.globalCommand.helpCallback = (sections) => {
    const kept = sections.filter(({ title }) => !title?.startsWith('For more info'));
    throw new Help(kept.map(({ title, body }) => (title ? `${title}:\n${body}\n` : `${body}\n`)).join('\n'));
  };
  try {
    cli.outputHelp();
  } catch (help) {
    if (help instanceof Help) return help.text;
    throw help;
  }
  return '';
}

function failed(error: unknown, io: Io): number {
  if (!(error instanceof Error)) throw error;
  if (error instanceof UsageError) return tell(io, error.message, 2);
  if (error.name === 'CACError') return tell(io, ownWords(unmark(error.message)), 2);
  const expected = [AdminError, BackupError, CommandError, StartError, StoreError].some(
    (kind) => error instanceof kind,
  );
  return tell(io, expected ? error.message : `Tandem has a fault: ${error.stack ?? error.message}`, 1);
}

/** cac's complaints as sentences. */
function ownWords(complaint: string): string {
  const [, command, missing] = /^missing required args for command `(.*?) ([<[].*)`$/.exec(complaint) ?? [];
  if (command !== undefined) return `"tandem ${command}" needs ${missing?.replaceAll(/[<>]/g, '').toUpperCase()}.`;
  const unused = /^Unused args: (.*)$/.exec(complaint)?.[1];
  if (unused !== undefined) return `${unused.replaceAll('`', '"')} is more than this command takes.`;
  return `${complaint.replace(/^./, (letter) => letter.toUpperCase())}.`;
}

function tell(io: Io, sentence: string, code: number): number {
  io.stderr.write(`${sentence}\n`);
  return code;
}
