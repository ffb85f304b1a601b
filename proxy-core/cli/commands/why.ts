/** `tandem why`: what went wrong, and what to do about it. */
import type { CAC } from 'cac';
import type { Given } from '../arguments.ts';
import type { Io } from '../io.ts';
import { printable, printJson } from '../output.ts';
import { clockTime } from '../time.ts';
import { declare, withAdmin } from './common.ts';

export function addWhy(cli: CAC, io: Io): void {
  declare(
    cli,
    'why <what>',
    'Say why a call failed, why a user cannot be reached, or what is wrong with an address',
    (given, what) => why(given, io, what),
  )
    .option('--messages', 'Name the messages that it rests on ("tandem trace show" has them)')
    .example('  tandem why 1002')
    .example('  tandem why 3848276298220188511@192.0.2.7')
    .example('  tandem why 192.0.2.7');
}

async function why(given: Given, io: Io, what = ''): Promise<void> {
  const answer = await withAdmin(given, io, (admin) => admin.call('why', { about: what }));
  if (given.flag('json')) return printJson(io.stdout, answer);
  const blocks = answer.reasons.map(({ at, text, todo, callId, messages }) => {
    const lines = [`${clockTime(at)}  ${text}`, `          ${todo}`];
    if (given.flag('messages') && messages.length > 0) {
      const call = callId === '' || callId === answer.subject ? '' : ` of ${callId}`;
      lines.push(`          Messages ${messages.map((id) => `#${id}`).join(' ')}${call}`);
    }
    return lines.map(printable).join('\n');
  });
  io.stdout.write(`${blocks.join('\n\n')}\n`);
}
