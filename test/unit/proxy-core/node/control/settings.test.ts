import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminError, createAdmin, type ExchangeAdmin } from '../../../../../proxy-core/node/control/index.ts';
import { adjustable, usualValues, type Values } from '../../../../../proxy-core/node/settings/adjustable.ts';
import { LiveSettings } from '../../../../../proxy-core/node/settings/live.ts';
import { openStore, type Store } from '../../../../../proxy-core/node/store/index.ts';

const NOW = 1_700_000_000_000;
let dir: string;
let store: Store;
let values: Values;
let admin: ExchangeAdmin;

async function start(fixed: string[] = [], change: (values: Values) => void = () => undefined): Promise<void> {
  store = await openStore({ dataDir: dir, now: () => NOW });
  values = usualValues();
  change(values);
  const objection = (name: string, value: unknown) =>
    name === 'mode' && value === 'stateless' ? 'Not with a route file.' : undefined;
  const settings = new LiveSettings({ store, values, fixed, objection });
  const facts = () => ({ version: '1', startedAt: 1, listeners: [], mode: values.exchange.mode });
  admin = createAdmin({ store, facts, settings, now: () => NOW });
}

async function restart(fixed: string[] = [], change?: (values: Values) => void): Promise<void> {
  store.close();
  await start(fixed, change);
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-settings-'));
  await start();
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

const set = (name: string, value: string | number) => admin.call('settings.set', { name, value });
const one = async (name: string) =>
  (await admin.call('settings.list', {})).items.find((setting) => setting.name === name);

describe('a setting', () => {
  it('holds at once, after a restart, and no longer once it is reset', async () => {
    expect(await set('ban-after', '40')).toMatchObject({ value: 40, source: 'stored', usual: 20, stored: 40 });
    await set('log-level', 'debug');
    await set('serial-ring', 7);
    expect([values.guard.banAt, values.log.level, values.exchange.serialRing]).toEqual([40, 'debug', 7_000]);
    await restart();
    expect([values.guard.banAt, values.log.level, values.exchange.serialRing]).toEqual([40, 'debug', 7_000]);
    expect(await admin.call('settings.reset', { name: 'ban-after' })).toEqual(await one('ban-after'));
    expect(await one('ban-after')).toMatchObject({ value: 20, source: 'default' });
    expect(values.guard.banAt).toBe(20);
    await restart();
    expect(values.guard.banAt).toBe(20);
  });

  it('gives way to the command line, and comes into effect without it', async () => {
    await restart(['mode'], (given) => {
      given.exchange.mode = 'redirect';
    });
    expect(await set('mode', 'proxy')).toMatchObject({ value: 'redirect', source: 'command line', stored: 'proxy' });
    expect(values.exchange.mode).toBe('redirect');
    await restart([], (given) => {
      given.exchange.mode = 'redirect';
    });
    expect(values.exchange.mode).toBe('proxy');
    expect(await one('mode')).toMatchObject({ source: 'stored', usual: 'redirect' });
  });

  it.each([
    ['ban-after', '0', /^ban-after is a whole number from 1 to 100000, not "0"\.$/],
    ['ban-after', 1.5, /whole number/],
    ['ban-after', '1e3', /whole number/],
    ['ban-after', 100_001, /whole number/],
    ['max-expires', '59', /^default-expires \(3600\) lies between/],
    ['slow-after', 21, /^slow-after \(21\) comes before ban-after \(20\)/],
    ['mode', 'loud', /^mode is one of proxy, redirect, stateless, not "loud"\.$/],
    ['mode', 'stateless', /^Not with a route file\.$/],
    ['colour', 'red', /^There is no such setting/],
    ['__proto__', 'red', /^There is no such setting/],
  ])('refuses %s %s', async (name, value, sentence) => {
    const before = await admin.call('settings.list', {});
    await expect(set(name, value)).rejects.toMatchObject({
      constructor: AdminError,
      message: expect.stringMatching(sentence),
    });
    expect(await admin.call('settings.list', {})).toEqual(before);
  });

  it('does not come into effect where what is stored is nothing that this version takes', async () => {
    store.rows.put('settings', { key: 'set.ban-after', value: 'many' }, ['key']);
    store.rows.put('settings', { key: 'set.mode', value: 'stateless' }, ['key']);
    await restart();
    expect([values.guard.banAt, values.exchange.mode]).toEqual([20, 'proxy']);
    expect(await one('ban-after')).toMatchObject({ source: 'default' });
  });

  it('is written down, taken back, and told to who watches', async () => {
    const events = admin.watch('settings.list', { text: 'ban-after' }, { snapshot: false });
    await set('ban-after', 40);
    const [entry] = (await admin.call('audit.list', { descending: true, limit: 1 })).items;
    expect(entry?.changes).toEqual([
      { kind: 'setting', key: 'ban-after', change: 'added', fields: [{ field: 'value', after: '40' }] },
    ]);
    const next = events.next();
    await set('ban-after', 50);
    expect((await next).value).toMatchObject({ event: 'changed', item: { value: 50 } });
    await events.return(undefined);
    await admin.call('audit.undo', { id: 2 });
    expect(values.guard.banAt).toBe(40);
    await admin.call('audit.undo', { id: 1 });
    expect(values.guard.banAt).toBe(20);
  });

  it('that no longer goes with the others is not put back', async () => {
    await set('slow-after', 15);
    await admin.call('settings.reset', { name: 'slow-after' });
    await set('ban-after', 12);
    await expect(admin.call('audit.undo', { id: 2 })).rejects.toThrow(
      /slow-after \(15\) comes before ban-after \(12\)/,
    );
  });
});

it('every one takes its own bounds and words, and shows what it was given', async () => {
  for (const { name, min, max, choices } of adjustable.values()) {
    for (const value of choices ?? [min ?? 0, max ?? 0]) {
      const told = await set(name, value).catch((error: Error) => error.message);
      // Some of them have to go with others.
      if (typeof told === 'string') expect(told).toMatch(/ lies between | comes before |^Not with/);
      else expect(told).toMatchObject({ name, value });
      if (name !== 'mode' || value !== 'stateless') await admin.call('settings.reset', { name }).catch(() => undefined);
    }
  }
});
