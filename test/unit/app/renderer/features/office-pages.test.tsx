// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import type { OfficePlace } from '../../../../../app/renderer/store/office-pages.ts';
import { type FakeState, runningOffice } from '../../../../support/window/fake-ports.ts';
import {
  auditOf,
  callInfo,
  officeLists,
  recordOf,
  refusalOf,
  settingOf,
} from '../../../../support/window/office-lists.ts';
import { usersOf } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

const NOW = Date.UTC(2030, 0, 15, 9, 30);
const lists = officeLists(NOW);

let window: RenderedWindow;
afterEach(() => window.close());

async function open(place: OfficePlace, state: Partial<FakeState> = {}): Promise<void> {
  window = await renderWindow({ office: runningOffice, lists, ...state }, 'office');
  await window.after(() => window.stores.office.getState().open(place));
}

const closeDialog = () => window.after(() => document.querySelector<HTMLElement>('dialog [data-autofocus]')?.click());
const place = () => window.stores.office.getState().place;
const why = {
  reasons: [{ key: 'k', at: 1, callId: '', text: 'The phone did not answer.', todo: 'Switch it on.', messages: [] }],
};

describe('the overview', () => {
  test('says that all is well where it is', async () => {
    await open({ page: 'overview' }, { users: usersOf(3), lists: {} });
    expect(window.text()).toContain('All is well.');
  });

  test('says what is wrong, each with a way to its cause', async () => {
    await open({ page: 'overview' }, { users: usersOf(4) });
    expect(window.text()).not.toContain('All is well.');
    await window.press('Show it: Olga Ivanova has no phone registered and cannot be called.');
    expect(place()).toEqual({ page: 'users', unregistered: true });
    expect(window.fakes.named('users.list').at(-1)).toMatchObject({ registered: false });
    await window.after(() => window.stores.office.getState().open({ page: 'overview' }));
    await window.press('Show them: 2 addresses are kept out, for guessing passwords or flooding.');
    expect(place()).toEqual({ page: 'security' });
    await window.after(() => window.stores.office.getState().open({ page: 'overview' }));
    await window.press('Show it: 1 call failed in the last hour.');
    expect(place()).toEqual({ page: 'calls', failed: true });
    expect(window.select('How it ended').value).toBe('failed');
  });

  test('tells of an exchange that has too much to do, and of what the log warned of', async () => {
    const notes = [{ at: Date.now() - 60_000, text: 'The certificate ends on 12 Feb 2030.' }];
    const answers = { stats: { users: 3, overloaded: 1 }, status: { domains: ['office.internal'], notes } };
    await open({ page: 'overview' }, { users: usersOf(3), lists: {}, answers });
    expect(window.text()).toContain('The exchange has more to do than it can');
    expect(window.text()).toContain('The certificate ends on 12 Feb 2030.');
  });

  test('tells who was refused lately and which phones flap, and leads there', async () => {
    const refused = { ...refusalOf('192.0.2.7', Date.now()), as: '1002@office.internal' };
    const flapping = {
      ...{ number: '1005', domain: 'office.internal', name: 'Kofi Mensah', userAgent: 'Yealink', host: '192.0.2.61' },
      ...{ how: 'back', times: 6, since: NOW - 600_000, last: NOW },
    };
    const told = {
      'refusals.list': [refused, { ...refused, key: 'other', isBanned: true }],
      'location.restless': [flapping],
    };
    await open({ page: 'overview' }, { users: usersOf(3), lists: told, answers: { why } });
    await window.press('Ask why: The phone of Kofi Mensah came and went 6 times in 10 min.');
    expect(window.fakes.named('why')).toEqual([{ about: '1005@office.internal' }]);
    expect(document.querySelector('dialog')?.textContent).toContain('The phone did not answer.');
    await closeDialog();
    await window.press(
      'Show it: 192.0.2.7 was refused in the last hour, as 1002@office.internal. The password was wrong.',
    );
    expect(place()).toEqual({ page: 'security', part: 'refused' });
    expect(window.text()).toContain('The password was wrong.');
  });

  test('tells how many calls there were, by hour and by day', async () => {
    const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    const items = [
      { at: hour - 7_200_000, calls: { answered: 20, busy: 2, failed: 1 } },
      { at: hour, calls: { answered: 3 } },
    ];
    await open({ page: 'overview' }, { users: usersOf(3), lists: {}, answers: { 'records.counts': { items } } });
    expect(window.text()).toContain('26 calls, 3 of them not answered.');
    expect(window.fakes.named('records.counts')).toEqual([
      { from: hour - 23 * 3_600_000, to: hour + 3_600_000, step: 3_600_000 },
    ]);
    expect(document.querySelector('[role="img"][aria-label*="Most were made at"]')).not.toBeNull();
    await window.press('30 days');
    expect(window.fakes.named('records.counts')).toHaveLength(2);
    expect(window.text()).toContain('26 calls, 3 of them not answered.');
  });

  test('shows the calls that run, and one that ends is gone', async () => {
    await open({ page: 'overview' }, { users: usersOf(3) });
    expect(window.text()).toContain('+420221555014 → Kofi Mensah');
    await window.after(() => window.fakes.admin.tell('calls.list', [{ event: 'removed', key: '2' }]));
    expect(window.text()).not.toContain('+420221555014 → Kofi Mensah');
  });
});

describe('calls', () => {
  test('that ring can be ended; those that are answered cannot', async () => {
    await open({ page: 'calls' });
    await window.press('End +420221555014 → Kofi Mensah');
    expect(window.fakes.named('calls.end')).toEqual([{ id: 2 }]);
    expect(window.findButton('End Jana Dvořáková → Kofi Mensah')).toBeUndefined();
  });

  test('come and change while one looks', async () => {
    await open({ page: 'calls' }, { lists: { 'calls.list': [] } });
    expect(window.text()).toContain('Nobody is on the phone');
    const item = callInfo(7, NOW, { state: 'ringing' });
    await window.after(() => window.fakes.admin.tell('calls.list', [{ event: 'added', key: '7', item }]));
    expect(window.text()).toContain('Rings');
    const answered = { ...item, state: 'answered' };
    await window.after(() => window.fakes.admin.tell('calls.list', [{ event: 'changed', key: '7', item: answered }]));
    expect(window.text()).toContain('Talking');
  });

  test('of the past are searched by who, when and how, and exported so', async () => {
    await open({ page: 'calls' });
    await window.press('Past');
    await window.fill('Find a past call', 'kofi');
    await window.choose('How it ended', 'busy');
    await window.fill('From', '2030-01-10');
    await window.fill('Until', '2030-01-15');
    const filter = {
      ...{ text: 'kofi', outcome: 'busy', descending: true },
      ...{ from: new Date(2030, 0, 10).getTime(), to: new Date(2030, 0, 15).getTime() + 86_400_000 },
    };
    expect(window.fakes.named('records.list').at(-1)).toMatchObject(filter);
    await window.press('Export as CSV…');
    expect(window.fakes.named('office.exportRecords')).toEqual([{ ...filter, descending: false }]);
  });

  test('that failed say why, in the words of the exchange', async () => {
    const failed = recordOf(3, NOW, 5_000, { outcome: 'failed', answeredAt: 0 });
    await open({ page: 'calls', failed: true }, { lists: { 'records.list': [failed] }, answers: { why } });
    await window.press('Open Jana Dvořáková → Kofi Mensah');
    expect(window.fakes.named('why')).toEqual([{ callId: 'call-3' }]);
    expect(document.querySelector('dialog')?.textContent).toContain('The phone did not answer.');
  });
});

describe('security', () => {
  test('a ban is explained, lifted, and put back', async () => {
    await open({ page: 'security' }, { answers: { why } });
    await window.press('Why is 203.0.113.77 kept out');
    expect(window.fakes.named('why')).toEqual([{ about: '203.0.113.77' }]);
    await closeDialog();
    await window.press('Let in 203.0.113.77');
    expect(window.fakes.named('bans.lift')).toEqual([{ address: '203.0.113.77' }]);
    expect(window.status('Done')).toBe('203.0.113.77 is let in again.');
    await window.press('Undo');
    expect(window.fakes.named('audit.undo')).toEqual([{ id: 1 }]);
  });

  test('an address is kept out by hand, for so many hours', async () => {
    await open({ page: 'security' });
    await window.press('Keep an address out…');
    await window.fill('Address', ' 203.0.113.9 ');
    await window.fill('Hours', '1,5');
    await window.submit('Address');
    expect(window.fakes.named('bans.add')).toEqual([{ address: '203.0.113.9', seconds: 5_400 }]);
  });

  test('who was refused can be asked about, kept out, or trusted', async () => {
    const refused = { ...refusalOf('2001:db8:7::/64', NOW - 60_000), count: 5 };
    await open({ page: 'security', part: 'refused' }, { lists: { 'refusals.list': [refused] }, answers: { why } });
    expect(window.text()).toContain('5 times, last');
    await window.press('Why was 2001:db8:7::/64 refused');
    expect(window.fakes.named('why')).toEqual([{ about: '2001:db8:7::' }]);
    await closeDialog();
    await window.inMenu('More for 2001:db8:7::/64', 'Keep it out…');
    await window.submit('Address');
    expect(window.fakes.named('bans.add')).toEqual([{ address: '2001:db8:7::', seconds: 86_400 }]);
  });

  test('a network becomes trusted', async () => {
    await open({ page: 'security', part: 'trusted' }, { lists: {} });
    expect(window.text()).toContain('Only this computer is trusted');
    await window.press('Trust a network…');
    await window.fill('Network', ' 192.0.2.0/24 ');
    await window.submit('Network');
    expect(window.fakes.named('trust.add')).toEqual([{ network: '192.0.2.0/24' }]);
    expect(window.status('Done')).toBe('192.0.2.0/24 is trusted.');
  });

  test('a network is trusted no longer, and again by undoing; what the command line says stays', async () => {
    const kept = { network: '192.0.2.0/24', source: 'kept', addedAt: NOW };
    const given = { network: '198.51.100.7', source: 'command line', addedAt: 0 };
    await open({ page: 'security', part: 'trusted' }, { lists: { 'trust.list': [kept, given] } });
    expect(window.findButton('Remove 198.51.100.7')).toBeUndefined();
    await window.press('Remove 192.0.2.0/24');
    expect(window.fakes.named('trust.remove')).toEqual([{ network: '192.0.2.0/24' }]);
    expect(window.status('Done')).toBe('192.0.2.0/24 is no longer trusted.');
    await window.press('Undo');
    expect(window.fakes.named('audit.undo')).toEqual([{ id: 1 }]);
  });

  test('a refusal stays in the form', async () => {
    await open({ page: 'security' }, { refuse: { 'bans.add': '"x" is no address.' } });
    await window.press('Keep an address out…');
    await window.fill('Address', 'x');
    await window.submit('Address');
    expect(document.querySelector('dialog [role="alert"]')?.textContent).toContain('"x" is no address.');
  });
});

describe('settings', () => {
  test('are found, changed, and set back to what is usual', async () => {
    await open({ page: 'settings' });
    expect(window.text()).toContain('30 s');
    expect(window.text()).toContain('usually 20 s');
    await window.press('Change How long phones ring before those in turn do');
    await window.fill('Value (s)', '45');
    await window.submit('Value (s)');
    expect(window.fakes.named('settings.set')).toEqual([{ name: 'serial-ring', value: '45' }]);
    await window.press('Change How long phones ring before those in turn do');
    await window.press('As usual');
    expect(window.fakes.named('settings.reset')).toEqual([{ name: 'serial-ring' }]);
    await window.fill('Find a setting', 'expires');
    expect(window.fakes.named('settings.list').at(-1)).toMatchObject({ text: 'expires' });
  });

  test('of a few words are chosen, and say where the command line has the last word', async () => {
    const mode = settingOf('mode', 'How calls are passed on', {
      ...{ value: 'proxy', usual: 'proxy', source: 'command line', choices: ['proxy', 'redirect'] },
    });
    await open({ page: 'settings' }, { lists: { 'settings.list': [mode] } });
    await window.press('Change How calls are passed on');
    expect(window.text()).toContain('The command that started the exchange says this');
    await window.choose('Value', 'redirect');
    await window.press('Save');
    expect(window.fakes.named('settings.set')).toEqual([{ name: 'mode', value: 'redirect' }]);
  });
});

describe('changes', () => {
  test('are told as differences, secrets without their values, and taken back', async () => {
    await open({ page: 'log' });
    expect(window.text()).toContain('Jana Novotná → Jana Dvořáková');
    expect(window.text()).toContain('Passwordchanged');
    expect(window.findButton('Undo Setting: serial-ring')).toBeUndefined();
    await window.press('Undo Name: 1002@office.internal');
    expect(window.fakes.named('audit.undo')).toEqual([{ id: 12 }]);
  });

  test('that cannot be taken back say why', async () => {
    await open({ page: 'log' }, { refuse: { 'audit.undo': 'Entry 12 cannot be taken back: it has changed since.' } });
    await window.press('Undo Name: 1002@office.internal');
    expect(window.text()).toContain('Entry 12 cannot be taken back: it has changed since.');
  });

  test('made elsewhere come to the top', async () => {
    await open({ page: 'log' });
    const item = auditOf(14, NOW, 'domains.add', { subject: 'new.example', by: 'root' });
    await window.after(() => window.fakes.admin.tell('audit.list', [{ event: 'added', key: '14', item }]));
    expect(document.querySelector('.entry')?.textContent).toContain('Domain added: new.example');
  });
});

test('users are narrowed down to administrators, and to one of several domains', async () => {
  const answers = { status: { domains: ['office.internal', 'warehouse.example'] } };
  await open({ page: 'users' }, { users: usersOf(3), answers });
  await window.choose('Which', 'admins');
  expect(window.fakes.named('users.list').at(-1)).toMatchObject({ isAdmin: true });
  await window.choose('Which', 'all');
  await window.choose('Domain', 'warehouse.example');
  const last = window.fakes.named('users.list').at(-1);
  expect(last).toMatchObject({ domain: 'warehouse.example' });
  expect(last).not.toHaveProperty('isAdmin');
});

test('domains are added and removed, and a further number leads to its user', async () => {
  await open({ page: 'domains' }, { users: usersOf(3) });
  await window.press('Add domain…');
  await window.fill('Domain', 'new.example');
  await window.submit('Domain');
  expect(window.fakes.named('domains.add')).toEqual([{ name: 'new.example' }]);
  await window.press('Remove warehouse.example');
  expect(window.fakes.named('domains.remove')).toEqual([{ name: 'warehouse.example' }]);
  await window.press('Open the user of +4930901820');
  expect(place()).toEqual({ page: 'users', user: { number: '1002', domain: 'office.internal' } });
});

test.each([
  [{ page: 'calls' }, 'calls.list'],
  [{ page: 'calls', failed: true }, 'records.list'],
  [{ page: 'security' }, 'bans.list'],
  [{ page: 'settings' }, 'settings.list'],
  [{ page: 'log' }, 'audit.list'],
  [{ page: 'domains' }, 'aliases.list'],
] as const)('where %o cannot be read, it says why and can be tried again', async (where, method) => {
  await open(where, { refuse: { [method]: 'The disk reports an error.' } });
  expect(window.text()).toContain('The disk reports an error.');
  window.fakes.state.refuse = {};
  await window.press('Try again');
  expect(window.text()).not.toContain('The disk reports an error.');
});

describe('files', () => {
  const csv = 'number,password\n1003,x\n';
  const choose = async () => {
    const input = document.querySelector('input[type=file]') as HTMLInputElement;
    Object.defineProperty(input, 'files', { value: [new File([csv], 'users.csv')] });
    await window.after(() => void input.dispatchEvent(new Event('change', { bubbles: true })));
  };

  test('of users are handed to the exchange, which says how many came of them', async () => {
    await open({ page: 'users' });
    await choose();
    expect(window.fakes.named('office.importUsers')).toEqual([{ csv }]);
    expect(window.text()).toContain('2 users were added.');
  });

  test('of users that are at fault are refused line by line', async () => {
    const reason = 'Nothing was imported, because of 1 faulty line:\nline 2: A number must be text.';
    await open({ page: 'users' }, { refuse: { 'office.importUsers': reason } });
    await choose();
    expect(window.text()).toContain('line 2: A number must be text.');
  });

  test('a backup is made, and put back once it was seen what it changes', async () => {
    await open({ page: 'settings' });
    await window.press('Back up…');
    expect(window.text()).toContain('The office is in office.tandem');
    await window.press('Put a backup back…');
    expect(window.text()).toContain('2 come back: 1003@office.internal, 1004@office.internal.');
    expect(window.text()).toContain('1 goes: 1009@office.internal.');
    expect(window.text()).not.toContain('Further numbers');
    expect(window.fakes.named('office.restore')).toEqual([]);
    await window.press('Put back');
    expect(window.fakes.named('office.restore')).toHaveLength(1);
    expect(window.text()).toContain('The office is the one of office.tandem now.');
  });

  test('a backup that cannot be read says why', async () => {
    const reason = '/home/anna/x.tandem is no backup of Tandem.';
    await open({ page: 'settings' }, { refuse: { 'office.readBackup': reason } });
    await window.press('Put a backup back…');
    expect(window.text()).toContain(reason);
  });
});

test('the list of users is as it was when one comes back from a user', async () => {
  await open({ page: 'users' }, { users: usersOf(5) });
  await window.fill('Find a user', '100');
  await window.choose('Order', 'name');
  await window.after(() => window.findButton('Open Olga Ivanova')?.focus());
  await window.press('Open Olga Ivanova');
  expect(window.text()).toContain('1004@office.internal');
  const asked = () => window.fakes.named('users.list').filter((query) => (query as { sort?: string }).sort).length;
  const before = asked();
  await window.press('All users');
  expect(place()).toEqual({ page: 'users' });
  expect((document.querySelector('input[type=search]') as HTMLInputElement).value).toBe('100');
  expect(window.select('Order').value).toBe('name');
  expect(asked()).toBe(before);
  expect(document.activeElement?.getAttribute('aria-label')).toBe('Open Olga Ivanova');
});

describe('what holds of a user or a domain', () => {
  const rule = { domain: 'office.internal', number: '1002', watchers: 'everyone', listed: [], details: false };
  const kept = {
    ...{
      id: 7,
      recipient: '1002@office.internal',
      sender: '1001@office.internal',
      receivedAt: NOW,
      expiresAt: NOW + 1,
    },
    bytes: 300,
  };
  const user: OfficePlace = { page: 'users', user: { number: '1002', domain: 'office.internal' } };
  const answers = { 'presence.rule': rule, 'messages.show': { ...kept, type: 'text/plain', body: 'See you at three' } };

  test('a lamp is shown to some only', async () => {
    await open(user, { users: usersOf(3), answers });
    expect(window.text()).toContain('Everyone in the domain');
    await window.press('Change who may see the lamp');
    await window.choose('Who', 'listed');
    await window.fill('These', '1001, @partner.example');
    await window.press('Show with whom they talk');
    await window.press('Save');
    expect(window.fakes.named('presence.setRule')).toEqual([
      {
        ...{ domain: 'office.internal', number: '1002', watchers: 'listed', details: true },
        listed: ['1001', '@partner.example'],
      },
    ]);
  });

  test('a user is called in another way than the rest', async () => {
    await open(user, { users: usersOf(3), answers });
    await window.choose('How calls are passed on', 'redirect');
    expect(window.fakes.named('users.mode')).toEqual([{ number: '1002', domain: 'office.internal', mode: 'redirect' }]);
  });

  test('so is a whole domain', async () => {
    await open({ page: 'domains' }, { answers });
    await window.press('Lamps and calls of office.example');
    await window.choose('How calls are passed on', 'stateless');
    expect(window.fakes.named('domains.mode')).toEqual([{ name: 'office.example', mode: 'stateless' }]);
  });

  test('a kept message is read, which it is not before, and thrown away', async () => {
    await open(user, { users: usersOf(3), answers, lists: { ...lists, 'messages.list': [kept] } });
    expect(window.text()).toContain('From 1001@office.internal');
    expect(window.fakes.named('messages.show')).toEqual([]);
    await window.press('Read…');
    expect(window.text()).toContain('See you at three');
    await window.press('Close');
    await window.press('Throw the message from 1001@office.internal away');
    expect(window.fakes.named('messages.remove')).toEqual([{ id: 7 }]);
  });
});
