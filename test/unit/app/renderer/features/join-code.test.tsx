// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import { runningOffice } from '../../../../support/window/fake-ports.ts';
import { usersOf } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
afterEach(() => window.close());

const sheet = () => document.querySelector('.sheet')?.textContent ?? '';

async function codeOf(state: object = {}): Promise<void> {
  window = await renderWindow({ office: runningOffice, users: usersOf(1), ...state }, 'office');
  const [user] = window.fakes.state.users;
  await window.after(() =>
    window.stores.office
      .getState()
      .open({ page: 'users', user: { number: user?.number ?? '', domain: user?.domain ?? '' } }),
  );
  await window.press('New code…');
}

describe('a code of somebody who is there', () => {
  test('is made, shown with its picture and its link, and printed', async () => {
    await codeOf();
    expect(window.fakes.named('invites.add')).toEqual([{ number: '1001', domain: 'office.internal', hours: 24 }]);
    expect(document.querySelector('dialog output')?.textContent).toBe('K7M-4QP-9XT');
    expect(document.querySelectorAll('dialog .qr-code path')).toHaveLength(1);
    expect(sheet()).toContain('K7M-4QP-9XT');
    expect(sheet()).toContain('192.0.2.10:5060');
    expect(sheet()).not.toContain('For a desk phone');
    await window.press('Print…');
    await window.press('Save as PDF…');
    expect(window.fakes.named('system.print')).toEqual([
      { as: 'paper', name: 'Tandem 1001.pdf' },
      { as: 'pdf', name: 'Tandem 1001.pdf' },
    ]);
    await window.press('Done');
    expect(document.querySelector('.sheet')).toBeNull();
  });

  test('that is to be good for another span is another one, and the first is taken back', async () => {
    await codeOf();
    await window.choose('Good for', '168');
    expect(window.fakes.named('invites.remove')).toEqual([{ id: 'K7M' }]);
    expect(window.fakes.named('invites.add').at(-1)).toEqual({
      ...{ number: '1001', domain: 'office.internal', hours: 168 },
    });
  });

  test('gives a desk phone a password of its own once, where that is asked for', async () => {
    await codeOf();
    const turn = document.querySelector('dialog [role="switch"]') as Element;
    await window.click(turn);
    const [device] = window.fakes.named('devices.add') as [{ password: string; label: string }];
    expect(device).toMatchObject({ number: '1001', label: 'Desk phone K7M' });
    expect(sheet()).toContain(device.password);
    await window.click(turn);
    expect(sheet()).not.toContain(device.password);
    await window.click(turn);
    expect(sheet()).toContain(device.password);
    expect(window.fakes.named('devices.add')).toHaveLength(1);
  });

  test('is not made where the office refuses, and the reason is told', async () => {
    await codeOf({
      refuse: { 'invites.add': 'User 1001@office.internal has 8 open codes: take one of them back first.' },
    });
    expect(window.text()).toContain('has 8 open codes');
    expect(document.querySelector('.sheet')).toBeNull();
  });
});

test('codes that are open are listed by their beginnings, and taken back', async () => {
  const open = { number: '1001', domain: 'office.internal', createdAt: 0, expiresAt: Date.now() + 3_600_000 };
  await codeOf({
    lists: {
      'invites.list': [
        { id: 'K7M', ...open, attemptsLeft: 5 },
        { id: 'Q2Z', ...open, attemptsLeft: 0 },
      ],
    },
  });
  await window.press('Done');
  expect(window.text()).toContain('Begins with Q2Z');
  expect(window.text()).toContain('Locked: it was typed wrong too often');
  await window.press('Take the code K7M back');
  expect(window.fakes.named('invites.remove')).toEqual([{ id: 'K7M' }]);
});

test('a user who was added without a code is told what to hand over', async () => {
  window = await renderWindow({ office: runningOffice, refuse: { 'invites.add': 'The disk is full.' } }, 'office');
  await window.press('Add user');
  await window.submit('Name');
  expect(document.querySelector('.added details')?.hasAttribute('open')).toBe(true);
  expect(document.querySelector('.added .qr-code')).toBeNull();
});
