// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeState, runningOffice } from '../../../../../support/window/fake-ports.ts';
import { officeLists } from '../../../../../support/window/office-lists.ts';
import { type RenderedWindow, renderWindow } from '../../../../../support/window/render.tsx';

const NOW = Date.UTC(2030, 0, 15, 9, 30);
const sales = { name: 'sales', domain: 'office.internal' };

let window: RenderedWindow;
let part: string;
async function open(state: Partial<FakeState> = {}): Promise<void> {
  window = await renderWindow({ office: runningOffice, lists: officeLists(NOW), ...state }, 'office');
  await window.after(() => window.stores.office.getState().open({ page: 'lamps' }));
  if (part !== 'Now') await window.press(part);
}
beforeEach(() => {
  part = 'Lists';
});
afterEach(() => window.close());

test('the lamp of each user is seen, changes while one looks, and leads to the user', async () => {
  part = 'Now';
  await open();
  const row = () => window.button('Open Olga Ivanova').closest('.user-row')?.textContent;
  expect(row()).toContain('Offline');
  expect(window.text()).toContain('Back in the workshop at two');
  const item = { number: '1006', domain: 'office.internal', name: 'Olga Ivanova', state: 'in-call', note: '' };
  await window.after(() =>
    window.fakes.admin.tell('presence.list', [{ event: 'changed', key: '1006@office.internal', item }]),
  );
  expect(row()).toContain('In a call');
  await window.press('Open Olga Ivanova');
  expect(window.stores.office.getState().place).toEqual({
    page: 'users',
    user: { number: '1006', domain: 'office.internal' },
  });
});

test('a list is added with the numbers as they are typed', async () => {
  await open();
  await window.press('Add list…');
  await window.fill('Name of the list', ' reception ');
  await window.fill('Members', '1002, 1005;1006');
  await window.press('Add list');
  expect(window.fakes.named('lists.set')).toEqual([{ name: 'reception', members: ['1002', '1005', '1006'] }]);
  expect(window.status('Done')).toBe('The list reception was added.');
});

test('of several domains one is looked at', async () => {
  await open({ answers: { status: { domains: ['office.internal', 'warehouse.example'] } } });
  await window.choose('Domain', 'warehouse.example');
  expect(window.fakes.named('lists.list').at(-1)).toMatchObject({ domain: 'warehouse.example' });
  await window.choose('Domain', '');
  expect(window.fakes.named('lists.list').at(-1)).not.toHaveProperty('domain');
});

test('of several domains, a list goes into the chosen one', async () => {
  await open({ answers: { status: { domains: ['office.internal', 'warehouse.example'] } } });
  await window.press('Add list…');
  await window.fill('Name of the list', 'gate');
  await window.choose('Domain', 'warehouse.example');
  await window.fill('Members', '7');
  await window.press('Add list');
  expect(window.fakes.named('lists.set')).toEqual([{ name: 'gate', domain: 'warehouse.example', members: ['7'] }]);
});

test('a list gets other members, with the way back; one that is refused stays open with the reason', async () => {
  await open();
  await window.press('Change the list sales');
  expect(window.field('Members').value).toBe('1002, 1005, 1007');
  window.fakes.state.refuse = { 'lists.set': 'There is no user 9999@office.internal.' };
  await window.fill('Members', '1002 9999');
  await window.press('Save');
  expect(window.text()).toContain('There is no user 9999@office.internal.');
  window.fakes.state.refuse = {};
  await window.fill('Members', '1002');
  await window.press('Save');
  expect(window.fakes.named('lists.set').at(-1)).toEqual({ ...sales, members: ['1002'] });
  await window.press('Undo');
  expect(window.fakes.named('audit.undo')).toEqual([{ id: 1 }]);
});

test('a list is removed', async () => {
  await open();
  await window.press('Remove the list sales');
  expect(window.fakes.named('lists.remove')).toEqual([sales]);
  expect(window.status('Done')).toBe('The list sales was removed.');
});

test('who watches whom is told in words, and all of one is ended once that was confirmed', async () => {
  part = 'Who watches';
  await open();
  expect(window.text()).toContain('A lamp with its calls: 1005@office.internal');
  expect(window.text()).toContain('Whether somebody is there: the list sales@office.internal');
  await window.press('End what 1006@office.internal watches');
  expect(window.fakes.named('subscriptions.end')).toEqual([]);
  await window.press('End');
  expect(window.fakes.named('subscriptions.end')).toEqual([{ number: '1006', domain: 'office.internal' }]);
});

test('rules that were set stand together and are changed there', async () => {
  part = 'Who may';
  await open();
  expect(window.text()).toContain('1002@office.internal, @branch.example');
  await window.press('Change who may see the lamp of 1006@office.internal');
  await window.choose('Who', 'default');
  await window.press('Save');
  expect(window.fakes.named('presence.setRule')).toEqual([
    { domain: 'office.internal', number: '1006', watchers: 'default' },
  ]);
});

test.each([
  ['Now', 'presence.list'],
  ['Lists', 'lists.list'],
  ['Who watches', 'subscriptions.list'],
  ['Who may', 'presence.rules'],
])(
  '%s: what cannot be read says why and can be tried again; what is empty says what it is for',
  async (which, method) => {
    part = which;
    await open({ refuse: { [method]: 'The disk reports an error.' }, lists: {} });
    expect(window.text()).toContain('The disk reports an error.');
    window.fakes.state.refuse = {};
    await window.press('Try again');
    expect(window.text()).not.toContain('The disk reports an error.');
    expect(document.querySelector('.list-pane .empty-state')).not.toBeNull();
  },
);
