// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import { type FakeState, runningOffice } from '../../../../../support/window/fake-ports.ts';
import { auditOf, officeAnswers, officeLists } from '../../../../../support/window/office-lists.ts';
import { usersOf } from '../../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../../support/window/render.tsx';

const NOW = Date.UTC(2030, 0, 15, 9, 30);
const lists = officeLists(NOW);
const answers = { ...officeAnswers(NOW), why: { reasons: [] } };
const domain = 'office.internal';
const reason = { key: 'k', at: 1, text: 'Its phone did not answer.', todo: 'Switch it on.', messages: [] };
const why = { reasons: [{ ...reason, callId: 'a1b2' }] };

let window: RenderedWindow;
async function open(part: string, state: Partial<FakeState> = {}): Promise<void> {
  window = await renderWindow({ office: runningOffice, lists, answers, ...state }, 'office');
  await window.after(() => window.stores.office.getState().open({ page: 'diagnosis' }));
  await window.press(part);
}
const place = () => window.stores.office.getState().place;
afterEach(() => window.close());

describe('why', () => {
  test('nobody reaches a number is asked, again too, and leads to the messages of a call', async () => {
    await open('Why', { answers: { ...answers, why } });
    await window.fill('What does not work?', ' 1002 ');
    await window.submit('What does not work?');
    expect(window.fakes.named('why')).toEqual([{ about: '1002' }]);
    expect(window.text()).toContain('Its phone did not answer.');
    expect(window.text()).toContain('Switch it on.');
    await window.press('Ask why');
    expect(window.fakes.named('why')).toHaveLength(2);
    await window.press('Messages');
    expect(place()).toEqual({ page: 'calls', callId: 'a1b2' });
  });

  test('is asked on the page of a user, without typing a number', async () => {
    await open('Why', { users: usersOf(3), answers: { why } });
    await window.after(() => window.stores.office.getState().open({ page: 'users', user: { number: '1002', domain } }));
    await window.press('What is wrong?');
    expect(window.fakes.named('why')).toEqual([{ about: `1002@${domain}` }]);
  });
});

describe('phones', () => {
  test('are found by their address, signed out, and lead to their user', async () => {
    await open('Phones');
    await window.fill('Find a phone', '192.0.2.62');
    expect(window.fakes.named('location.list').at(-1)).toMatchObject({ text: '192.0.2.62' });
    await window.press('Sign out baresip 4.0.0');
    await window.press('Sign out');
    const contact = 'sip:1005@192.0.2.62';
    expect(window.fakes.named('location.remove')).toEqual([{ number: '1005', domain, contact }]);
    await window.press('Open the user of baresip 4.0.0');
    expect(place()).toEqual({ page: 'users', user: { number: '1005', domain } });
  });

  test('with a password of their own are a list too', async () => {
    await open('Phones');
    await window.choose('Which phones', 'own');
    await window.press('Open the user of gate');
    expect(place()).toEqual({ page: 'users', user: { number: '1006', domain } });
  });

  test('of one user are signed out all at once', async () => {
    await open('Phones', { users: usersOf(3) });
    await window.after(() => window.stores.office.getState().open({ page: 'users', user: { number: '1002', domain } }));
    await window.press('Sign all out…');
    await window.press('Sign out');
    expect(window.fakes.named('location.remove')).toEqual([{ number: '1002', domain }]);
  });
});

test('whose calls go elsewhere is told, those who are not to be disturbed alone too', async () => {
  await open('Forwards');
  expect(window.text()).toContain('When busy → 1002 · When nobody answers for 20 s → +420221555014');
  await window.press('Only do not disturb');
  expect(window.fakes.named('forwards.list').at(-1)).toMatchObject({ doNotDisturb: true });
  await window.press(`Open 1005@${domain}`);
  expect(place()).toEqual({ page: 'users', user: { number: '1005', domain } });
});

describe('traffic', () => {
  test('of the last minutes is told in words and leads to its messages', async () => {
    await open('Traffic');
    expect(window.text()).toContain(`Call: 1002@${domain} → 1005@${domain}`);
    expect(window.text()).toContain(`Registration: 1005@${domain}`);
    const row = [...document.querySelectorAll('.row-button')][1] as HTMLElement;
    await window.click(row);
    expect(place()).toEqual({ page: 'calls', callId: 'r1' });
  });

  test.each([
    ['192.0.2.7', { address: '192.0.2.7' }],
    ['2001:db8::7', { address: '2001:db8::7' }],
    ['1002', { user: '1002' }],
    ['1002@Office.Example', { user: '1002', domain: 'office.example' }],
  ])('of %s alone is looked for, and saved for Wireshark', async (typed, wanted) => {
    await open('Traffic', { answers: { ...answers, 'trace.pcap': { messages: 1, file: '' } } });
    await window.fill('Whose traffic', typed);
    await window.press('Look');
    expect(window.fakes.named('trace.list').at(-1)).toEqual({ ...wanted, limit: 100 });
    await window.press('For Wireshark…');
    expect(window.fakes.named('trace.pcap')).toEqual([wanted]);
  });

  test('of the last minute begins a minute ago; where there is none, that is said', async () => {
    await open('Traffic', { answers: { 'trace.list': [] } });
    await window.choose('From when', '60000');
    const [asked] = window.fakes.named('trace.list').slice(-1) as [{ since: number }];
    expect(Math.abs(Date.now() - 60_000 - asked.since)).toBeLessThan(10_000);
    expect(window.text()).toContain('Nothing of that kind was kept');
  });
});

describe('messages that wait', () => {
  test('for anybody are listed, read, and thrown away', async () => {
    await open('Waiting', { answers: { 'messages.show': { body: 'See you at three' } } });
    expect(window.text()).not.toContain('See you at three');
    await window.press(`Read the message from 1005@${domain}`);
    expect(window.text()).toContain('See you at three');
    await window.press('Close');
    await window.press(`Throw the message from 1002@${domain} away`);
    expect(window.fakes.named('messages.remove')).toEqual([{ id: 7 }]);
  });

  test('for one user are thrown away together, once that was confirmed', async () => {
    await open('Waiting', { users: usersOf(3) });
    await window.after(() => window.stores.office.getState().open({ page: 'users', user: { number: '1002', domain } }));
    await window.press('Throw all away…');
    await window.press('Throw away');
    expect(window.fakes.named('messages.remove')).toEqual([{ number: '1002', domain }]);
  });
});

test('all figures are told by names, one that has none here too', async () => {
  await open('Figures');
  const rows = [...document.querySelectorAll('.figure-rows > div')].map(({ textContent }) => textContent);
  expect(rows).toContain('Version0.1.0');
  expect(rows).toContain('Has run for2 h');
  expect(rows).toContain('Calls on record8,412');
  expect(rows).toContain('newCounter3');
});

test('a change of many things is shown whole, and changes since a day alone', async () => {
  const subject = { kind: 'user', key: '1001@office.internal', change: 'added' as const, fields: [] };
  const entry = auditOf(5, NOW, 'users.import', { subject: '', changes: [subject], more: 30 });
  const last = { ...subject, key: '1031@office.internal' };
  await open('Why', {
    ...{ lists: { 'audit.list': [entry] } },
    answers: { 'audit.show': { ...entry, changes: [subject, last], more: 0 } },
  });
  await window.after(() => window.stores.office.getState().open({ page: 'log' }));
  await window.press('Show all that changed: Users imported');
  expect(window.fakes.named('audit.show')).toEqual([{ id: 5 }]);
  expect(window.text()).toContain('1031@office.internal');
  await window.press('Close');
  await window.fill('Since', '2030-01-14');
  expect(window.fakes.named('audit.list').at(-1)).toMatchObject({ since: new Date(2030, 0, 14).getTime() });
});
