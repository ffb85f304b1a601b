// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runningOffice } from '../../../../support/window/fake-ports.ts';
import { callOf, profileOf, registered, soundOf, usersOf } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
const signedIn = { profile: profileOf(), accounts: [registered()] };
const calls = (...list: ReturnType<typeof callOf>[]) => window.after(() => window.fakes.setCalls(list));

beforeEach(async () => {
  window = await renderWindow(signedIn);
});
afterEach(() => window.close());

describe('dialling', () => {
  test('the field says whom it will call, Enter calls, and the field is empty again', async () => {
    expect(window.status('Line')).toBe('Idle');
    expect(window.button('Call').disabled).toBe(true);
    await window.fill('Name or number', '+49 (30) 123-45');
    expect(window.text()).toContain('Will call +49 30 12345 by Anna Lindqvist');
    await window.submit('Name or number');
    expect(window.fakes.named('softphone.call')).toEqual(['+493012345']);
    expect(window.field('Name or number').value).toBe('');
  });

  test('keys write into the field', async () => {
    for (const key of ['1', '0', '#']) await window.press(key);
    expect(window.field('Name or number').value).toBe('10#');
  });

  test('a call that cannot be made says why and keeps what was typed', async () => {
    window.fakes.state.refuse = { 'softphone.call': 'There are too many calls at once.' };
    await window.fill('Name or number', '1002');
    await window.press('Call');
    expect(window.text()).toContain('There are too many calls at once.');
    expect(window.field('Name or number').value).toBe('1002');
  });

  test('a name of the office that is hosted here is called by its number', async () => {
    window.fakes.state.users = usersOf(10);
    await window.after(() => window.fakes.setOffice(runningOffice));
    await window.fill('Name or number', 'jana dvor');
    expect(window.text()).toContain('Will call Jana Dvořáková, 1002');
    await window.press('Call');
    expect(window.fakes.named('softphone.call')).toEqual(['1002']);
  });
});

describe('a call from here', () => {
  test('goes through calling, ringing and talking, with the buttons of each', async () => {
    await calls(callOf({ state: 'calling' }));
    expect(window.status('Line')).toBe('Calling Jana Dvořáková (1002)…');
    await calls(callOf({ state: 'ringing' }));
    expect(window.status('Line')).toBe('Ringing Jana Dvořáková (1002)…');
    expect(window.findButton('Mute')).toBeUndefined();
    await calls(callOf({ state: 'active', answeredAt: Date.now() - 12_000 }));
    expect(window.status('Line')).toBe('In a call with Jana Dvořáková (1002)');
    expect(document.querySelector('[role="timer"]')?.textContent).toMatch(/^0:1[23]$/);
    await window.press('Hang up');
    expect(window.fakes.named('softphone.hangUp')).toEqual(['call-1']);
  });

  test('the reason of its end stands in the line and on a card that calls again', async () => {
    await calls(callOf({ state: 'calling' }));
    await calls(callOf({ state: 'ended', endedAt: Date.now(), notice: 'Jana Dvořáková is busy.' }));
    expect(window.status('Line')).toBe('Call ended: Jana Dvořáková is busy');
    await window.press('Dial again');
    expect(window.fakes.named('softphone.call')).toEqual(['sip:1002@office.internal']);
    expect(window.status('Line')).toBe('Idle');
    expect(window.findButton('Dial again')).toBeUndefined();
  });

  test('mute shows what the softphone says, not what was pressed', async () => {
    await calls(callOf());
    expect(window.button('Mute').getAttribute('aria-pressed')).toBe('false');
    await window.press('Mute');
    expect(window.fakes.named('softphone.setMuted')).toEqual([['call-1', true]]);
    expect(window.button('Mute').getAttribute('aria-pressed')).toBe('false');
    await calls(callOf({ muted: true }));
    expect(window.button('Mute').getAttribute('aria-pressed')).toBe('true');
    await window.press('Mute');
    expect(window.fakes.named('softphone.setMuted')).toContainEqual(['call-1', false]);
  });

  test('the keypad sends pressed and typed digits into the call, but not what is typed into a field', async () => {
    await calls(callOf());
    await window.press('Keypad');
    expect(window.button('Keypad').getAttribute('aria-expanded')).toBe('true');
    await window.press('5');
    await window.key('#');
    await window.key('x');
    await window.key('7', window.field('Name or number'));
    expect(window.fakes.named('softphone.sendDigit')).toEqual([
      ['call-1', '5'],
      ['call-1', '#'],
    ]);
    await calls(callOf({ digits: '5#' }));
    expect(window.text()).toContain('5#');
    await window.press('Keypad');
    await window.press('8');
    expect(window.fakes.named('softphone.sendDigit')).toHaveLength(2);
    expect(window.field('Name or number').value).toBe('8');
  });

  test('what is wrong with the sound is said at once', async () => {
    await calls(callOf({ notice: 'No sound arrives from the other side.' }));
    expect(document.querySelector('[role="alert"]')?.textContent).toBe('No sound arrives from the other side.');
  });
});

describe('a call to here', () => {
  const incoming = callOf({ state: 'incoming', direction: 'incoming' });

  test('rings, and is answered', async () => {
    await calls(incoming);
    expect(window.status('Line')).toBe('Incoming call from Jana Dvořáková (1002)');
    expect(window.fakes.named('ringer.play')).toContain('ring');
    expect(window.fakes.named('system.attention')).toEqual([{ reason: 'incoming-call' }]);
    await window.press('Answer');
    expect(window.fakes.named('softphone.answer')).toEqual(['call-1']);
    await calls(callOf({ direction: 'incoming', answeredAt: Date.now() }));
    expect(window.fakes.named('ringer.play').at(-1)).toBe('silence');
    expect(window.fakes.named('system.attention').at(-1)).toEqual({ reason: 'none' });
  });

  test('does not take the keyboard from what is being typed', async () => {
    const field = window.field('Name or number');
    field.focus();
    await calls(incoming);
    expect(document.activeElement).toBe(field);
  });

  test('declined, it is no missed call; given up by the caller, it is', async () => {
    await calls(incoming);
    await window.press('Decline');
    expect(window.fakes.named('softphone.decline')).toEqual(['call-1']);
    await calls({ ...incoming, state: 'ended', endedAt: Date.now(), notice: 'You declined the call.' });
    expect(window.text()).not.toContain('Missed call');
    const second = { ...incoming, id: 'call-2' };
    await calls(second);
    await calls({ ...second, state: 'ended', endedAt: Date.now(), notice: 'The caller hung up.' });
    expect(window.text()).toContain('Missed call');
    expect(window.button('Dial back')).toBeTruthy();
  });

  test('while another call is on, each has its own buttons, and the newcomer is in the line', async () => {
    const talking = callOf({ id: 'call-0', peer: { name: '', number: '1003', uri: 'sip:1003@office.internal' } });
    await calls(talking, incoming);
    expect(window.status('Line')).toBe('Incoming call from Jana Dvořáková (1002)');
    expect(window.fakes.named('ringer.play').at(-1)).toBe('waiting');
    await window.press('Hang up');
    await window.press('Decline');
    expect(window.fakes.named('softphone.hangUp')).toEqual(['call-0']);
    expect(window.fakes.named('softphone.decline')).toEqual(['call-1']);
  });

  test('on another page it is answered from the line, which leads to the phone', async () => {
    await window.after(() => window.stores.view.getState().show('office'));
    await calls(incoming);
    await window.press('Answer');
    expect(window.fakes.named('softphone.answer')).toEqual(['call-1']);
    expect(window.stores.view.getState().view).toBe('phone');
  });
});

describe('a call that is on', () => {
  const other = callOf({ id: 'call-2', peer: { name: '', number: '1003', uri: 'sip:1003@office.internal' } });
  const dialog = () => document.querySelector('dialog');

  test('is held and taken up again, and says so in the line', async () => {
    await calls(callOf());
    await window.press('Hold');
    expect(window.fakes.named('softphone.hold')).toEqual(['call-1']);
    await calls(callOf({ held: true }));
    expect(window.status('Line')).toBe('In a call with Jana Dvořáková (1002), on hold');
    expect(window.findButton('Mute')).toBeUndefined();
    await window.press('Resume');
    expect(window.fakes.named('softphone.resume')).toEqual(['call-1']);
    await calls(callOf({ held: true, heldByPeer: true }));
    expect(window.text()).toContain('On hold by both sides');
  });

  test('is the one in the line while another waits', async () => {
    await calls(callOf({ held: true, startedAt: 5_000 }), other);
    expect(window.status('Line')).toBe('In a call with 1003');
  });

  test('is transferred to a number, by the keyboard alone', async () => {
    await calls(callOf());
    await window.press('Transfer');
    expect(document.activeElement).toBe(window.field('To'));
    await window.submit('To');
    expect(dialog()?.textContent).toContain('Type a number or a name.');
    await window.fill('To', '1003');
    await window.submit('To');
    expect(window.fakes.named('softphone.transfer')).toEqual([['call-1', '1003']]);
    expect(dialog()).toBeNull();
    await calls(callOf({ held: true, transferring: 'Ringing 1003…' }));
    expect(window.text()).toContain('Ringing 1003…');
  });

  test('stays in the dialog with the reason why it cannot be transferred', async () => {
    window.fakes.state.refuse = { 'softphone.transfer': 'This call is being transferred already.' };
    await calls(callOf());
    await window.press('Transfer');
    await window.fill('To', '1003');
    await window.press('Transfer now');
    expect(dialog()?.textContent).toContain('This call is being transferred already.');
  });

  test('waits while the new partner is asked first, and is then connected with them', async () => {
    await calls(callOf());
    await window.press('Transfer');
    await window.fill('To', '1003');
    await window.press('Ask first');
    expect(window.fakes.named('softphone.call')).toEqual(['1003']);
    expect(dialog()).toBeNull();
    await calls(callOf({ held: true }), other);
    await window.click(
      [...document.querySelectorAll('button')].find((button) => button.textContent === 'Transfer') as Element,
    );
    await window.press('Connect with 1003');
    expect(window.fakes.named('softphone.transferTo')).toEqual([['call-1', 'call-2']]);
  });

  test('is merged with another into a conference, and separated again', async () => {
    await calls(callOf());
    expect(window.findButton('Merge')).toBeUndefined();
    await calls(callOf({ held: true }), callOf({ ...other, inConference: true }));
    await window.press('Merge');
    expect(window.fakes.named('softphone.join')).toEqual(['call-1']);
    await window.press('Separate');
    expect(window.fakes.named('softphone.leave')).toEqual(['call-2']);
    expect(window.text()).toContain('In the conference');
  });

  test('asks the person what the other side wants', async () => {
    await calls(callOf({ question: 'Jana wants to connect you with 1003.', detour: 'Forwarded by 1005' }));
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('connect you with 1003. Call there?');
    expect(window.text()).toContain('Forwarded by 1005');
    await window.press('Yes');
    await window.press('No');
    expect(window.fakes.named('softphone.consent')).toEqual([
      ['call-1', true],
      ['call-1', false],
    ]);
  });
});

test('a microphone that is refused is said to be so', async () => {
  await window.after(() => window.stores.phone.getState().setMicrophone('denied'));
  expect(window.text()).toContain('Nobody will hear you.');
});

test('names that run from right to left are kept apart from the words around them', async () => {
  await calls(callOf({ peer: { name: 'נעמה בן־דוד', number: '1002', uri: 'sip:1002@office.internal' } }));
  const line = document.querySelector('[role="status"][aria-label="Line"]');
  expect(line?.querySelector('bdi')?.textContent).toBe('נעמה בן־דוד');
});

test('the word for the sound opens into who loses how much, and goes on counting', async () => {
  const figures = { lossPercent: 0, jitterMs: 2, mos: 4.4 };
  const talking = (lossPercent: number) =>
    callOf({
      quality: soundOf({
        ...{ codec: 'opus', protection: 'AEAD_AES_128_GCM', here: figures, roundTripMs: 23.6 },
        there: { lossPercent, jitterMs: 4, mos: 3.7 },
      }),
    });
  await calls(talking(5));
  await window.press('They hear small gaps, Protected');
  const cells = () => [...document.querySelectorAll('.sound-table tbody tr')].map((row) => row.textContent);
  expect(cells()).toEqual(['Score4.4, good3.7, fair', 'Lost on the way0 %5.0 %', 'Uneven by2 ms4 ms']);
  expect(window.text()).toContain('There and back24 ms');
  expect(window.text()).toContain('SRTP, AEAD-AES-128-GCM');
  expect(window.text()).not.toContain('Signalling');
  await calls({ ...talking(7), secure: true });
  expect(cells()[1]).toBe('Lost on the way0 %7.0 %');
  expect(window.text()).toContain('Signallingprotected on every hop (sips)');
});

describe('the way of sound', () => {
  const end = (type: 'host' | 'relay', address: string) => ({ component: 1, type, address, port: 4000 }) as const;
  const pair = (type: 'host' | 'relay', more: object = {}) => ({
    component: 1 as const,
    local: end('host', '192.0.2.1'),
    remote: end(type, '198.51.100.2'),
    state: 'succeeded' as const,
    nominated: true,
    reason: '',
    ...more,
  });
  const silent = { state: 'failed', nominated: false, reason: 'no answer' };
  const withIce = (state: 'checking' | 'connected' | 'failed' | 'lost', ...pairs: ReturnType<typeof pair>[]) =>
    callOf({
      state: 'active',
      quality: soundOf({ ice: { state, local: [], remote: [], pairs } }),
    });

  test.each([
    ['Direct', withIce('connected', pair('host'))],
    ['Over a relay', withIce('connected', pair('host', silent), pair('relay'))],
    ['Looking for a way', withIce('checking', pair('host', { nominated: false }))],
    ['No way to the other side', withIce('failed', pair('host', silent))],
    ['Lost the other side', withIce('lost', pair('host', silent))],
  ])('is shown as “%s”, each that was tried with its fate', async (words, call) => {
    await calls(call);
    await window.press(`Sound, ${words}`);
    const fates = [...document.querySelectorAll('.sound-ways li')].map(({ textContent }) => textContent).join('\n');
    expect(window.text()).toContain(`Way${words}`);
    expect(fates).toContain('Sound: 192.0.2.1 port 4000 (own) to 198.51.100.2 port 4000');
    if (call.quality?.ice?.pairs.length === 2) expect(fates).toContain('(own), failed: no answer\nSound:');
  });
});
