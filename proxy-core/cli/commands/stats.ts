/** `tandem stats`: how much of everything there is, and what was counted. */
import type { CAC } from 'cac';
import type { Io } from '../io.ts';
import { printJson, printTable } from '../output.ts';
import { declare, withAdmin } from './common.ts';

export function addStats(cli: CAC, io: Io): void {
  declare(cli, 'stats', 'Show how much of everything there is, and what was counted', async (given) => {
    const stats = await withAdmin(given, io, (admin) => admin.call('stats', {}));
    if (given.flag('json')) return printJson(io.stdout, stats);
    const rows = Object.entries(stats).map(([name, count]) => [wordsOf(name), String(count)]);
    printTable(io.stdout, ['WHAT', 'COUNT'], rows);
  });
}

/** `messagesKept` as "messages kept". */
const wordsOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
