/** What the exchange opens for phones behind NATs, by its settings. */
import { expect, test } from 'vitest';
import { openNat } from '../../../../proxy-core/node/nat.ts';
import { defaultSettings, type ExchangeMode, type RelayMode } from '../../../../proxy-core/server/settings.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const ignore = (): void => undefined;

const relaysIn = (mode: ExchangeMode, relay: RelayMode): boolean =>
  openNat({
    options: {},
    settings: { ...defaultSettings, mode, relay, natPing: 'off' },
    secret: 'secret',
    clock: new FakeClock(),
    log: { info: ignore, warn: ignore, error: ignore },
    locations: { all: () => [], lookup: () => [], replace: () => Promise.resolve(), watch: ignore },
    listeners: [],
    transport: { send: ignore, sentBy: ({ transport }) => ({ transport, sentBy: '127.0.0.1' }) },
    sendRequest: ignore,
  }).calls !== undefined;

test.each(['proxy', 'redirect', 'stateless'] as const)(
  'media can be relayed in mode %s: a user may have another',
  (mode) => {
    expect(relaysIn(mode, 'auto')).toBe(true);
    expect(relaysIn(mode, 'never')).toBe(false);
  },
);
