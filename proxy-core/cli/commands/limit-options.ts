/** The options of `tandem serve` for what one user or address may take, and for when an address is kept away. */
import type { LimitOptions } from '../../node/start-options.ts';
import { STREAM_LIMITS } from '../../node/transport/stream-limits.ts';
import { defaultGuardSettings } from '../../server/guard/guard.ts';
import { defaultSettings } from '../../server/settings.ts';
import type { Given } from '../arguments.ts';
import { UsageError } from '../io.ts';
import { wholeNumber } from './common.ts';

const MINUTE = 60_000;

/** Each with what it says, its smallest and greatest value, and the one without it. */
const limits = {
  slowAfter: ['Offences after which an address is answered slowly', 1, 100_000, defaultGuardSettings.slowAt],
  banAfter: ['Offences after which an address is banned', 1, 100_000, defaultGuardSettings.banAt],
  banMinutes: ['How long the first ban of an address lasts', 1, 1_440, defaultGuardSettings.banMs / MINUTE],
  contactsPerUser: ['Contacts that one user may register', 1, 1_000, defaultSettings.contactsPerUser],
  subscriptions: ['Subscriptions of all together', 1, 1_000_000, defaultSettings.maxSubscriptions],
  subscriptionsPerUser: ['Subscriptions of one user', 1, 100_000, defaultSettings.subscriptionsPerUser],
  transactions: [
    'Requests without an answer yet, beyond which new ones are put off',
    100,
    1_000_000,
    defaultSettings.maxTransactions,
  ],
  connections: ['Connections of all together', 1, 1_000_000, STREAM_LIMITS.connections],
  connectionsPerAddress: ['Connections of one address', 1, 1_000_000, STREAM_LIMITS.connectionsPerAddress],
} satisfies Record<string, readonly [what: string, min: number, max: number, usual: number]>;

type Limit = keyof typeof limits;

const named = (limit: Limit): string => limit.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Each option as it stands in the help, with its explanation. */
export const limitOptionTexts: readonly (readonly [option: string, explanation: string])[] = (
  Object.keys(limits) as Limit[]
).map((limit) => [`--${named(limit)} <number>`, `${limits[limit][0]} (without it ${limits[limit][3]})`]);

/** @throws UsageError naming the option that is wrong. */
export function limitOptionsOf(given: Given): LimitOptions {
  const read = (limit: Limit): number => {
    const [, min, max, usual] = limits[limit];
    return wholeNumber(named(limit), given.text(limit), min, max) ?? usual;
  };
  const banAt = read('banAfter');
  const slowAt = given.text('slowAfter') === undefined ? Math.min(read('slowAfter'), banAt) : read('slowAfter');
  const guard = { slowAt, banAt, banMs: read('banMinutes') * MINUTE };
  if (guard.slowAt > guard.banAt) {
    throw new UsageError(`--slow-after ${guard.slowAt} comes after --ban-after ${guard.banAt}: it would never be.`);
  }
  return {
    guard,
    settings: {
      contactsPerUser: read('contactsPerUser'),
      maxSubscriptions: read('subscriptions'),
      subscriptionsPerUser: read('subscriptionsPerUser'),
      maxTransactions: read('transactions'),
    },
    streams: { connections: read('connections'), connectionsPerAddress: read('connectionsPerAddress') },
  };
}
