/** `tandem trace …`: the messages of the last minutes. */
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { CAC } from 'cac';
import type { Ladder, RemoteAdmin, ShownMessage } from '../../node/control/index.ts';
import { systemReason } from '../../node/system-error.ts';
import type { Given } from '../arguments.ts';
import { CommandError, type Io } from '../io.ts';
import { drawLadder } from '../ladder.ts';
import { printable, printJson, printTable } from '../output.ts';
import { clockTime } from '../time.ts';
import { declare, say, withAdmin } from './common.ts';
import { wantedOf, withWanted } from './trace-options.ts';

/** How often new messages are asked for, in ms. */
const POLL_MS = 400;

export function addTrace(cli: CAC, io: Io): void {
  withWanted(declare(cli, 'trace list', 'List the calls and other exchanges of the last minutes', (g) => list(g, io)));

  withWanted(
    declare(cli, 'trace show [call-id]', 'Show the messages of a call, with those that are linked to it', (given, id) =>
      show(given, io, id),
    ),
  )
    .option('--ladder', 'Draw who sent what to whom, without the messages')
    .option('--bodies', 'Show the texts of messages and the digits that were typed')
    .example('  tandem trace show 3848276298220188511@192.0.2.7 --ladder')
    .example('  tandem trace show --user 1002 --since 5m');

  withWanted(
    declare(cli, 'trace pcap <file> [call-id]', 'Write a capture for Wireshark', (given, file, id) =>
      pcap(given, io, file, id),
    ),
  )
    .option('--bodies', 'Leave the texts of messages and the digits that were typed readable')
    .example('  tandem trace pcap office.pcapng --since 10m');

  withWanted(declare(cli, 'trace follow', 'Show messages as they come, until Ctrl+C', (given) => follow(given, io)))
    .option('--bodies', 'Show the texts of messages and the digits that were typed')
    .option('--ladder', 'A line for each message, without the messages');
}

async function list(given: Given, io: Io): Promise<void> {
  const calls = await withAdmin(given, io, (admin) => admin.call('trace.list', wantedOf(given)));
  if (given.flag('json')) return printJson(io.stdout, calls);
  const rows = calls.map((call) => [
    clockTime(call.startedAt),
    call.method,
    call.from,
    call.to,
    call.status === undefined ? '' : `${call.status} ${call.reason}`,
    `${call.messages}${call.repeated > 0 ? ` (${call.repeated} repeated)` : ''}`,
    call.callId,
  ]);
  printTable(io.stdout, ['BEGAN', 'WHAT', 'FROM', 'TO', 'ENDED', 'MESSAGES', 'CALL-ID'], rows);
}

async function show(given: Given, io: Io, callId: string | undefined): Promise<void> {
  const asked = { ...wantedOf(given), ...(callId !== undefined && { callId }) };
  if (given.flag('ladder') || given.flag('json')) {
    const ladder: Ladder = await withAdmin(given, io, (admin) => admin.call('trace.ladder', asked));
    if (given.flag('json')) return printJson(io.stdout, ladder);
    if (ladder.arrows.length === 0) throw nothing(callId);
    io.stdout.write(drawLadder(ladder));
    return;
  }
  const messages = await withAdmin(given, io, (admin) =>
    admin.call('trace.show', { ...asked, bodies: given.flag('bodies') }),
  );
  if (messages.length === 0) throw nothing(callId);
  for (const message of messages) printMessage(io, message);
}

const nothing = (callId: string | undefined): CommandError =>
  new CommandError(
    callId === undefined
      ? 'Nothing of that kind was kept.'
      : `Nothing of the call ${callId} is kept; "tandem trace list" shows what is.`,
  );

async function pcap(given: Given, io: Io, path = '', callId?: string): Promise<void> {
  const asked = { ...wantedOf(given), bodies: given.flag('bodies'), ...(callId !== undefined && { callId }) };
  const { file, messages } = await withAdmin(given, io, (admin) => admin.call('trace.pcap', asked));
  try {
    // Who called whom is nobody else's business.
    writeFileSync(path, Buffer.from(file, 'base64'), { mode: 0o600 });
  } catch (error) {
    throw new CommandError(`${path} cannot be written: ${systemReason(error)}.`, { cause: error });
  }
  say(given, io, { file: path, messages }, `Wrote ${messages} ${messages === 1 ? 'message' : 'messages'} to ${path}.`);
}

async function follow(given: Given, io: Io): Promise<void> {
  const { limit: _limit, ...asked } = wantedOf(given);
  let isOver = false;
  const asking = io.asked().then(() => {
    isOver = true;
  });
  await withAdmin(given, io, async (admin) => {
    let after = (await newest(admin)) ?? 0;
    while (!isOver) {
      const messages = await admin.call('trace.show', { ...asked, after, bodies: given.flag('bodies') });
      for (const message of messages) {
        if (given.flag('json')) io.stdout.write(`${JSON.stringify(message)}\n`);
        else if (given.flag('ladder')) io.stdout.write(`${lineOf(message)}\n`);
        else printMessage(io, message);
      }
      after = messages.at(-1)?.id ?? after;
      await Promise.race([asking, pause(POLL_MS)]);
    }
  });
}

const newest = async (admin: RemoteAdmin): Promise<number | undefined> =>
  (await admin.call('trace.show', { limit: 1 }))[0]?.id;

function printMessage(io: Io, message: ShownMessage): void {
  const text = message.text.split('\n').map(printable).join('\n').trimEnd();
  io.stdout.write(`${headLine(message)}\n${text}\n\n`);
}

function headLine(message: ShownMessage): string {
  const { id, at, direction, transport, remote, local, handled, repeats, fault } = message;
  const way = direction === 'in' ? `${remote} -> ${local}` : `${local} -> ${remote}`;
  const how = {
    taken: '',
    repeated: `, repetition of #${repeats}`,
    refused: ', refused by the guard',
    unreadable: fault === undefined ? '' : `, unreadable: ${fault.reason}, line ${fault.line}, column ${fault.column}`,
  }[handled];
  return printable(`--- #${id} ${clockTime(at, 6)} ${transport} ${way}${how}`);
}

function lineOf(message: ShownMessage): string {
  const { at, direction, remote, label, from = '', to = '', callId = '', handled } = message;
  const way = direction === 'in' ? '<-' : '->';
  const how = handled === 'taken' ? '' : ` (${handled})`;
  return printable(`${clockTime(at, 3)} ${way} ${remote.padEnd(21)} ${label}${how}  ${from} > ${to}  ${callId}`);
}
