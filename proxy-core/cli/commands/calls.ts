/** `tandem calls …`: who talks and what rings now. */
import type { CAC } from 'cac';
import type { CallInfo } from '../../node/control/index.ts';
import type { Given } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { addListing } from '../listing.ts';
import { clock, partyOf } from './call-words.ts';
import { declare, say, who, withAdmin } from './common.ts';

export function addCalls(cli: CAC, io: Io): void {
  addListing(cli, io, {
    command: 'calls',
    description: 'List the calls that are under way, the oldest first',
    method: 'calls.list',
    options: [['--user <number>', 'Only those of one user (NUMBER or NUMBER@DOMAIN)']],
    params(given) {
      const user = given.text('user');
      return user === undefined ? {} : who(user);
    },
    head: ['ID', 'STATE', 'SINCE', 'FROM', 'TO', 'DEVICES'],
    row: rowOf,
  });
  declare(
    cli,
    'calls end <id>',
    'Stop a call from ringing (one that was answered ends by its two sides only)',
    (given, word) => end(given, io, word),
  );
}

function rowOf(call: CallInfo): string[] {
  const { id, state, answeredAt, ringingAt, startedAt, caller, callee, devices, answeredBy } = call;
  const since = state === 'answered' ? answeredAt : state === 'ringing' ? ringingAt : startedAt;
  const shown =
    answeredBy === undefined ? devices.filter(({ status }) => status === 0) : devices.slice(answeredBy, answeredBy + 1);
  const names = shown.map(({ label, contact }) => label || contact);
  return [String(id), state, clock((Date.now() - since) / 1000), partyOf(caller), partyOf(callee), names.join(' ')];
}

async function end(given: Given, io: Io, word = ''): Promise<void> {
  if (!/^\d{1,16}$/.test(word)) throw new UsageError('A call is named by its ID, as "tandem calls" lists it.');
  const call = await withAdmin(given, io, (admin) => admin.call('calls.end', { id: Number(word) }));
  say(given, io, call, `The call from ${partyOf(call.caller)} to ${partyOf(call.callee)} rings no more.`);
}
