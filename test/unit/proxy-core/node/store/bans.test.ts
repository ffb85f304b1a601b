import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store } from '../../../../../proxy-core/node/store/index.ts';
import type { Ban } from '../../../../../proxy-core/server/stores.ts';

let dir: string;
let store: Store | undefined;
let now: number;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-bans-'));
  now = 1_000_000;
});
afterEach(() => {
  store?.close();
  rmSync(dir, { recursive: true });
});

async function open(): Promise<Store> {
  store?.close();
  store = await openStore({ dataDir: dir, now: () => now });
  return store;
}

const ban = (address: string, until = now + 1000): Ban => ({ address, since: now, until, times: 1, reason: 'a test' });

test('bans outlive the program, lifted ones do not', async () => {
  const { bans } = await open();
  bans.put(ban('192.0.2.1'));
  bans.put(ban('192.0.2.2'));
  expect(bans.remove('192.0.2.2')).toBe(true);
  expect(bans.remove('192.0.2.2')).toBe(false);
  const again = (await open()).bans;
  expect(again.find('192.0.2.1')).toEqual(ban('192.0.2.1'));
  expect(again.find('192.0.2.2')).toBeUndefined();
});

test('one that ended is remembered for a day, and no longer', async () => {
  const { bans } = await open();
  bans.put(ban('192.0.2.1', now));
  now += 23 * 3_600_000;
  bans.sweep();
  expect(bans.find('192.0.2.1')).toBeDefined();
  now += 2 * 3_600_000;
  bans.sweep();
  expect(bans.find('192.0.2.1')).toBeUndefined();
});

test('their number is bounded, and the oldest go first', async () => {
  const { bans } = await open();
  for (let i = 0; i < 20_001; i++) bans.put(ban(`a${i}`));
  expect(bans.size).toBe(20_000);
  expect(bans.find('a0')).toBeUndefined();
  expect(bans.find('a20000')).toBeDefined();
});
