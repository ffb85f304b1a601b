/** `tandem status`: what an exchange is doing, and what it counts. */
import type { CAC } from 'cac';
import type { ExchangeStatus } from '../../node/control/index.ts';
import type { NatStatus } from '../../node/nat-status.ts';
import type { Given } from '../arguments.ts';
import type { Io } from '../io.ts';
import { printJson, printPairs } from '../output.ts';
import { declare, withAdmin } from './common.ts';

export function addStatus(cli: CAC, io: Io): void {
  declare(cli, 'status', 'Show what the exchange is doing, and its counters', (given) => show(given, io));
}

async function show(given: Given, io: Io): Promise<void> {
  const status = await withAdmin(given, io, (admin) => admin.call('status', {}));
  if (given.flag('json')) return printJson(io.stdout, status);
  printPairs(io.stdout, [
    ...(status.startedAt === 0 ? [['Exchange', 'is not running']] : running(status)),
    ['Domains', status.domains.join(', ')],
    ['Users', String(status.users)],
    ['Registered', String(status.bindings)],
    ...(status.events === undefined ? [] : [['Watched', watchedText(status.events)]]),
    ...(status.nat === undefined ? [] : counters(status.nat)),
  ]);
}

const running = ({ version, pid, startedAt, listeners, mode }: ExchangeStatus): string[][] => [
  ['Exchange', `${version}, process ${pid}, since ${new Date(startedAt).toISOString()}`],
  ['Listens on', listeners.join(' ')],
  ['Mode', mode],
];

const counters = (nat: NatStatus): string[][] => [
  [
    'Relayed',
    `${nat.relayedCalls} calls now, ${nat.refusedCalls} found no room (${nat.overShareCalls} beyond their caller's share), ${nat.silentCalls} fell silent`,
  ],
  ['Media', `${nat.packets} packets, ${nat.bytes} bytes, ${nat.lost} lost, ${nat.dropped} dropped`],
  ['NAT pings', `${nat.pinged} phones, ${nat.expired} registrations given up`],
];

const watchedText = ({ subscriptions, publications }: { subscriptions: number; publications: number }): string =>
  `${subscriptions} subscriptions, ${publications} publications`;
