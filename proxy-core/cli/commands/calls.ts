/** `tandem calls …`: who talks and what rings now. */
import type { CAC } from 'cac';
import { type CallInfo, everything } from '../../node/control/index.ts';
import type { Given } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { printJson, printTable } from '../output.ts';
import { clock, partyOf } from './call-words.ts';
import { declare, say, who, withAdmin } from './common.ts';

export function addCalls(cli: CAC, io: Io): void {
  declare(cli, 'calls', 'List the calls that are under way', (given) => list(given, io)).option(
    '--user <number>',
    'Only those of one user (NUMBER or NUMBER@DOMAIN)',
  );
  declare(
    cli,
    'calls end <id>',
    'Stop a call from ringing (one that was answered ends by its two sides only)',
    (given, word) => end(given, io, word),
  );
}

async function list(given: Given, io: Io): Promise<void> {
  const user = given.text('user');
  const found: CallInfo[] = [];
  await withAdmin(given, io, async (admin) => {
    const of = user === undefined ? {} : who(user);
    for await (const one of everything((after) => admin.call('calls.list', { ...of, after }))) found.push(one);
  });
  if (given.flag('json')) return printJson(io.stdout, found);
  const now = Date.now();
  printTable(
    io.stdout,
    ['ID', 'STATE', 'SINCE', 'FROM', 'TO', 'DEVICES'],
    found.map((call) => rowOf(call, now)),
  );
}

function rowOf(call: CallInfo, now: number): string[] {
  const { id, state, answeredAt, ringingAt, startedAt, caller, callee, devices, answeredBy } = call;
  const since = state === 'answered' ? answeredAt : state === 'ringing' ? ringingAt : startedAt;
  const shown =
    answeredBy === undefined ? devices.filter(({ status }) => status === 0) : devices.slice(answeredBy, answeredBy + 1);
  const names = shown.map(({ label, contact }) => label || contact);
  return [String(id), state, clock((now - since) / 1000), partyOf(caller), partyOf(callee), names.join(' ')];
}

async function end(given: Given, io: Io, word = ''): Promise<void> {
  if (!/^\d{1,16}$/.test(word)) throw new UsageError('A call is named by its ID, as "tandem calls" lists it.');
  const call = await withAdmin(given, io, (admin) => admin.call('calls.end', { id: Number(word) }));
  say(given, io, call, `The call from ${partyOf(call.caller)} to ${partyOf(call.callee)} rings no more.`);
}
