// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import { codecDefaults } from '../../../../../app/shared/codec-settings.ts';
import { anna, profileOf } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

let window: RenderedWindow;
afterEach(() => window.close());

const offices = [
  { name: 'Ateliér Novák', server: '192.0.2.10:5060' },
  { name: 'b.example', server: 'sip:192.0.2.77:5061;transport=tls' },
];
const asked = () => window.fakes.named('joining.join');

describe('joining by a code', () => {
  test('goes to the office that was found, welcomes, and offers a test call', async () => {
    window = await renderWindow({ offices });
    expect(window.select('Office on this network').textContent).toContain('Ateliér Novák (192.0.2.10:5060)');
    await window.fill('Code', ' k7m 4qp 9xt ');
    await window.press('Join');
    expect(asked()).toEqual([{ text: 'k7m 4qp 9xt', server: '192.0.2.10:5060' }]);
    expect(window.status('Welcome')).toContain('Welcome, Ada. Your number is 1001.');
    await window.press('Make a test call');
    expect(window.text()).toContain('Test call to yourself');
    expect(window.stores.joining.getState().welcome).toBeUndefined();
  });

  test('goes to another one of them, or to an address', async () => {
    window = await renderWindow({ offices, refuse: { 'joining.join': 'The office does not know this code.' } });
    await window.fill('Code', 'K7M-4QP-9XT');
    await window.choose('Office on this network', offices[1]?.server ?? '');
    await window.press('Join');
    expect(window.text()).toContain('The office does not know this code.');
    await window.choose('Office on this network', 'elsewhere');
    await window.fill('Address of the office', ' 198.51.100.7 ');
    await window.press('Join');
    expect(asked()).toEqual([
      { text: 'K7M-4QP-9XT', server: offices[1]?.server },
      { text: 'K7M-4QP-9XT', server: '198.51.100.7' },
    ]);
  });

  test('asks for the address where none is found, and only then', async () => {
    window = await renderWindow();
    expect(window.text()).not.toContain('Address of the office');
    await window.press('Join');
    expect(window.text()).toContain('Type the code that you were given.');
    await window.fill('Code', 'K7M-4QP-9XT');
    await window.press('Join');
    expect(window.text()).toContain('Type the address of the office.');
    expect(asked()).toEqual([]);
    await window.fill('Address of the office', '198.51.100.7:5070');
    await window.press('Join');
    expect(asked()).toEqual([{ text: 'K7M-4QP-9XT', server: '198.51.100.7:5070' }]);
  });

  test('takes a link, which says where the office is', async () => {
    window = await renderWindow({ offices });
    const link = 'tandem:join?code=K7M4QP9XT&office=198.51.100.7%3A5060';
    await window.fill('Code', link);
    expect(window.text()).not.toContain('Office on this network');
    await window.press('Join');
    expect(asked()).toEqual([{ text: link, server: '' }]);
  });

  test('is offered by a link that was opened elsewhere, for the person to decide', async () => {
    const join = 'tandem:join?code=K7M4QP9XT&office=198.51.100.7%3A5060';
    window = await renderWindow({ profile: profileOf(anna) });
    await window.after(() => window.fakes.dial({ join }));
    expect(window.field('Code').value).toBe(join);
    expect(window.text()).toContain('The link leads to the office at 198.51.100.7:5060.');
    expect(asked()).toEqual([]);
    await window.press('Cancel');
    expect(window.text()).not.toContain('The link leads');
    await window.after(() => window.fakes.dial({ join }));
    await window.press('Join');
    expect(asked()).toEqual([{ text: join, server: '' }]);
    expect(window.status('Welcome')).toContain('Welcome, Ada.');
    expect(document.querySelector('dialog')).toBeNull();
  });

  test('says where the password will be lost', async () => {
    window = await renderWindow({
      profile: { accounts: [], codecs: codecDefaults, secrets: 'asked', hasPassword: {} },
    });
    expect(window.text()).toContain('you will need another code');
  });
});
