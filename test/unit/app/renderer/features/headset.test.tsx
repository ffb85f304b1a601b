// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import { computerDefaults } from '../../../../../app/shared/computer.ts';
import { FakeHeadset, FakeHid } from '../../../../support/window/fake-hid.ts';
import { callOf, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
afterEach(() => window.close());

async function open(hid: FakeHid, on = true): Promise<void> {
  window = await renderWindow(
    {
      profile: profileOf(),
      accounts: [registered()],
      computer: {
        settings: { ...computerDefaults, headset: { on, buttons: {} } },
        ...{ startsWithSystem: false, opensLinks: false },
        keyboard: { problems: {}, onWayland: false, reads: 'selected' },
      },
    },
    'phone',
    { hid },
  );
  await window.after(() => window.stores.computer.getState().load());
}

const ring = callOf({ id: 'ring', direction: 'incoming', state: 'incoming' });
const talk = callOf({ id: 'talk', answeredAt: 2_000 });
const asked = () => window.fakes.asked.filter(([name]) => /^softphone\.(answer|decline|hangUp|setMuted)$/.test(name));
const calls = (...now: (typeof ring)[]) => window.after(() => window.fakes.setCalls(now));
const say = (headset: FakeHeadset, ...bytes: number[]) => window.after(() => headset.say(1, ...bytes));

test('lifting answers, hanging up ends; what the headset repeats of the calls does nothing', async () => {
  const headset = new FakeHeadset();
  await open(new FakeHid(headset));
  await calls(ring);
  expect(headset.lamps.at(-1)).toEqual([3, 0b100]);
  await say(headset, 0b001);
  expect(asked()).toEqual([['softphone.answer', 'ring']]);
  await calls({ ...ring, state: 'active', answeredAt: 2_000 });
  expect(headset.lamps.at(-1)).toEqual([3, 0b010]);
  await say(headset, 0b011);
  expect(asked().at(-1)).toEqual(['softphone.setMuted', ['ring', true]]);
  await say(headset, 0b000);
  expect(asked().at(-1)).toEqual(['softphone.hangUp', 'ring']);
  const before = asked().length;
  await calls();
  expect(headset.lamps.at(-1)).toEqual([3, 0]);
  // Taken in the window: the headset says that it is lifted, because it was told so.
  await calls(talk);
  await say(headset, 0b001);
  await calls();
  await say(headset, 0b000);
  expect(asked()).toHaveLength(before);
});

test('the lamp tells that the microphone is mute', async () => {
  const headset = new FakeHeadset();
  await open(new FakeHid(headset));
  await calls({ ...talk, muted: true });
  expect(headset.lamps.at(-1)).toEqual([3, 0b011]);
});

describe('learning', () => {
  test('a button does what was learned, and no more what it says; it can be forgotten', async () => {
    const headset = new FakeHeadset();
    await open(new FakeHid(headset));
    await window.after(() => window.stores.view.getState().openSettings('keys'));
    expect(window.status('Headsets')).toContain('Desk 65');
    await window.press('Button to answer');
    expect(window.button('Button to answer').textContent).toBe('Press it on the headset…');
    await say(headset, 0b010);
    await say(headset, 0b000);
    expect(window.button('Button to answer').textContent).toBe('Learned');
    expect(window.fakes.named('computer.set').at(-1)).toEqual({
      headset: { on: true, buttons: { answer: { vendorId: 0x1234, productId: 0x65, usage: 0x0b002f } } },
    });
    await calls(ring);
    await say(headset, 0b010);
    expect(asked()).toEqual([['softphone.answer', 'ring']]);
    await window.after(() => window.stores.view.getState().openSettings('keys'));
    await window.press('Forget: Button to answer');
    expect(window.button('Button to answer').textContent).toBe('As the headset says');
  });
});

test('one that goes and comes is taken up again; one that cannot be opened says so', async () => {
  const [headset, locked] = [new FakeHeadset(), new FakeHeadset('Locked 1', 9)];
  locked.refuses = true;
  const hid = new FakeHid(headset, locked);
  await open(hid);
  await window.after(() => window.stores.view.getState().openSettings('keys'));
  expect(window.status('Headsets')).toContain('Locked 1 Its buttons cannot be heard: access denied.');
  await window.after(() => hid.tell('disconnect', headset));
  expect(window.status('Headsets')).not.toContain('Desk 65');
  await calls(ring);
  const back = new FakeHeadset();
  await window.after(() => hid.tell('connect', back));
  expect(back.lamps).toEqual([[3, 0b100]]);
  await say(back, 0b001);
  expect(asked()).toEqual([['softphone.answer', 'ring']]);
});

test('nothing is opened until it is wanted, and all is let go when it is not', async () => {
  const headset = new FakeHeadset();
  await open(new FakeHid(headset), false);
  expect(headset.opened).toBe(false);
  await window.after(() => window.stores.view.getState().openSettings('keys'));
  await window.press('Use the buttons of headsets');
  expect(headset.opened).toBe(true);
  await window.press('Use the buttons of headsets');
  expect(headset.opened).toBe(false);
});
