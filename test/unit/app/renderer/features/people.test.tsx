// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import type { PersonSnapshot } from '../../../../../app/renderer/softphone/snapshots.ts';
import { speak } from '../../../../../app/words/language.ts';
import {
  anna,
  callOf,
  contactOf,
  contactsOf,
  pastOf,
  profileOf,
  registered,
} from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
afterEach(async () => {
  await window.close();
  await speak('en', 'en-US');
});

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
  await window.inMenu('More for people', 'Watch somebody…');
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

const eva = contactOf('Eva Malá', '+420 221 555 014', { company: 'Kolben s.r.o.' });
const ben2 = contactOf('Ben', '1005');
const rows = (list: string): string[] =>
  [...document.querySelectorAll(`ul[aria-label="${list}"] > li .user-name`)].map((name) => name.textContent);

test('contacts stand in order of their names, favourites first, and one press calls', async () => {
  const zoe = contactOf('Zoe', '1009', { favourite: true });
  window = await renderWindow({ ...signedIn, contacts: [eva, contactOf('Adam', '1003'), zoe] }, 'people');
  expect(rows('Favourites')).toEqual(['Zoe']);
  expect(rows('Contacts')).toEqual(['Adam', 'Eva Malá']);
  await window.press('Call Eva Malá');
  expect(window.fakes.named('softphone.call')).toEqual(['+420221555014']);
});

test('they stand in the order of another language, and are spoken of in it, as soon as it is chosen', async () => {
  const all = ['Dana', 'Chalupa', 'Hora'].map((name) => contactOf(name, '1003'));
  window = await renderWindow({ ...signedIn, contacts: all }, 'people');
  expect(rows('Contacts')).toEqual(['Chalupa', 'Dana', 'Hora']);
  await window.after(() => window.stores.language.getState().choose('cs'));
  expect(rows('Kontakty')).toEqual(['Dana', 'Hora', 'Chalupa']);
  await window.inMenu('Více: Hora', 'Odebrat');
  expect(window.status('Hotovo')).toBe('Odebráno: Hora.');
  await window.after(() => window.stores.language.getState().choose('en'));
  expect(rows('Contacts')).toEqual(['Chalupa', 'Dana']);
});

test('one who is both a contact and watched is shown once, with his name here and his lamp', async () => {
  const friend = contactOf('Benjamin Ford', '1002');
  window = await renderWindow({ ...signedIn, contacts: [friend], news: { people: [ben], mailboxes: [] } }, 'people');
  expect(rows('Favourites')).toEqual(['Benjamin Ford']);
  expect(window.status('State of Benjamin Ford')).toBe('Available');
});

test('people are found by parts of name, company and number in any notation', async () => {
  window = await renderWindow({ ...signedIn, contacts: [eva, contactOf('Adam', '1003')] }, 'people');
  for (const typed of ['mala', 'KOLBEN ev', '221555014', '0221 555', '00420221']) {
    await window.fill('Find people', typed);
    expect(rows('Contacts')).toEqual(['Eva Malá']);
  }
  await window.fill('Find people', 'nobody');
  expect(window.text()).toContain('Nobody matches “nobody”.');
});

test('a contact is added, and a name must be there', async () => {
  window = await renderWindow(signedIn, 'people');
  await window.press('Add contact');
  await window.submit('Name');
  expect(window.text()).toContain('Type a name or a company.');
  await window.fill('Name', ' Eva Malá ');
  await window.fill('Number', '221 555 014');
  await window.press('Add number');
  await window.fill('Number 2', '602 000 111');
  await window.fill('E-mail', 'eva@kolben.example, mala@kolben.example');
  await window.submit('Name');
  expect(window.fakes.named('contacts.change')).toEqual([
    {
      put: [
        expect.objectContaining({
          ...{ name: 'Eva Malá', emails: ['eva@kolben.example', 'mala@kolben.example'] },
          numbers: [
            { kind: 'work', value: '221 555 014' },
            { kind: 'mobile', value: '602 000 111' },
          ],
        }),
      ],
      remove: [],
    },
  ]);
  expect(rows('Contacts')).toEqual(['Eva Malá']);
});

test('what was removed comes back with one press', async () => {
  window = await renderWindow({ ...signedIn, contacts: [eva] }, 'people');
  await window.inMenu('More for Eva Malá', 'Remove');
  expect(rows('Contacts')).toEqual([]);
  expect(window.status('Done')).toBe('Eva Malá was removed.');
  await window.press('Undo');
  expect(rows('Contacts')).toEqual(['Eva Malá']);
  expect(window.findButton('Undo')).toBeUndefined();
});

test('one from an address book can be a favourite, but not be edited here', async () => {
  window = await renderWindow({ ...signedIn, contacts: [{ ...eva, source: 'book' }] }, 'people');
  await window.inMenu('More for Eva Malá', 'Make a favourite');
  expect(rows('Favourites')).toEqual(['Eva Malá']);
  await expect(window.inMenu('More for Eva Malá', 'Edit…')).rejects.toThrow('no Edit…');
});

test('of four thousand contacts those in sight are drawn', async () => {
  const { prototype } = HTMLElement;
  const heights = ['offsetHeight', 'clientHeight'].map((name) => [name, nearest(prototype, name)] as const);
  for (const [name] of heights) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      get(this: HTMLElement) {
        return this.classList.contains('main') ? 600 : 57;
      },
    });
  }
  try {
    window = await renderWindow({ ...signedIn, contacts: contactsOf(4_000) }, 'people');
    expect(rows('Contacts').length).toBeGreaterThan(10);
    expect(rows('Contacts').length).toBeLessThan(40);
    await window.fill('Find people', '221 000 007');
    expect(rows('Contacts')).toEqual(['Běla Svobodová']);
  } finally {
    for (const [name, was] of heights) Object.defineProperty(prototype, name, was);
  }
});

function nearest(from: object | null, name: string): PropertyDescriptor {
  if (from === null) throw new Error(`There is no ${name}`);
  return Object.getOwnPropertyDescriptor(from, name) ?? nearest(Object.getPrototypeOf(from), name);
}

async function drop(text: string, name: string): Promise<void> {
  const event = new Event('drop', { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { types: ['Files'], files: [new File([text], name)] } });
  await window.after(() => void document.querySelector('.people')?.dispatchEvent(event));
  const shown = async () => {
    await window.after(() => {});
    window.status('What was read');
  };
  await vi.waitFor(shown, { timeout: 10_000 });
}

test('a file that is dropped says what is in it, is taken, and can be taken back', async () => {
  window = await renderWindow({ ...signedIn, contacts: [eva] }, 'people');
  await drop(
    'Name,Phone,Company\r\nEva Malá,221 555 015,Kolben\r\nEva Malá,+420221555014,\r\nAdam,1003,\r\n,,Nobody\r\n,,\r\nZoe,1004,',
    'export.csv',
  );
  expect(window.status('What was read')).toBe('Read: 5. New: 4. Known by a number or an e-mail: 1.');
  await window.press('Import');
  expect(rows('Contacts')).toEqual(['Adam', 'Eva Malá', 'Eva Malá', 'Nobody', 'Zoe']);
  expect(window.status('Done')).toBe('Contacts added: 4.');
  await window.press('Undo');
  expect(rows('Contacts')).toEqual(['Eva Malá']);
});

test('a file without people says why', async () => {
  window = await renderWindow({ ...signedIn, contacts: [eva] }, 'people');
  await drop('something else', 'notes.txt');
  expect(window.status('What was read')).toBe('Nobody was found in this file.');
  expect(window.text()).toContain('No column of it is known to hold numbers');
  expect(window.findButton('Import')).toBeUndefined();
});

test('one’s own contacts are written to a file', async () => {
  window = await renderWindow({ ...signedIn, contacts: [eva, { ...ben2, source: 'book' }] }, 'people');
  await window.inMenu('More for people', 'Export as vCards…');
  await vi.waitFor(() => expect(window.fakes.named('system.saveFile')).toHaveLength(1), { timeout: 10_000 });
  const [file] = window.fakes.named('system.saveFile') as [{ name: string; content: string }];
  expect(file.name).toBe('contacts.vcf');
  expect(file.content).toContain('FN:Eva Malá');
  expect(file.content).not.toContain('Ben');
});

test('a call, the list of recent calls and a conversation bear the name of the contact', async () => {
  const peer = { name: '', number: '+420221555014', uri: 'sip:+420221555014@office.internal' };
  window = await renderWindow({
    ...signedIn,
    contacts: [contactOf('Eva Malá', '+420 221 555 014')],
    calls: [callOf({ peer })],
    history: [pastOf({ peer })],
    messages: [
      {
        ...{ id: 'm', accountId: 'anna', peer: '+420221555014', name: '', text: 'Hello', at: 1 },
        ...{ direction: 'in', isRead: true },
      },
    ],
  });
  const named = () => [...document.querySelectorAll('.main [dir="auto"], .main bdi')].map((one) => one.textContent);
  expect(window.text()).toContain('Eva Malá');
  for (const view of ['recent', 'messages'] as const) {
    await window.after(() => window.stores.view.getState().show(view));
    expect(named()).toContain('Eva Malá');
  }
  await window.after(() => window.fakes.setContacts([contactOf('Eva Nová', '+420221555014')]));
  expect(named()).toContain('Eva Nová');
  expect(named()).not.toContain('Eva Malá');
});
