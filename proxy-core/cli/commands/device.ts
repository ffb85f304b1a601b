/** `tandem device …`: passwords of single devices, so that a lost one is revoked alone. */
import type { CAC } from 'cac';
import type { Given } from '../arguments.ts';
import type { Io } from '../io.ts';
import { addListing } from '../listing.ts';
import { declare, inDomain, nameOf, passwordOf, say, who, withAdmin, withPassword } from './common.ts';

export function addDevice(cli: CAC, io: Io): void {
  withPassword(
    declare(cli, 'device add <number> <label>', 'Give a device of a user a password of its own', (given, word, label) =>
      add(given, io, word, label),
    ),
  ).example('  tandem device add 1001 "desk phone" --password SECRET');

  addListing(cli, io, {
    command: 'device list [number]',
    description: 'List the devices that have a password of their own, all or those of a user',
    method: 'devices.list',
    sorts: ['label', 'created'],
    options: [['--domain <name>', 'Only those of this domain']],
    params: (given, word) => (word === undefined ? inDomain(given) : { ...inDomain(given), ...who(word) }),
    head: ['USER', 'DEVICE', 'ADDED', 'REGISTERED'],
    row: (one) => [nameOf(one), one.label, new Date(one.createdAt).toISOString(), String(one.bindings)],
  });

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

async function remove(given: Given, io: Io, word?: string, label = ''): Promise<void> {
  const device = await withAdmin(given, io, (admin) => admin.call('devices.remove', { ...who(word), label }));
  say(given, io, device, `Revoked the device "${device.label}" of ${nameOf(device)}.`);
}
