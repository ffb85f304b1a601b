// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CertificateProblem } from '../../../../../app/shared/connection-settings.ts';
import { accountOf, anna, profileOf, registered } from '../../../../support/window/people.ts';
import { type RenderedWindow, renderWindow } from '../../../../support/window/render.tsx';

const problem: CertificateProblem = {
  ...{ why: 'unknown', names: 'office.example', issuer: 'Office CA', from: 0, fingerprint: 'AA:BB' },
  offered: { server: 'office.example', fingerprint: 'CC:DD', name: 'Office CA', until: 1, authority: 'PEM' },
};
const doubted = (certificate: CertificateProblem) => ({
  ...accountOf({ state: 'failed', reason: 'No.', certificate }),
  certificate,
});

let window: RenderedWindow;
beforeEach(async () => {
  window = await renderWindow({ profile: profileOf(), accounts: [registered()] });
});
afterEach(() => window.close());

const openConnection = (): Promise<void> => window.inMenu('Account menu', 'Connection…');

async function type(label: string, text: string): Promise<void> {
  const field = window.field(label);
  await window.fill(label, text);
  await window.after(() => {
    field.dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
  });
}

const text = (): string => document.body.textContent ?? '';

test('the bar says over what an account is connected', async () => {
  const connectedBy = [{ transport: 'TLS', host: '2001:db8::1', port: 5061 }] as const;
  await window.after(() => window.fakes.setAccounts([{ ...registered(), connectedBy }]));
  expect(window.status('Account')).toContain('TLS to [2001:db8::1]:5061');
});

test('a server for sound that cannot be found is told of', async () => {
  const soundTrouble = 'The TURN server turn.example cannot be found.';
  await window.after(() => window.fakes.setAccounts([{ ...registered(), soundTrouble }]));
  expect(text()).toContain(`Calls may stay silent where a router stands between. ${soundTrouble}`);
});

test('transport and proxies are changed in one place, and hold at once', async () => {
  await openConnection();
  expect(text()).not.toContain('The proxies are used');
  await window.choose('Reach the server by', 'tls');
  await type('Outbound proxies', 'a b');
  expect(text()).toContain('The name of a server has no spaces in it.');
  await type('Outbound proxies', 'sip:a.example, b.example');
  await window.choose('The proxies are used', 'registration');
  expect(window.fakes.named('profile.setSettings')).toEqual([
    { accountId: 'anna', settings: { transport: 'tls' } },
    { accountId: 'anna', settings: { transport: 'tls', proxyUse: 'registration' } },
  ]);
  expect(window.fakes.named('profile.signIn')).toMatchObject([
    { account: { id: 'anna', outboundProxy: 'sip:a.example, b.example' }, password: null },
  ]);
});

test('a certificate in doubt is shown with its fingerprints, and trusted when the person says so', async () => {
  await window.after(() => window.fakes.setAccounts([doubted(problem)]));
  expect(text()).toContain('Nobody known to this computer vouches for the certificate of office.example.');
  await window.click(window.button('Look at it…'));
  expect(text().replaceAll('\u200b', '')).toMatch(/AA:BB.*CC:DD.*You would trust Office CA for this server/);
  expect(window.fakes.named('profile.setTrusted')).toEqual([]);
  await window.click(window.button('Trust it'));
  expect(window.fakes.named('profile.setTrusted')).toEqual([{ accountId: 'anna', trusted: [problem.offered] }]);
});

test('one that changed takes the place of the one before, which can also be let go', async () => {
  const before = { ...problem.offered, fingerprint: 'EE:FF', authority: '' };
  const elsewhere = { ...before, server: 'elsewhere.example' };
  await window.after(() => {
    window.fakes.setProfile(profileOf({ ...anna, trusted: [before, elsewhere] }));
    window.fakes.setAccounts([doubted({ ...problem, why: 'changed' })]);
  });
  await window.click(window.button('Look at it…'));
  expect(text()).toContain('Somebody may be in the way');
  await window.click(window.button('Trust it'));
  const trusted = [elsewhere, problem.offered];
  expect(window.fakes.named('profile.setTrusted')).toEqual([{ accountId: 'anna', trusted }]);
  await window.after(() => window.fakes.setAccounts([registered()]));
  await openConnection();
  await window.click(window.button('Trust the certificate of elsewhere.example no more'));
  expect(window.fakes.named('profile.setTrusted').at(-1)).toEqual({ accountId: 'anna', trusted: [problem.offered] });
});
