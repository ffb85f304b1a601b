/** What may be set while the exchange runs: names, meanings and bounds. `serve` has options of the same names. */
import { defaultGuardSettings, type GuardSettings } from '../../server/guard/guard.ts';
import { phrase } from '../../server/phrase.ts';
import { defaultSettings, exchangeModes, redirectPolicies, relayModes, type Settings } from '../../server/settings.ts';
import { type LogLevel, logLevels } from '../log.ts';

export type SettingValue = string | number;

/** Where a value lives, in the unit in which the exchange keeps it. */
export interface Values {
  exchange: { -readonly [K in keyof Settings]: Settings[K] };
  guard: { -readonly [K in keyof GuardSettings]: GuardSettings[K] };
  log: { level: string };
}

export interface Adjustable {
  readonly name: string;
  /** For people. */
  readonly what: string;
  readonly unit?: 's' | 'min' | 'days' | 'bytes';
  /** Of a number. */
  readonly min?: number;
  readonly max?: number;
  /** Of a word. */
  readonly choices?: readonly string[];
  readonly get: (values: Values) => SettingValue;
  readonly set: (values: Values, value: never) => void;
}

type NumberKey<T> = { [K in keyof T]: T[K] extends number ? K : never }[keyof T] & keyof T;

const number =
  <Part extends 'exchange' | 'guard'>(part: Part) =>
  (
    name: string,
    key: NumberKey<Values[Part]>,
    what: string,
    [min, max]: readonly [number, number],
    unit?: Adjustable['unit'],
    /** How many of what the exchange counts in one is. */
    scale = 1,
  ): Adjustable => ({
    ...{ name, what, min, max },
    ...(unit !== undefined && { unit }),
    get: (values) => (values[part][key] as number) / scale,
    set: (values, value: number) => {
      (values[part] as Record<typeof key, number>)[key] = value * scale;
    },
  });

const ofExchange = number('exchange');
const ofGuard = number('guard');

const word = <Key extends 'mode' | 'redirects' | 'relay'>(
  name: Key,
  what: string,
  choices: readonly Settings[Key][],
): Adjustable => ({
  ...{ name, what, choices },
  get: ({ exchange }) => exchange[name],
  set: ({ exchange }, value: Settings[Key]) => {
    (exchange as Record<Key, Settings[Key]>)[name] = value;
  },
});

const SECOND = 1_000;
const MINUTE = 60_000;

const all: readonly Adjustable[] = [
  word('mode', phrase('How calls are passed on'), exchangeModes),
  word('redirects', phrase('Whose redirections are followed here'), redirectPolicies),
  word('relay', phrase('Whose media passes through the exchange'), relayModes),
  ofExchange('relay-calls', 'relayCalls', phrase('Calls that are relayed at one time'), [1, 100_000]),
  ofExchange('min-expires', 'minExpires', phrase('Shortest registration'), [10, 86_400], 's'),
  ofExchange(
    'default-expires',
    'defaultExpires',
    phrase('Registration of a phone that does not say'),
    [10, 604_800],
    's',
  ),
  ofExchange('max-expires', 'maxExpires', phrase('Longest registration'), [10, 604_800], 's'),
  ofExchange('contacts-per-user', 'contactsPerUser', phrase('Contacts that one user may register'), [1, 1_000]),
  ofExchange(
    'serial-ring',
    'serialRing',
    phrase('How long phones ring before those in turn do'),
    [1, 600],
    's',
    SECOND,
  ),
  ofExchange('max-targets', 'maxTargets', phrase('Targets of one call'), [1, 1_000]),
  ofExchange('calls-per-user', 'callsPerUser', phrase('Calls of one user that are followed at one time'), [1, 100_000]),
  ofExchange('calls', 'maxCalls', phrase('Calls that are followed at one time'), [1, 1_000_000]),
  ofExchange('subscriptions', 'maxSubscriptions', phrase('Subscriptions of all together'), [1, 1_000_000]),
  ofExchange('subscriptions-per-user', 'subscriptionsPerUser', phrase('Subscriptions of one user'), [1, 100_000]),
  ofExchange(
    'transactions',
    'maxTransactions',
    phrase('Open requests, beyond which callers are put off'),
    [100, 1_000_000],
  ),
  ofExchange('message-bytes', 'messageBytes', phrase('Largest message'), [100, 1_000_000], 'bytes'),
  ofExchange('message-days', 'messageDays', phrase('How long messages are kept'), [1, 365], 'days'),
  ofExchange('messages-per-user', 'messagesPerUser', phrase('Messages kept for one user'), [1, 100_000]),
  ofExchange('messages', 'maxMessages', phrase('Messages kept of all together'), [1, 1_000_000]),
  ofExchange('max-diversions', 'maxDiversions', phrase('How often a call may be forwarded'), [1, 50]),
  ofGuard('slow-after', 'slowAt', phrase('Offences after which an address is answered slowly'), [1, 100_000]),
  ofGuard('ban-after', 'banAt', phrase('Offences after which an address is banned'), [1, 100_000]),
  ofGuard('ban-minutes', 'banMs', phrase('How long the first ban of an address lasts'), [1, 1_440], 'min', MINUTE),
  {
    ...{ name: 'log-level', what: phrase('What is told in the log'), choices: logLevels },
    get: ({ log }) => log.level,
    set: ({ log }, value: LogLevel) => {
      log.level = value;
    },
  },
];

export const adjustable: ReadonlyMap<string, Adjustable> = new Map(all.map((one) => [one.name, one]));

/** Where no exchange runs. */
export const usualValues = (): Values => ({
  exchange: { ...defaultSettings },
  guard: { ...defaultGuardSettings },
  log: { level: 'warn' },
});

/** What a person typed, as the value that it stands for, or a sentence on what it should be. */
export function readSetting(
  { name, min = 0, max = Number.MAX_SAFE_INTEGER, choices, unit }: Adjustable,
  given: SettingValue,
): { readonly ok: true; readonly value: SettingValue } | { readonly ok: false; readonly sentence: string } {
  if (choices !== undefined) {
    const value = choices.find((choice) => choice === given);
    if (value !== undefined) return { ok: true, value };
    return { ok: false, sentence: `${name} is one of ${choices.join(', ')}, not "${given}".` };
  }
  const value = typeof given === 'string' && !/^\d{1,9}$/.test(given) ? Number.NaN : Number(given);
  if (Number.isInteger(value) && value >= min && value <= max) return { ok: true, value };
  const of = unit === undefined ? '' : ` (${unit})`;
  return { ok: false, sentence: `${name} is a whole number from ${min} to ${max}${of}, not "${given}".` };
}

/** Why these values do not go together, as a sentence. */
export function discordOf(values: Values): string | undefined {
  const { minExpires, defaultExpires, maxExpires } = values.exchange;
  if (minExpires > defaultExpires || defaultExpires > maxExpires) {
    return phrase(
      `default-expires (${defaultExpires}) lies between min-expires (${minExpires}) and max-expires (${maxExpires}).`,
    );
  }
  const { slowAt, banAt } = values.guard;
  return slowAt > banAt ? phrase(`slow-after (${slowAt}) comes before ban-after (${banAt}), or with it.`) : undefined;
}
