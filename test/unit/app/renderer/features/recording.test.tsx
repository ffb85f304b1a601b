// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import type { RecordingView } from '../../../../../app/renderer/softphone/snapshots.ts';
import { callOf, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
afterEach(() => window.close());

const open = async (recording?: RecordingView, state: 'active' | 'ended' = 'active', refuse = {}) => {
  const call = callOf({ state, answeredAt: 1_000, endedAt: Date.now(), ...(recording && { recording }) });
  window = await renderWindow({ profile: profileOf(), accounts: [registered()], calls: [call], refuse });
};

const article = (): Element => {
  const found = document.querySelector('article');
  if (!found) throw new Error('there is no card');
  return found;
};

test('a call is recorded from its card, and no longer on a second press', async () => {
  await open();
  await window.press('Record');
  expect(window.fakes.named('softphone.record')).toEqual([['call-1', true]]);
  await window.after(() =>
    window.fakes.setCalls([callOf({ recording: { state: 'on', since: Date.now(), id: 'r1', name: 'x.webm' } })]),
  );
  expect(article().textContent).toContain('Recording 0:00');
  expect(window.button('Record').getAttribute('aria-pressed')).toBe('true');
  await window.press('Record');
  expect(window.fakes.named('softphone.record').at(-1)).toEqual(['call-1', false]);
});

test('a kept one tells its length and that it was checked, and is shown in its folder', async () => {
  await open({ state: 'kept', id: 'r1', name: 'x.webm', seconds: 83.4 }, 'ended');
  expect(article().textContent).toContain('Recorded 1:23, checked');
  await window.press('Show in folder');
  expect(window.fakes.named('recordings.show')).toEqual([{ id: 'r1' }]);
});

test('what is wrong with one is said, also while the call goes on', async () => {
  await open(
    { state: 'kept', id: 'r1', name: 'x.webm', seconds: 3, fault: 'Recorded, but only 3 of 10 seconds.' },
    'ended',
  );
  expect(article().textContent).toContain('Recorded, but only 3 of 10 seconds.');
  await window.close();
  await open({ state: 'failed', reason: 'The recording broke off. The disk is full.' });
  expect(document.querySelector('[role="alert"]')?.textContent).toBe('The recording broke off. The disk is full.');
  expect(window.button('Record').getAttribute('aria-pressed')).toBe('false');
  expect(window.findButton('Show in folder')).toBeUndefined();
});

test('the folder is shown and chosen in the Sound dialog, with why another one was not taken', async () => {
  await open(undefined, 'active', {});
  await window.after(() => window.stores.sound.getState().openDialog('devices'));
  expect(document.querySelector('dialog')?.textContent).toContain('/home/anna/Calls');
  await window.press('Other folder…');
  expect(document.querySelector('dialog')?.textContent).toContain('/home/anna/Other');
  window.fakes.state.refuse = { 'recordings.chooseFolder': 'This folder cannot be used.' };
  await window.press('Other folder…');
  expect(document.querySelector('dialog')?.textContent).toContain('This folder cannot be used.');
  expect(document.querySelector('dialog')?.textContent).toContain('/home/anna/Other');
});
