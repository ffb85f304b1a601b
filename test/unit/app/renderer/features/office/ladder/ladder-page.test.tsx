// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import { busyMessages, busyReason, ladderOf } from '../../../../../../support/window/busy-call.ts';
import { runningOffice } from '../../../../../../support/window/fake-ports.ts';
import { type RenderedWindow, renderWindow } from '../../../../../../support/window/render.tsx';

let window: RenderedWindow;
afterEach(() => window.close());

const answers = {
  'trace.ladder': ladderOf(),
  'trace.show': busyMessages,
  'trace.pcap': { messages: 5, file: btoa('\n\r\r\n\xff') },
  why: { kind: 'call', subject: 'a1b2', reasons: [busyReason] },
};

async function open(more: object = {}): Promise<void> {
  window = await renderWindow({ office: runningOffice, answers: { ...answers, ...more } }, 'office');
  await window.after(() => window.stores.office.getState().open({ page: 'calls', callId: 'a1b2' }));
}
const arrows = () => [...document.querySelectorAll<HTMLElement>('.ladder-message')];
const presses = () => [...document.querySelectorAll<HTMLElement>('.ladder-message > button')];
const named = (name: string) => presses().find((one) => one.getAttribute('aria-label') === name);

test('begins with what went wrong, and marks the messages by which it is known', async () => {
  await open();
  expect(window.text()).toContain('1002 was in another call.Call again later.');
  expect(arrows().map((one) => one.hasAttribute('data-marked'))).toEqual([false, false, false, true, false]);
});

test('each message is said in plain words, to the eye and to the ear', async () => {
  await open();
  expect(presses().map((one) => one.getAttribute('aria-label'))).toEqual([
    'INVITE with sound, from 1001 to Tandem, after 0.0 s: asks for a call',
    '100 Trying, from Tandem to 1001, after 0.0 s: has it and is at work',
    'INVITE with sound, from Tandem to 1002, after 0.0 s: asks for a call',
    '486 Busy Here, from 1002 to Tandem, after 1.3 s: is in another call',
    '486 Busy Here (sent again), from Tandem to 1001, after 1.3 s: is in another call',
  ]);
  expect(window.text()).toContain('1.3 s later');
  expect(document.querySelectorAll('.ladder-message[data-repeated]')).toHaveLength(1);
});

test('a message opens into its lines, each with what it is for', async () => {
  await open();
  const first = presses()[0];
  if (!first) throw new Error('no message');
  await window.click(first);
  const text = document.querySelector('.ladder-details')?.textContent ?? '';
  expect(text).toContain('INVITE sip:1002@office.internal SIP/2.0');
  expect(text).toMatch(/Max-Forwards70How many more servers may pass it on/);
  expect(text).toContain('X-OwnsomethingContent-Type');
  expect(text).toContain('c=IN IP4 192.0.2.7The address to which sound is to be sent.');
  expect(text).toContain('700 bytes');
});

test('the arrow keys go from message to message', async () => {
  await open();
  presses()[0]?.focus();
  const list = document.querySelector('.ladder-rows');
  if (!list) throw new Error('no list');
  await window.key('ArrowDown', list);
  expect(document.activeElement).toBe(presses()[1]);
  await window.key('End', list);
  expect(document.activeElement).toBe(presses()[4]);
  await window.key('ArrowDown', list);
  expect(document.activeElement).toBe(presses()[4]);
});

test('is saved for Wireshark, as text and as a picture', async () => {
  await open();
  await window.inMenu('Save the messages', 'For Wireshark…');
  await window.inMenu('Save the messages', 'As text…');
  await window.inMenu('Save the messages', 'As a picture…');
  const files = window.fakes.named('system.saveFile') as { name: string; content: string | Uint8Array }[];
  expect(files.map(({ name }) => name)).toEqual(['call.pcapng', 'call.txt', 'call.svg']);
  expect([...(files[0]?.content ?? [])]).toEqual([10, 13, 13, 10, 255]);
  expect(files[1]?.content).toContain('UDP ← 192.0.2.7:5060\nINVITE sip:1002@office.internal SIP/2.0\n');
  expect(files[2]?.content).toContain('486 Busy Here (sent again)');
});

test('what was written is shown and saved to whoever asks for it, and not before', async () => {
  const { arrows, ...rest } = ladderOf();
  const [first] = busyMessages;
  if (!first || !arrows[0]) throw new Error('no message');
  const text = (said: string) => `MESSAGE sip:1002@office.internal SIP/2.0\nContent-Type: text/plain\n\n${said}\n`;
  const shown = { ...first, label: 'MESSAGE', text: text('************') };
  await open({
    'trace.ladder': { ...rest, arrows: [{ ...arrows[0], label: 'MESSAGE' }] },
    'trace.show': [shown],
  });
  await window.click(presses()[0] as Element);
  expect(window.fakes.named('trace.show')).toEqual([{ callId: 'a1b2' }]);
  window.fakes.state.answers = {
    ...window.fakes.state.answers,
    'trace.show': [{ ...shown, text: text('See you at 3') }],
  };
  await window.press('Show what was written');
  expect(window.fakes.named('trace.show').at(-1)).toEqual({ callId: 'a1b2', bodies: true });
  expect(document.querySelector('.ladder-details')?.textContent).toContain('See you at 3');
  await window.press('Close');
  await window.inMenu('Save the messages', 'For Wireshark, with texts and digits…');
  expect(window.fakes.named('trace.pcap')).toEqual([{ callId: 'a1b2', bodies: true }]);
});

test('a file that cannot be written is told', async () => {
  await open();
  window.fakes.state.refuse = { 'system.saveFile': 'The disk is full.' };
  await window.inMenu('Save the messages', 'As text…');
  expect(window.text()).toContain('The disk is full.');
});

test('grows while the call goes on', async () => {
  const whole = ladderOf();
  await open({ 'trace.ladder': { ...whole, arrows: whole.arrows.slice(0, 2) } });
  expect(arrows()).toHaveLength(2);
  window.fakes.state.answers = answers;
  await expect.poll(() => window.after(() => {}).then(() => arrows().length), { timeout: 5_000 }).toBe(5);
});

test('of a call whose messages are gone it says so, and what the record tells', async () => {
  await open({ 'trace.ladder': { ...ladderOf([]), hops: [] }, 'trace.show': [] });
  expect(window.text()).toContain('No messages of this call are kept any more');
  expect(window.text()).toContain('1002 was in another call.');
  expect(window.findButton('Save the messages')).toBeUndefined();
});

test('leads back to the calls', async () => {
  await open();
  await window.press('All calls');
  expect(window.stores.office.getState().place).toEqual({ page: 'calls' });
  expect(named('INVITE with sound, from 1001 to Tandem, after 0.0 s: asks for a call')).toBeUndefined();
});
