import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MESSAGE_LIMITS, openMessages } from '../../../../app/main/message-store.ts';
import type { IncomingMessage, OutgoingMessage } from '../../../../app/shared/text-message.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-messages-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const came = (id: string, more: Partial<IncomingMessage> = {}): IncomingMessage => ({
  ...{ id, accountId: 'a', peer: '1002', name: 'Ben', text: `text ${id}`, at: 1, direction: 'in', isRead: false },
  ...more,
});
const went = (id: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  ...{ id, accountId: 'a', peer: '1002', name: '', text: 'x', at: 2, direction: 'out', state: 'sent', ...more },
});
const ids = async (): Promise<string[]> => (await openMessages(folder)).all.map(({ id }) => id);

describe('messages', () => {
  it('are on disk once they are said to be kept', async () => {
    const store = await openMessages(folder);
    expect(store.all).toEqual([]);
    expect(await store.keep(came('1'))).toEqual({ ok: true, value: true });
    expect(await store.keep(went('2'))).toEqual({ ok: true, value: true });
    expect((await openMessages(folder)).all).toEqual([came('1'), went('2')]);
  });

  it('that come again are kept once, and ours as they are now', async () => {
    const store = await openMessages(folder);
    await store.keep(came('1'));
    await store.keep(went('2', { state: 'sending' }));
    expect(await store.keep(came('1', { text: 'forged' }))).toEqual({ ok: true, value: false });
    expect(await store.keep(went('2', { state: 'failed', reason: 'Why.' }))).toEqual({ ok: true, value: true });
    expect((await openMessages(folder)).all).toEqual([came('1'), went('2', { state: 'failed', reason: 'Why.' })]);
    // Another account's message may have the same name.
    expect(await store.keep(came('1', { accountId: 'b' }))).toEqual({ ok: true, value: true });
  });

  it('are read and deleted by conversation, and go with their account', async () => {
    const store = await openMessages(folder);
    for (const message of [came('1'), came('2', { peer: '1003' }), came('3', { accountId: 'b' })])
      await store.keep(message);
    await store.read({ accountId: 'a', peer: '1002' });
    const isRead = (await openMessages(folder)).all.map((one) => one.direction === 'in' && one.isRead);
    expect(isRead).toEqual([true, false, false]);
    await store.forget({ accountId: 'a', peer: '1003' });
    expect(await ids()).toEqual(['1', '3']);
    await store.forgetAccount('a');
    expect(await ids()).toEqual(['3']);
  });

  it('that were on their way when the program ended have failed', async () => {
    const store = await openMessages(folder);
    await store.keep(went('1', { state: 'sending' }));
    expect((await openMessages(folder)).all[0]).toMatchObject({
      state: 'failed',
      reason: 'Tandem was closed before an answer came.',
    });
  });

  it('of one conversation push out the oldest of it alone', async () => {
    const full = Array.from({ length: MESSAGE_LIMITS.ofOne }, (_, i) => came(String(i)));
    writeFileSync(
      join(folder, 'messages.json'),
      JSON.stringify({ version: 1, messages: [came('x', { peer: 'p' }), ...full] }),
    );
    const store = await openMessages(folder);
    await store.keep(came('new'));
    const left = store.all.map(({ id }) => id);
    expect([left.length, left[0], left[1], left.at(-1)]).toEqual([MESSAGE_LIMITS.ofOne + 1, 'x', '1', 'new']);
  });

  it('beyond what is kept in all push out the oldest', async () => {
    const full = Array.from({ length: MESSAGE_LIMITS.all }, (_, i) => came(String(i), { peer: String(i % 100) }));
    writeFileSync(join(folder, 'messages.json'), JSON.stringify({ version: 1, messages: full }));
    const store = await openMessages(folder);
    await store.keep(came('new', { peer: 'other' }));
    expect([store.all.length, store.all[0]?.id, store.all.at(-1)?.id]).toEqual([MESSAGE_LIMITS.all, '1', 'new']);
  });

  it('that are long push out as many as it takes', async () => {
    const text = 'x'.repeat(20_000);
    const full = Array.from({ length: 100 }, (_, i) => came(String(i), { text, peer: String(i) }));
    writeFileSync(join(folder, 'messages.json'), JSON.stringify({ version: 1, messages: full }));
    const store = await openMessages(folder);
    await store.keep(came('new', { text }));
    expect([store.all.length, store.all[0]?.id]).toEqual([100, '1']);
  });

  it.each([
    ['without end', { text: 'x'.repeat(20_001) }],
    ['of nobody', { peer: '' }],
    ['with a state of another world', { direction: 'out', state: 'lost' }],
    ['at no time', { at: Number.NaN }],
  ])('%s are not taken from the page', async (_, wrong) => {
    const store = await openMessages(folder);
    await expect(store.keep({ ...came('1'), ...wrong })).rejects.toThrow();
    expect(store.all).toEqual([]);
  });

  it('that cannot be written are not kept, and the reason is told', async () => {
    const store = await openMessages(folder);
    mkdirSync(join(folder, 'messages.json.new', 'x'), { recursive: true });
    expect(await store.keep(came('1'))).toMatchObject({ ok: false, reason: expect.stringMatching(/could not save/) });
    expect(store.all).toEqual([]);
  });

  it('in a damaged file are set aside, not lost', async () => {
    writeFileSync(join(folder, 'messages.json'), '{"version":1,"messages":[{}]}');
    expect((await openMessages(folder)).all).toEqual([]);
    const [aside] = readdirSync(folder);
    expect(readFileSync(join(folder, aside ?? ''), 'utf8')).toContain('[{}]');
  });
});
