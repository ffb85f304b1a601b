// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import type { PersonSnapshot } from '../../../../../app/renderer/softphone/snapshots.ts';
import { anna, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
afterEach(() => window.close());

const ben: PersonSnapshot = {
  ...{ accountId: 'anna', target: '1002', number: '1002', name: 'Ben', state: 'available', note: '' },
};
const signedIn = {
  profile: profileOf({ ...anna, people: [{ target: '1002', name: 'Ben' }] }),
  accounts: [registered()],
};

test('each one who is watched has a lamp with its state in words', async () => {
  window = await renderWindow({ ...signedIn, news: { people: [ben], mailboxes: [] } }, 'people');
  expect(window.status('State of Ben')).toBe('Available');
  for (const [more, words] of [
    [{ state: 'in-call' }, 'In a call'],
    [{ state: 'do-not-disturb' }, 'Do not disturb'],
    [{ state: 'offline' }, 'Offline'],
    [{ state: 'ringing' }, 'Ringing'],
    [{ state: 'unknown', problem: 'The server does not know this number.' }, 'The server does not know this number.'],
    [{ state: 'available', note: 'Back at two' }, 'Back at two'],
  ] as const) {
    await window.after(() => window.fakes.setNews({ people: [{ ...ben, ...more }], mailboxes: [] }));
    expect(window.status('State of Ben')).toBe(words);
  }
});

test('one press calls him', async () => {
  window = await renderWindow({ ...signedIn, news: { people: [ben], mailboxes: [] } }, 'people');
  await window.press('Call Ben');
  expect(window.fakes.named('softphone.call')).toEqual(['1002']);
  expect(window.stores.view.getState().view).toBe('phone');
});

test('a call that rings at his phone is picked up with one press', async () => {
  const replaces = { callId: 'c', toTag: 't', fromTag: 'f', earlyOnly: true };
  const ringing = { caller: 'Carl', target: 'sip:1003@office.internal', replaces };
  window = await renderWindow(
    { ...signedIn, news: { people: [{ ...ben, state: 'ringing', ringing }], mailboxes: [] } },
    'people',
  );
  expect(window.status('State of Ben')).toBe('Called by Carl');
  await window.press('Pick up the call to Ben');
  expect(window.fakes.named('softphone.call')).toEqual([[ringing.target, { replaces }]]);
});

test('a pickup that does not begin says why', async () => {
  window = await renderWindow(
    { ...signedIn, news: { people: [ben], mailboxes: [] }, refuse: { 'softphone.call': 'There are too many calls.' } },
    'people',
  );
  await window.press('Call Ben');
  expect(window.text()).toContain('There are too many calls.');
});

test('somebody is watched by his number, beside those who are', async () => {
  window = await renderWindow({ ...signedIn, news: { people: [ben], mailboxes: [] } }, 'people');
  await window.press('Watch somebody');
  await window.submit('Number');
  expect(window.text()).toContain('Type the number to watch.');
  await window.fill('Number', ' 1003 ');
  await window.fill('Name', 'Cleo');
  await window.submit('Number');
  expect(window.fakes.named('profile.setPeople')).toEqual([
    {
      accountId: 'anna',
      people: [
        { target: '1002', name: 'Ben' },
        { target: '1003', name: 'Cleo' },
      ],
    },
  ]);
});

test('waiting voice messages are told on the page of the phone, and one press listens', async () => {
  window = await renderWindow({
    profile: profileOf({ ...anna, calls: { voicemail: '*97' } }),
    accounts: [registered()],
    news: { people: [], mailboxes: [{ accountId: 'anna', isWaiting: true, fresh: 2, old: 1 }] },
  });
  expect(window.text()).toContain('2 new voice messages');
  await window.press('Listen');
  expect(window.fakes.named('softphone.call')).toEqual(['*97']);
  await window.after(() =>
    window.fakes.setNews({ people: [], mailboxes: [{ accountId: 'anna', isWaiting: false, fresh: 0, old: 3 }] }),
  );
  expect(window.text()).not.toContain('voice message');
});
