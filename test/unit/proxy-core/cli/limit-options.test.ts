/** The options of `tandem serve` for limits and bans, down to what they change. */
import { expect, test } from 'vitest';
import { Given } from '../../../../proxy-core/cli/arguments.ts';
import { limitOptionsOf, limitOptionTexts } from '../../../../proxy-core/cli/commands/limit-options.ts';
import { STREAM_LIMITS } from '../../../../proxy-core/node/transport/stream-limits.ts';
import { defaultGuardSettings } from '../../../../proxy-core/server/guard/guard.ts';
import { defaultSettings } from '../../../../proxy-core/server/settings.ts';

test('nothing given leaves everything as it is', () => {
  const { guard, settings, streams } = limitOptionsOf(new Given({}));
  expect({ ...defaultGuardSettings, ...guard }).toEqual(defaultGuardSettings);
  expect({ ...defaultSettings, ...settings }).toEqual(defaultSettings);
  expect({ ...STREAM_LIMITS, ...streams }).toEqual(STREAM_LIMITS);
});

test('all of them are read', () => {
  const given = {
    ...{ slowAfter: '100', banAfter: '200', banMinutes: '5', contactsPerUser: '3', subscriptions: '50' },
    ...{ subscriptionsPerUser: '4', transactions: '1000', connections: '70', connectionsPerAddress: '7' },
  };
  expect(limitOptionsOf(new Given(given))).toEqual({
    guard: { slowAt: 100, banAt: 200, banMs: 300_000 },
    settings: { contactsPerUser: 3, maxSubscriptions: 50, subscriptionsPerUser: 4, maxTransactions: 1_000 },
    streams: { connections: 70, connectionsPerAddress: 7 },
  });
});

test('who is banned sooner than slowed is slowed at the same time', () => {
  expect(limitOptionsOf(new Given({ banAfter: '5' })).guard).toMatchObject({ slowAt: 5, banAt: 5 });
});

test('each says in the help what it is without it', () => {
  expect(limitOptionTexts).toContainEqual([
    '--ban-after <number>',
    'Offences after which an address is banned (without it 20)',
  ]);
  for (const [, explanation] of limitOptionTexts) expect(explanation).toMatch(/\(without it \d+\)$/);
});

test.each([
  [{ banAfter: '0' }, '--ban-after is a whole number from 1'],
  [{ banMinutes: '5000' }, '--ban-minutes is a whole number from 1 to 1440'],
  [{ transactions: '10' }, '--transactions is a whole number from 100'],
  [{ connectionsPerAddress: 'many' }, '--connections-per-address is a whole number'],
  [{ slowAfter: '50' }, '--slow-after 50 comes after --ban-after 20'],
])('%o is refused', (given, sentence) => {
  expect(() => limitOptionsOf(new Given(given))).toThrow(sentence);
});
