/** Messages are durable once they are kept, counted right, and gone with their user. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminError, createAdmin, type ExchangeAdmin } from '../../../../../proxy-core/node/control/index.ts';
import { openStore, type Store } from '../../../../../proxy-core/node/store/index.ts';
import { openSqlite } from '../../../../../proxy-core/node/store/sqlite.ts';
import type { KeptMessage } from '../../../../../proxy-core/server/messages/message-store.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import { user } from './samples.ts';

const DOMAIN = 'office.example';
const ADA = aorOf('1001', DOMAIN);
const BOB = aorOf('1002', DOMAIN);

let dir: string;
let store: Store;
let admin: ExchangeAdmin;

async function open(...domains: string[]): Promise<void> {
  store = await openStore({ dataDir: dir, domains });
  admin = createAdmin({
    store,
    facts: () => ({ version: '1', startedAt: 0, listeners: [], mode: 'proxy' }),
    now: Date.now,
  });
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-messages-'));
  await open(DOMAIN);
  store.users.add([user('1001', DOMAIN), user('1002', DOMAIN)]);
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

const wire = (body: string): string =>
  `MESSAGE sip:1002@${DOMAIN} SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:1001@${DOMAIN}>;tag=1\r\n` +
  `To: <sip:1002@${DOMAIN}>\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const keep = (body: string, expiresAt = 2e12, recipient = BOB, sender = ADA): Promise<KeptMessage> =>
  store.messages.keep({ recipient, sender, receivedAt: 1e12, expiresAt, wire: wire(body) });

describe('what is kept', () => {
  it('survives as it was, byte for byte and in order', async () => {
    await Promise.all([keep('one'), keep('tw\u00f6 \u00ff\u0000'), keep('three')]);
    store.close();
    await open();
    expect([store.messages.size, store.messages.count(BOB), store.messages.countFrom(ADA)]).toEqual([3, 3, 3]);
    const bodies: string[] = [];
    for (let one = store.messages.next(BOB); one !== undefined; one = store.messages.next(BOB)) {
      bodies.push(one.wire);
      store.messages.remove(one);
    }
    expect(bodies).toEqual([wire('one'), wire('tw\u00f6 \u00ff\u0000'), wire('three')]);
    expect([...store.messages.recipients()]).toEqual([]);
    store.close();
    await open();
    expect(store.messages.size).toBe(0);
  });

  it('is on disk when the promise settles', async () => {
    await keep('one');
    const other = openSqlite(join(dir, 'tandem.db'), 0);
    expect(other.prepare('SELECT count(*) AS n FROM messages').get()).toEqual({ n: 1 });
    other.close();
  });

  it('is counted at once, and no more where it could not be kept', async () => {
    const lost = keep('one', 2e12, aorOf('1999', DOMAIN));
    const kept = keep('two');
    expect(store.messages.size).toBe(2);
    await expect(lost).rejects.toThrow();
    await kept;
    expect([store.messages.size, store.messages.countFrom(ADA), store.messages.countFrom(ADA, BOB)]).toEqual([1, 1, 1]);
  });

  it('is told of to who watches', async () => {
    const told: string[] = [];
    store.messages.watch((recipient) => void told.push(`${recipient} ${store.messages.count(recipient)}`));
    store.messages.remove(await keep('one'));
    expect(told).toEqual([`${BOB} 1`, `${BOB} 0`]);
  });

  it('comes up when it has expired', async () => {
    const [, late] = await Promise.all([keep('one', 500), keep('two', 100), keep('three')]);
    expect(store.messages.expired(499, 10)).toEqual([late]);
    expect(store.messages.expired(500, 1)).toEqual([late]);
    expect(store.messages.expired(500, 10)).toHaveLength(2);
  });

  it('goes with its recipient, and follows the name of the office', async () => {
    await keep('one');
    await admin.call('users.remove', { number: '1002' });
    expect([store.messages.size, store.messages.countFrom(ADA), store.messages.next(BOB)]).toEqual([0, 0, undefined]);
    expect(store.messages.page({ limit: 10 })).toEqual([]);
  });

  it('is removed once, whoever says it how often', async () => {
    const [one] = await Promise.all([keep('one'), keep('two')]);
    store.messages.remove(one);
    store.messages.remove(one);
    store.messages.flush();
    store.messages.remove(one);
    expect(store.messages.size).toBe(1);
  });

  it('is refused when the store is closed', async () => {
    store.close();
    await expect(keep('one')).rejects.toThrow('shutting down');
    await open();
  });
});

describe('an administrator', () => {
  it('sees who waits for what, but not what it says, unless he asks', async () => {
    const { id } = await keep('caf\u00c3\u00a9');
    await keep('two', 2e12, ADA, BOB);
    const { items } = await admin.call('messages.list', { number: '1002' });
    expect(items).toEqual([
      { id, recipient: BOB, sender: ADA, receivedAt: 1e12, expiresAt: 2e12, bytes: wire('caf\u00c3\u00a9').length },
    ]);
    expect(JSON.stringify(await admin.call('messages.show', { id }))).not.toContain('caf');
    expect(await admin.call('messages.show', { id, body: true })).toMatchObject({ type: 'text/plain', body: 'café' });
    expect((await admin.call('messages.list', {})).items).toHaveLength(2);
    const page = await admin.call('messages.list', { limit: 1 });
    expect((await admin.call('messages.list', { limit: 1, after: page.next })).items).toHaveLength(1);
  });

  it('lists them from either end, and by a text', async () => {
    const all = await Promise.all([keep('one'), keep('two'), keep('three', 2e12, ADA, BOB)]);
    const list = async (query: object) => (await admin.call('messages.list', query)).items.map(({ id }) => id);
    const ids = all.map(({ id }) => id);
    expect(await list({ descending: true })).toEqual([...ids].reverse());
    expect(await list({ descending: true, after: String(ids[2]), limit: 1 })).toEqual([ids[1]]);
    expect(await list({ text: '1002@OFFICE' })).toEqual(ids);
    expect(await list({ text: '%' })).toEqual([]);
  });

  it('throws one away, or all of a user', async () => {
    const { id } = await keep('one');
    await Promise.all([keep('two'), keep('three')]);
    expect(await admin.call('messages.remove', { id })).toEqual({ removed: 1 });
    expect(await admin.call('messages.remove', { number: '1002' })).toEqual({ removed: 2 });
    const { items } = await admin.call('audit.list', { descending: true, limit: 1 });
    expect(items[0]?.subject).toBe('all messages for 1002');
    expect(store.messages.size).toBe(0);
    await expect(admin.call('messages.remove', { id })).rejects.toBeInstanceOf(AdminError);
    await expect(admin.call('messages.remove', {})).rejects.toBeInstanceOf(AdminError);
  });
});
