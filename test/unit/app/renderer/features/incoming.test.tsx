// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest';
import { anna, callOf, contactOf, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
const incoming = callOf({ state: 'incoming', direction: 'incoming' });
const options = () => [...document.querySelectorAll('[role="option"]')].map(({ textContent }) => textContent);
const field = () => document.querySelector<HTMLInputElement>('[role="combobox"]:not(.dial-input)') as HTMLInputElement;

beforeEach(async () => {
  window = await renderWindow({
    profile: profileOf({ ...anna, calls: { voicemail: '*97' } }),
    accounts: [registered()],
    calls: [incoming],
    contacts: [
      contactOf('Běla Svobodová', '+420 221 000 007', { favourite: true }),
      contactOf('Čeněk Dvořák', '+420 221 000 014'),
      contactOf('Čeněk Veselý', '+420 221 000 021'),
    ],
  });
});
afterEach(() => window.close());

test('is declined with a text, which the conversation shows; the open page stays', async () => {
  await window.press('Message…');
  expect(window.button('Message…').getAttribute('aria-expanded')).toBe('true');
  await window.press('I cannot talk now. I will call you back.');
  expect(window.fakes.named('softphone.sendMessage')).toEqual([
    [expect.any(String), 'sip:1002@office.internal', 'I cannot talk now. I will call you back.', 'anna'],
  ]);
  expect(window.fakes.named('softphone.decline')).toEqual(['call-1']);
  expect(window.fakes.named('messages.keep')).toHaveLength(1);
  expect(window.stores.messages.getState().open).toBeUndefined();
});

test('rings on where the text cannot be sent, and says why', async () => {
  window.fakes.state.refuse = { 'softphone.sendMessage': 'There is no connection to the server.' };
  await window.press('Message…');
  await window.press('Send and decline');
  expect(window.text()).toContain('Type a text.');
  await window.fill('Own text', ' In an hour ');
  await window.press('Send and decline');
  expect(window.text()).toContain('There is no connection to the server.');
  expect(window.fakes.named('softphone.decline')).toEqual([]);
  expect(window.fakes.named('softphone.sendMessage')).toMatchObject([
    [expect.any(String), expect.anything(), 'In an hour', 'anna'],
  ]);
});

test('whoever hides cannot be written to', async () => {
  await window.after(() => window.fakes.setCalls([{ ...incoming, peer: { name: 'Anonymous', number: '', uri: '' } }]));
  expect(window.findButton('Message…')).toBeUndefined();
  expect(window.button('Send elsewhere…')).toBeTruthy();
});

test('is sent to the voice mail, a favourite, somebody who is found, or a number', async () => {
  await window.press('Send elsewhere…');
  expect(options()).toEqual(['Voice mail*97', 'BSBěla Svobodová+420 221 000 007']);
  await window.fill('Send to', 'cenek');
  expect(options()).toEqual(['ČDČeněk Dvořák+420 221 000 014', 'ČVČeněk Veselý+420 221 000 021']);
  await window.submit('Send to');
  expect(window.text()).toContain('Several people match: choose one of them.');
  await window.key('ArrowDown', field());
  await window.key('ArrowDown', field());
  expect(field().getAttribute('aria-activedescendant')).toBe(document.querySelector('[aria-selected="true"]')?.id);
  await window.key('Enter', field());
  await window.fill('Send to', '+49 30 1');
  await window.submit('Send to');
  const [first] = document.querySelectorAll('[role="option"]');
  expect(first).toBeUndefined();
  await window.fill('Send to', '');
  await window.click(document.querySelector('[role="option"]') as Element);
  expect(window.fakes.named('softphone.redirect')).toEqual([
    ['call-1', '+420221000021'],
    ['call-1', '+49301'],
    ['call-1', '*97'],
  ]);
});

test('a place that cannot be called is told; Esc closes what was opened and the call rings on', async () => {
  window.fakes.state.refuse = { 'softphone.redirect': 'two words is not a number or an address.' };
  await window.press('Send elsewhere…');
  await window.fill('Send to', 'two words');
  await window.submit('Send to');
  expect(field().getAttribute('aria-invalid')).toBe('true');
  expect(window.text()).toContain('two words is not a number or an address.');
  await window.key('Escape', field());
  expect(field()).toBeNull();
  expect(window.fakes.named('softphone.decline')).toEqual([]);
});

test('the texts are the person’s own: changed, added, taken away, and the usual ones again', async () => {
  await window.inMenu('Account menu', 'Calls…');
  await window.fill('Text 1', 'Not now.');
  const leave = (name: string) =>
    window.after(() => void window.field(name).dispatchEvent(new FocusEvent('focusout', { bubbles: true })));
  await leave('Text 1');
  await window.fill('One more text', 'Ask my colleague.');
  await leave('One more text');
  expect(window.fakes.state.profile.replies).toEqual([
    'Not now.',
    'I am in a meeting. Please write to me.',
    'I will be with you in a moment.',
    'Ask my colleague.',
  ]);
  for (let left = 4; left > 0; left--) {
    await window.fill('Text 1', '');
    await leave('Text 1');
  }
  expect(window.fakes.state.profile.replies).toBeUndefined();
  expect(window.field('Text 1').value).toBe('I cannot talk now. I will call you back.');
});
