// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import { conversationsOf } from '../../../../../app/renderer/store/message-store.ts';
import { messageTime } from '../../../../../app/renderer/store/words.ts';
import type { IncomingMessage, OutgoingMessage } from '../../../../../app/shared/text-message.ts';
import { contactOf, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
afterEach(() => window?.close());

const came = (id: string, more: Partial<IncomingMessage> = {}): IncomingMessage => ({
  ...{ id, accountId: 'anna', peer: '1002', name: 'Ben', text: `text ${id}`, at: 1, direction: 'in', isRead: false },
  ...more,
});
const failed: OutgoingMessage = {
  ...{ id: 'f', accountId: 'anna', peer: '1003', name: '', text: 'Lost?', at: 2, direction: 'out', state: 'failed' },
  reason: '1003 is not available now.',
};
const signedIn = { profile: profileOf(), accounts: [registered()] };
const nav = () => [...document.querySelectorAll('.nav-item')].map((item) => item.textContent);

async function type(text: string, key?: { key: string; shiftKey?: boolean }): Promise<void> {
  const field = document.querySelector<HTMLTextAreaElement>('textarea');
  if (field === null) throw new Error('no field to write in');
  await window.after(() => {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value')?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  if (key === undefined) return;
  await window.after(
    () => void field.dispatchEvent(new KeyboardEvent('keydown', { ...key, bubbles: true, cancelable: true })),
  );
}

test('unread messages are counted beside the page, and read by looking at them', async () => {
  window = await renderWindow({ ...signedIn, messages: [came('1'), came('2')] });
  expect(nav()).toContain('Messages2');
  await window.after(() => window.stores.view.getState().show('messages'));
  await window.press('Ben, 2 unread');
  expect(window.text()).toContain('text 1');
  expect(window.fakes.named('messages.read')).toEqual([{ accountId: 'anna', peer: '1002' }]);
  expect(nav()).toContain('Messages');
  // Looked at, so that what comes is read at once; elsewhere it is not.
  await window.after(() => void window.fakes.receive(came('3')));
  expect(window.text()).toContain('text 3');
  expect(nav()).toContain('Messages');
  await window.after(() => window.stores.view.getState().show('phone'));
  await window.after(() => void window.fakes.receive(came('4')));
  expect(nav()).toContain('Messages1');
  await window.after(() => window.stores.view.getState().show('messages'));
  expect(nav()).toContain('Messages');
});

test('a message that cannot be kept is not taken, and that is told', async () => {
  window = await renderWindow({ ...signedIn, refuse: { 'messages.keep': 'The disk is full.' } }, 'messages');
  let isKept: boolean | undefined;
  await window.after(async () => {
    isKept = await window.fakes.receive(came('1'));
  });
  expect(isKept).toBe(false);
  expect(window.text()).toContain('The disk is full.');
  expect(window.text()).not.toContain('text 1');
});

test('writing to somebody new: Enter sends, its conversation opens, and what becomes of it is told', async () => {
  window = await renderWindow(signedIn, 'messages');
  await window.press('Write');
  await type('Hello', { key: 'Enter' });
  expect(window.text()).toContain('Type the number to write to.');
  await window.fill('To', ' 1002 ');
  await type('Hello', { key: 'Enter', shiftKey: true });
  expect(window.fakes.named('softphone.sendMessage')).toEqual([]);
  await type('Hello', { key: 'Enter' });
  const [[id, ...rest] = []] = window.fakes.named('softphone.sendMessage') as string[][];
  expect(rest).toEqual(['1002', 'Hello', undefined]);
  expect(window.text()).toContain('Sending…');
  const fate = { accountId: 'anna', id: id ?? '' };
  await window.after(() => window.fakes.setFate({ ...fate, state: 'delivered' }));
  expect(window.text()).toContain('Delivered');
  // The answer to it was late.
  await window.after(() => window.fakes.setFate({ ...fate, state: 'sent' }));
  expect(window.text()).toContain('Delivered');
  expect(window.fakes.named('messages.keep').at(-1)).toMatchObject({
    id,
    state: 'delivered',
    text: 'Hello',
    peer: '1002',
  });
});

test('one that does not even begin stays in the field, with the reason', async () => {
  window = await renderWindow(
    { ...signedIn, messages: [came('1')], refuse: { 'softphone.sendMessage': 'Sign in first to make calls.' } },
    'messages',
  );
  await window.press('Ben, 1 unread');
  await type('Hello', { key: 'Enter' });
  expect(window.text()).toContain('Sign in first to make calls.');
  expect(document.querySelector('textarea')?.value).toBe('Hello');
});

test('a message that failed says why, and is sent again with one press', async () => {
  window = await renderWindow({ ...signedIn, messages: [failed] }, 'messages');
  await window.press('1003');
  expect(window.text()).toContain('1003 is not available now.');
  await window.press('Send again');
  expect(window.fakes.named('softphone.sendMessage')).toEqual([['f', '1003', 'Lost?', 'anna']]);
  expect(window.text()).toContain('Sending…');
  expect(window.text()).not.toContain('not available');
  expect(window.fakes.named('messages.keep').at(-1)).toEqual({ ...failed, state: 'sending', reason: undefined });
});

describe('conversations', () => {
  test('have the latest first, with the last name that was told', () => {
    const list = conversationsOf([
      came('1'),
      came('2', { peer: '1003', name: '' }),
      came('3', { name: 'Benjamin', isRead: true }),
    ]);
    expect(list.map(({ peer, name, unread, last }) => [peer, name, unread, last.id])).toEqual([
      ['1002', 'Benjamin', 1, '3'],
      ['1003', '', 1, '2'],
    ]);
  });

  test('show the time of today, and the day of others', () => {
    const noon = new Date(2026, 4, 5, 12).getTime();
    expect(messageTime(noon - 1_000, noon)).toMatch(/11.59/);
    expect(messageTime(noon - 86_400_000, noon, 'little')).not.toMatch(/12/);
  });
});

describe('what is looked for', () => {
  test('is found in any message, by words without accents or by whom it is of, and shown where it stands', async () => {
    const contacts = [contactOf('Běla Svobodová', '1003')];
    const messages = [came('1', { text: 'Oběd ve dvě?', isRead: true }), failed, came('2', { at: 3 })];
    window = await renderWindow({ ...signedIn, contacts, messages }, 'messages');
    const found = () => [...document.querySelectorAll('[aria-label="Found messages"] .conversation-last')];
    await window.fill('Find a message', 'obed');
    expect(found().map(({ textContent }) => textContent)).toEqual(['Oběd ve dvě?']);
    await window.click(document.querySelector('[aria-label="Found messages"] button') as Element);
    expect(document.querySelector('[data-sought]')?.textContent).toContain('Oběd ve dvě?');
    await window.fill('Find a message', 'svobodova');
    expect(found().map(({ textContent }) => textContent)).toEqual(['You: Lost?']);
    await window.fill('Find a message', 'nobody');
    expect(window.text()).toContain('No message matches “nobody”.');
    await window.fill('Find a message', '');
    expect(document.querySelectorAll('[aria-label="Conversations"] .conversation-row')).toHaveLength(2);
  });

  test('of many conversations those in sight are drawn', async () => {
    const messages = Array.from({ length: 500 }, (_, i) => came(`${i}`, { peer: `${2000 + i}`, isRead: true }));
    window = await renderWindow({ ...signedIn, messages }, 'messages');
    const rows = document.querySelectorAll('.conversation-row');
    expect(rows.length).toBeLessThan(40);
    expect(rows[0]?.getAttribute('aria-setsize')).toBe('500');
  });
});
