/** `tandem user mode` and `tandem domain mode`: how requests for a user or a domain are handled. */
import type { CAC } from 'cac';
import type { ModeInfo } from '../../node/control/index.ts';
import { exchangeModes } from '../../server/settings.ts';
import type { Given } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { printJson } from '../output.ts';
import { declare, who, withAdmin } from './common.ts';

export const choices = [...exchangeModes, 'default'] as const;
type Choice = (typeof choices)[number];

export function addMode(cli: CAC, io: Io): void {
  const words = choices.join(', ');
  declare(cli, 'user mode <number> [mode]', `Show or set how a user is called: ${words}`, (given, word, mode) =>
    run(given, io, mode, (admin, wanted) => admin.call('users.mode', { ...who(word), ...wanted })),
  ).example('  tandem user mode 1001 redirect');

  declare(
    cli,
    'domain mode <name> [mode]',
    `Show or set how the users of a domain are called: ${words}`,
    (given, name = '', mode) =>
      run(given, io, mode, (admin, wanted) => admin.call('domains.mode', { name, ...wanted })),
  );
}

type Admin = Parameters<Parameters<typeof withAdmin>[2]>[0];
type Ask = (admin: Admin, wanted: { mode?: Choice }) => Promise<ModeInfo>;

async function run(given: Given, io: Io, word: string | undefined, ask: Ask): Promise<void> {
  const mode = word === undefined ? undefined : modeNamed(word);
  const found = await withAdmin(given, io, (admin) => ask(admin, mode === undefined ? {} : { mode }));
  if (given.flag('json')) printJson(io.stdout, found);
  else io.stdout.write(`${found.mode === 'default' ? `default (${found.inEffect})` : found.mode}\n`);
}

export function modeNamed(word: string): Choice {
  const mode = choices.find((choice) => choice === word);
  if (mode === undefined) throw new UsageError(`The mode is one of ${choices.join(', ')}, not "${word}".`);
  return mode;
}
