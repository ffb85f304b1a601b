// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import { type FakeState, runningOffice } from '../../../../../support/window/fake-ports.ts';
import { type RenderedWindow, renderWindow } from '../../../../../support/window/render.tsx';

const crm = 'https://crm.office.example/calls';
const told = { 'records.webhook': { url: crm, hasSecret: true, waiting: 3, givenUp: 1 } };
const secret = '0123456789abcdef';

let window: RenderedWindow;
async function open(state: Partial<FakeState> = {}): Promise<void> {
  window = await renderWindow({ office: runningOffice, ...state }, 'office');
  await window.after(() => window.stores.office.getState().open({ page: 'calls' }));
  await window.press('Keeping');
}
const wanted = () => window.fakes.named('office.setWebhook');
afterEach(() => window.close());

test('how long calls are kept is said and changed, with the way back', async () => {
  await open();
  expect(window.text()).toContain('Those of the last 365 days, at most 200,000 calls.');
  expect(window.text()).toContain('1,234 calls are on record now.');
  await window.press('Change how long calls are kept');
  await window.fill('Days', 'many');
  await window.press('Save');
  expect(window.text()).toContain('Say whole numbers.');
  await window.fill('Days', '90');
  await window.fill('At most so many calls', '50000');
  await window.press('Save');
  expect(window.fakes.named('records.keep')).toContainEqual({ days: 90, count: 50_000 });
  await window.press('Undo');
  expect(window.fakes.named('audit.undo')).toEqual([{ id: 1 }]);
});

test('another program is told of calls once the person has agreed', async () => {
  await open({ agrees: false });
  await window.press('Change who is told of calls');
  await window.fill('Address of the program', crm);
  await window.press('Sign what is told');
  await window.press('Save');
  expect(window.text()).toContain('Say a secret, or do not sign.');
  await window.fill('Secret', secret);
  await window.press('Save');
  expect(window.text()).toContain('Nothing was changed.');
  window.fakes.state.agrees = true;
  await window.press('Save');
  expect(wanted()).toEqual([
    { url: crm, secret },
    { url: crm, secret },
  ]);
  expect(window.status('Done')).toBe('Who is told of calls was changed.');
});

test('who is told is shown, how many wait too, and the secret is never there to be read', async () => {
  await open({ answers: told });
  expect(window.text()).toContain(crm);
  expect(window.text()).toContain('3 calls wait to be told: nobody took them yet.');
  expect(window.text()).toContain('1 call was refused for good.');
  await window.press('Change who is told of calls');
  expect(window.field('Secret').value).toBe('');
  await window.press('Save');
  expect(wanted()).toEqual([]);
});

test('signing ends, and nobody is told any more', async () => {
  await open({ answers: told });
  await window.press('Change who is told of calls');
  await window.press('Sign what is told');
  await window.press('Save');
  await window.press('Tell nobody any more');
  expect(wanted()).toEqual([{ secret: '' }, { url: '' }]);
  expect(window.status('Done')).toBe('No program is told of calls any more.');
});

test('what is refused stays in the form', async () => {
  await open({ refuse: { 'office.setWebhook': 'A secret has 16 to 256 characters.' } });
  await window.press('Change who is told of calls');
  await window.fill('Address of the program', crm);
  await window.press('Save');
  expect(window.text()).toContain('A secret has 16 to 256 characters.');
  expect(window.field('Address of the program').value).toBe(crm);
});
