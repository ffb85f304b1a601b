/** What the commands about the trace have in common: whose messages are wanted, and when. */
import type { Command } from 'cac';
import type { Given } from '../arguments.ts';
import { UsageError } from '../io.ts';
import { who, wholeNumber } from './common.ts';

/** Adds the options that `wantedOf` reads. */
export const withWanted = (command: Command): Command =>
  command
    .option('--user <number>', 'Only what a user sent, got or was named in')
    .option('--address <ip>', 'Only what came from an address or went there')
    .option('--since <time>', 'Only what came since then: 90s, 10m, 2h ago, or today at 14:02')
    .option('--until <time>', 'Only what came until then')
    .option('--limit <count>', 'At most so many, the newest');

export interface Asked {
  user?: string;
  domain?: string;
  address?: string;
  since?: number;
  until?: number;
  limit?: number;
}

/** @param now ms since 1970. @throws UsageError */
export function wantedOf(given: Given, now = Date.now()): Asked {
  const user = given.text('user');
  const address = given.text('address');
  const limit = given.text('limit');
  const asked: Asked = {};
  if (user !== undefined) {
    const { number, domain } = who(user);
    asked.user = number;
    if (domain !== undefined) asked.domain = domain;
  }
  if (address !== undefined) asked.address = address;
  for (const name of ['since', 'until'] as const) {
    const text = given.text(name);
    if (text !== undefined) asked[name] = momentOf(name, text, now);
  }
  if (limit !== undefined) {
    if (!/^[1-9]\d{0,5}$/.test(limit)) throw new UsageError(`--limit is a whole number from 1 up, not "${limit}".`);
    asked.limit = Number(limit);
  }
  return asked;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

function momentOf(option: string, text: string, now: number): number {
  const [, count, unit = ''] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (UNITS[unit] ?? 0);
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text) ?? [];
  if (hours !== undefined && Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60) {
    return new Date(now).setHours(Number(hours), Number(minutes), Number(seconds), 0);
  }
  const moment = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(moment)) throw new UsageError(`--${option} is a time such as 10m, 2h or 14:02, not "${text}".`);
  return moment;
}

/** The options of `tandem serve`. */
export const traceOptionTexts: readonly (readonly [option: string, explanation: string])[] = [
  ['--trace-memory <mb>', 'Memory for the messages of the last minutes, 0 for none (without it 32)'],
  ['--trace-minutes <minutes>', 'How long they are kept where there is room (without it 15)'],
];

/** @throws UsageError naming the option that is wrong. */
export function traceOptionsOf(given: Given): { traceBytes?: number; traceAge?: number } {
  const megabytes = wholeNumber('trace-memory', given.text('traceMemory'), 0, 1_024);
  const minutes = wholeNumber('trace-minutes', given.text('traceMinutes'), 1, 1_440);
  return {
    ...(megabytes !== undefined && { traceBytes: megabytes * 1024 * 1024 }),
    ...(minutes !== undefined && { traceAge: minutes * 60_000 }),
  };
}
