/** `tandem settings …`: what may be set while the exchange runs. */
import type { CAC } from 'cac';
import type { SettingInfo } from '../../node/control/index.ts';
import type { Given } from '../arguments.ts';
import type { Io } from '../io.ts';
import { addListing } from '../listing.ts';
import { declare, say, withAdmin } from './common.ts';

export function addSettings(cli: CAC, io: Io): void {
  addListing(cli, io, {
    command: 'settings list',
    description: 'List what may be set while the exchange runs, and who says so',
    method: 'settings.list',
    head: ['SETTING', 'VALUE', 'BY', 'MAY BE', 'WHAT'],
    row: (one) => [one.name, withUnit(one), one.source, boundsOf(one), one.what],
  });
  declare(cli, 'settings set <setting> <value>', 'Set one; it holds at once', (given, name, value) =>
    set(given, io, name, value),
  )
    .example('  tandem settings set ban-after 40')
    .example('  tandem settings set log-level debug');
  declare(cli, 'settings reset <setting>', 'Have one be as it is without being set', (given, name = '') =>
    withAdmin(given, io, async (admin) => tell(given, io, await admin.call('settings.reset', { name }))),
  );
}

async function set(given: Given, io: Io, name = '', value = ''): Promise<void> {
  await withAdmin(given, io, async (admin) => tell(given, io, await admin.call('settings.set', { name, value })));
}

function tell(given: Given, io: Io, one: SettingInfo): void {
  const kept = one.stored === undefined ? 'is not set any more' : `is set to ${one.stored}`;
  const sentence =
    one.source === 'command line'
      ? `${one.name} ${kept}, but the command line says ${one.value} for as long as this exchange runs.`
      : `${one.name} is ${withUnit(one)}.`;
  say(given, io, one, sentence);
}

const withUnit = ({ value, unit }: SettingInfo): string => (unit === undefined ? String(value) : `${value} ${unit}`);

const boundsOf = ({ choices, min, max }: SettingInfo): string => choices?.join(', ') ?? `${min} to ${max}`;
