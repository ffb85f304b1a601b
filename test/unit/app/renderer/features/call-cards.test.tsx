// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { callOf, contactOf, profileOf, registered, soundOf, usersOf } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
const jana = callOf({ held: true });
const miguel = callOf({ id: 'call-2', peer: { name: 'Miguel', number: '1003', uri: 'sip:1003@office.internal' } });
const calls = (...list: ReturnType<typeof callOf>[]) => window.after(() => window.fakes.setCalls(list));
const cards = () => [...document.querySelectorAll('.call-card')];
const head = (at: number) => cards()[at]?.querySelector('.call-head') as Element;

beforeEach(async () => {
  window = await renderWindow({
    profile: profileOf(),
    accounts: [registered()],
    contacts: [contactOf('Jana Dvořáková', '1002', { company: 'Kolben s.r.o.', favourite: true })],
    calls: [jana, miguel],
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await window.close();
});

/** Drags the head of a card to what a pointer would find there. */
async function drag(from: Element, to: () => Element | null | undefined, last = 'pointerup'): Promise<void> {
  document.elementFromPoint = () => to() ?? null;
  const pointer = (target: EventTarget, type: string, clientX: number) =>
    window.after(() => {
      target.dispatchEvent(
        new PointerEvent(type, { bubbles: true, button: 0, pointerId: 1, clientX, clientY: 0 } as PointerEventInit),
      );
    });
  await pointer(from, 'pointerdown', 10);
  await pointer(globalThis.window, 'pointermove', 30);
  await pointer(globalThis.window, 'pointermove', 40);
  await pointer(globalThis.window, last, 40);
}

test('tells the one that is heard from those that wait, and the company of somebody known', async () => {
  expect(cards().map((card) => card.getAttribute('aria-current'))).toEqual([null, 'true']);
  expect(cards()[0]?.textContent).toContain('Kolben s.r.o. · 1002');
  expect(cards()[0]?.textContent).toContain('On hold');
  await calls(callOf());
  expect(cards()[0]?.getAttribute('aria-current')).toBeNull();
});

test('a call that is dropped on another asks what is to become of them, and connects them', async () => {
  await drag(head(0), () => cards()[1]);
  expect(document.querySelector('dialog')?.textContent).toContain('Jana Dvořáková and Miguel');
  window.fakes.state.refuse = { 'softphone.transferTo': 'This call is being transferred already.' };
  await window.press('Connect them and leave');
  expect(document.querySelector('dialog')?.textContent).toContain('being transferred already');
  window.fakes.state.refuse = {};
  await window.press('Connect them and leave');
  expect(window.fakes.named('softphone.transferTo').at(-1)).toEqual(['call-1', 'call-2']);
  expect(document.querySelector('dialog')).toBeNull();
});

test('or has them talk together', async () => {
  await drag(head(1), () => cards()[0]);
  await window.press('Talk together');
  expect(window.fakes.named('softphone.join')).toEqual([['call-2', 'call-1']]);
});

test('what is dropped on itself, beside everything or taken back asks nothing; nor does a choice outlive its call', async () => {
  await drag(head(0), () => cards()[0]);
  await drag(head(0), () => document.body);
  await drag(head(0), () => cards()[1], 'pointercancel');
  expect(document.querySelector('dialog')).toBeNull();
  await drag(head(0), () => cards()[1]);
  await calls(miguel);
  expect(document.querySelector('dialog')).toBeNull();
  expect(window.fakes.named('softphone.transferTo')).toEqual([]);
});

test('a person to drop it on is there while a call is dragged', async () => {
  await calls(miguel);
  expect(document.querySelector('.drop-shelf')).toBeNull();
  await drag(head(0), () => document.querySelector('.drop-shelf .place'));
  expect(document.querySelector('dialog')?.textContent).toContain('Transfer Miguel to Jana Dvořáková');
  await window.press('Ask first');
  expect(window.fakes.named('softphone.call')).toEqual(['1002']);
  await drag(head(0), () => document.querySelector('.drop-shelf .place'));
  await window.press('Transfer now');
  expect(window.fakes.named('softphone.transfer')).toEqual([['call-2', '1002']]);
});

test('the same by the menu alone', async () => {
  const menu = 'More for the call with Miguel';
  await window.inMenu(menu, 'Connect with Jana Dvořáková and leave');
  expect(window.fakes.named('softphone.transferTo')).toEqual([['call-2', 'call-1']]);
  window.fakes.state.refuse = { 'softphone.join': 'There is no other call that it could join.' };
  await window.inMenu(menu, 'Talk together with Jana Dvořáková');
  expect(window.fakes.named('softphone.join')).toEqual([['call-2', 'call-1']]);
  expect(window.text()).toContain('There is no other call that it could join.');
  await calls(miguel);
  await expect(window.inMenu(menu, 'Talk together with Jana Dvořáková')).rejects.toThrow('no Talk together');
});

test('eight who talk together are one card with a row for each', async () => {
  const eight = usersOf(9)
    .slice(1)
    .map(({ number, name }) =>
      callOf({ id: number, inConference: true, peer: { name, number, uri: `sip:${number}@x` } }),
    );
  await calls(...eight);
  expect(cards()).toHaveLength(1);
  expect(window.text()).toContain('Conference with 8 others');
  expect([...document.querySelectorAll('article')].map((row) => row.getAttribute('aria-label'))).toEqual(
    eight.map(({ peer }) => peer.name),
  );
  await window.press('Mute');
  await window.press('Hold all');
  const row = document.querySelector('article[aria-label="Kofi Mensah"]') as Element;
  await window.click(row.querySelector('[aria-label="Separate"]') as Element);
  await window.click(row.querySelector('[aria-label="Hang up"]') as Element);
  expect(window.fakes.named('softphone.setMuted')).toEqual([['1002', true]]);
  expect(window.fakes.named('softphone.hold')).toEqual(['1002']);
  expect(window.fakes.named('softphone.leave')).toEqual(['1005']);
  expect(window.fakes.named('softphone.hangUp')).toEqual(['1005']);
  await calls(...eight.map((call) => ({ ...call, held: true })));
  await window.press('Resume all');
  expect(window.fakes.named('softphone.resume')).toEqual(['1002']);
  await window.press('End for all');
  expect(window.fakes.named('softphone.hangUp')).toHaveLength(9);
});

test('the sign of the sound opens into its score over time', async () => {
  const sounding = (mos: number) =>
    callOf({ quality: soundOf({ here: { lossPercent: 0, jitterMs: 1, mos }, protection: 'AES_CM_128_HMAC_SHA1_80' }) });
  const now = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(now);
  await calls(sounding(4.4));
  vi.mocked(Date.now).mockReturnValue(now + 61_000);
  await calls(sounding(2.9));
  await window.press('Poor sound, Protected');
  expect(document.querySelector('.sound-graph [role="img"]')?.getAttribute('aria-label')).toBe(
    'Score over 1:01: at worst 2.9 for you, not known for them',
  );
});

test('a call on another device of this person is a card with one press to take it here', async () => {
  const replaces = { callId: 'c', toTag: 'r', fromTag: 'l', earlyOnly: false };
  const peer = { name: '', number: '1002', uri: 'sip:1002@office.internal' };
  const elsewhere = [{ accountId: 'anna', id: '1', peer, replaces }];
  await window.after(() => window.fakes.setNews({ people: [], mailboxes: [], elsewhere }));
  expect(document.querySelector('article.elsewhere')?.getAttribute('aria-label')).toBe('Jana Dvořáková');
  expect(window.text()).toContain('On another device of yours');
  await window.press('Take it here');
  expect(window.fakes.named('softphone.call')).toEqual([[peer.uri, { replaces }]]);
  await window.after(() => window.fakes.setNews({ people: [], mailboxes: [], elsewhere: [] }));
  expect(window.findButton('Take it here')).toBeUndefined();
});

test('a call is moved to the other devices by its menu; what hinders it is told', async () => {
  await calls(miguel);
  window.fakes.state.refuse = { 'softphone.moveAway': 'This call is being transferred already.' };
  await window.inMenu('More for the call with Miguel', 'Move to my other devices');
  expect(window.fakes.named('softphone.moveAway')).toEqual(['call-2']);
  expect(window.text()).toContain('This call is being transferred already.');
});

const named = (...names: readonly string[]) => {
  const devices = [{ accountId: 'anna', devices: names.map((name) => ({ id: `id of ${name}`, name })) }];
  return window.after(() => window.fakes.setNews({ people: [], mailboxes: [], devices }));
};
const items = () => [...document.querySelectorAll('[role="menuitem"]')].map(({ textContent }) => textContent);

test('a call is moved to a device that is chosen by its name; what hinders it is told', async () => {
  await calls(miguel);
  await named('Kitchen', 'snomD785');
  window.fakes.state.refuse = { 'softphone.moveAway': 'This device is no longer signed in.' };
  await window.inMenu('More for the call with Miguel', 'Move to Kitchen');
  expect(window.fakes.named('softphone.moveAway')).toEqual([['call-2', 'id of Kitchen']]);
  expect(window.text()).toContain('This device is no longer signed in.');
  await window.key('Enter', window.button('More for the call with Miguel'));
  expect(items()).toEqual(['Move to Kitchen', 'Move to snomD785', 'Move to my other devices']);
});

test('nothing is offered twice, and nothing where there is no other device', async () => {
  await calls(miguel);
  await named('Kitchen');
  await window.key('Enter', window.button('More for the call with Miguel'));
  expect(items()).toEqual(['Move to Kitchen']);
  await named();
  expect(window.findButton('More for the call with Miguel')).toBeUndefined();
});

test('a call that is dropped on a device goes there', async () => {
  await calls(miguel);
  await named('Kitchen');
  await drag(head(0), () => document.querySelector('.drop-shelf [data-drop^="device:"]'));
  expect(window.fakes.named('softphone.moveAway')).toEqual([['call-2', 'id of Kitchen']]);
  expect(document.querySelector('dialog')).toBeNull();
});
