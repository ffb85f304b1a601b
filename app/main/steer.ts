/**
 * The second start of the program, where it is only to tell the one that runs what to do. Built as a program of its own
 * for plain Node: no window, no display. It ends with 0, with 1 and a sentence on stderr, or with 2 for wrong words.
 */
import { AdminError } from '../../proxy-core/node/control/errors.ts';
import { phonePath } from '../../proxy-core/node/control/socket-path.ts';
import { openWire } from '../../proxy-core/node/control/wire.ts';
import { profileFolder } from '../../proxy-core/node/profile-folder.ts';
import type { SteerReply } from '../shared/steering.ts';
import { textOf } from '../shared/text-of.ts';
import { readCommandLine } from './command-line.ts';

/** Longer than the running program takes at most. */
const ANSWER_MS = 30_000;
/** Names come from the network and must not steer the terminal. */
const UNPRINTABLE = /[^\P{C}\n\u200d]/gu;

async function steer(words: readonly string[]): Promise<number> {
  const { steering, dataDir, json, wrong } = readCommandLine(words, process.cwd());
  if (wrong !== undefined || steering === undefined) {
    console.error(wrong ?? 'There is nothing to do.');
    return 2;
  }
  const path = phonePath(dataDir ?? profileFolder(process.env, process.platform));
  const wire = await openWire(path, 'The phone');
  if (wire === undefined) throw new AdminError('unreachable', 'No phone is running with this data folder.');
  const reply = (await wire.call('phone.do', steering, ANSWER_MS)) as SteerReply;
  wire.close();
  if (!reply.ok) throw new AdminError('unknown', reply.reason);
  console.log(json ? JSON.stringify(reply.result, null, 2) : reply.text.replace(UNPRINTABLE, ''));
  return 0;
}

steer(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(textOf(error).replace(UNPRINTABLE, ''));
    process.exitCode = 1;
  },
);
