/** `tandem device …`: passwords of single devices, so that a lost one is revoked alone. */
import type { CAC } from 'cac';
import type { Given } from '../arguments.ts';
import type { Io } from '../io.ts';
import { printJson, printTable } from '../output.ts';
import { declare, nameOf, passwordOf, say, who, withAdmin, withPassword } from './common.ts';

export function addDevice(cli: CAC, io: Io): void {
  withPassword(
    declare(cli, 'device add <number> <label>', 'Give a device of a user a password of its own', (given, word, label) =>
      add(given, io, word, label),
    ),
  ).example('  tandem device add 1001 "desk phone" --password SECRET');

  declare(cli, 'device list <number>', 'List the devices of a user that have a password of their own', (given, word) =>
    list(given, io, word),
  );

  declare(cli, 'device remove <number> <label>', 'Revoke a device: its password and its registrations', (given, ...w) =>
    remove(given, io, ...w),
  );
}

async function add(given: Given, io: Io, word: string | undefined, label = ''): Promise<void> {
  const password = await passwordOf(given, io);
  await withAdmin(given, io, async (admin) => {
    const device = await admin.call('devices.add', { ...who(word), label, password });
    say(given, io, device, `Added the device "${device.label}" of ${nameOf(device)}.`);
  });
}

async function list(given: Given, io: Io, word: string | undefined): Promise<void> {
  const devices = await withAdmin(given, io, (admin) => admin.call('devices.list', who(word)));
  if (given.flag('json')) printJson(io.stdout, devices);
  else {
    const rows = devices.map(({ label, createdAt, bindings }) => [
      label,
      new Date(createdAt).toISOString(),
      String(bindings),
    ]);
    printTable(io.stdout, ['DEVICE', 'ADDED', 'REGISTERED'], rows);
  }
}

async function remove(given: Given, io: Io, word?: string, label = ''): Promise<void> {
  const device = await withAdmin(given, io, (admin) => admin.call('devices.remove', { ...who(word), label }));
  say(given, io, device, `Revoked the device "${device.label}" of ${nameOf(device)}.`);
}
