/** What the exchange opens for phones behind NATs, by its settings. */
import { expect, test } from 'vitest';
import { openNat } from '../../../../proxy-core/node/nat.ts';
import { defaultSettings, type ExchangeMode } from '../../../../proxy-core/server/settings.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const ignore = (): void => undefined;

const relaysIn = (mode: ExchangeMode): boolean =>
  openNat({
    options: {},
    settings: { ...defaultSettings, mode, natPing: 'off' },
    secret: 'secret',
    clock: new FakeClock(),
    log: { info: ignore, warn: ignore, error: ignore },
    locations: { all: () => [], lookup: () => [], replace: () => Promise.resolve(), watch: ignore },
    listeners: [],
    transport: { send: ignore, sentBy: ({ transport }) => ({ transport, sentBy: '127.0.0.1' }) },
    sendRequest: ignore,
  }).calls !== undefined;

// Whether it is, is asked for each call, since settings change while it runs (relaying.test.ts).
test.each(['proxy', 'redirect', 'stateless'] as const)(
  'media can be relayed in mode %s: a user may have another',
  (mode) => expect(relaysIn(mode)).toBe(true),
);
