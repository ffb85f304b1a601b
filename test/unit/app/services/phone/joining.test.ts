import { afterEach, describe, expect, it } from 'vitest';
import { accountOf, join } from '../../../../../app/services/phone/joining.ts';
import type { Door } from '../../../../../proxy-core/node/join/conversation.ts';
import type { Grant } from '../../../../../proxy-core/node/join/messages.ts';
import { TestOffice } from '../../../../support/exchange.ts';

const door: Door = { host: '192.0.2.10', port: 5070, transport: 'TCP' };
const grant: Grant = {
  ...{ number: '1001', domain: 'a.example', isDefault: true, name: 'Ada', device: 'PC', password: 'secret' },
  ways: [
    { transport: 'UDP', port: 5060 },
    { transport: 'TCP', port: 5060 },
  ],
};
const certificate = { fingerprint: Array(32).fill('AB').join(':'), name: 'a.example', until: 1 };

describe('the account that comes of a code', () => {
  it('is reached as the office says', () => {
    const { account, password } = accountOf(grant, door);
    expect(account).toEqual({ number: '1001', displayName: 'Ada', server: '192.0.2.10:5060', outboundProxy: '' });
    expect(password).toBe('secret');
  });

  it('is reached by the port that was reached where a router leads elsewhere', () => {
    const ways = [{ transport: 'TCP' as const, port: 5060 }];
    expect(accountOf({ ...grant, ways }, door).account.server).toBe('sip:192.0.2.10:5070;transport=tcp');
  });

  it('is encrypted where it can be, and trusts the certificate of the office, no other', () => {
    const ways = [...grant.ways, { transport: 'TLS' as const, port: 5061 }];
    const { account } = accountOf({ ...grant, ways, certificate }, door);
    expect(account.server).toBe('sip:192.0.2.10:5061;transport=tls');
    expect(account.trusted).toEqual([{ server: '192.0.2.10', ...certificate, authority: '' }]);
  });

  it('goes by the name of a certificate that is known to all', () => {
    const ways = [{ transport: 'TLS' as const, port: 5061, host: 'sip.a.example' }];
    const { account } = accountOf({ ...grant, ways }, door);
    expect(account).toMatchObject({ server: 'sip:sip.a.example:5061;transport=tls' });
    expect(account).not.toHaveProperty('trusted');
  });

  it('names a domain that is not the first one, and goes by the address', () => {
    const { account } = accountOf({ ...grant, isDefault: false }, { ...door, host: '2001:db8::1' });
    expect(account).toMatchObject({ server: 'a.example', outboundProxy: '[2001:db8::1]:5060' });
  });

  it('takes what is left', () => {
    expect(accountOf({ ...grant, ways: [{ transport: 'WSS', port: 443 }] }, door).account.server).toBe(
      'wss://192.0.2.10:443',
    );
    expect(accountOf({ ...grant, ways: [] }, door).account.server).toBe('sip:192.0.2.10:5070;transport=tcp');
  });
});

describe('taking a code to an office', () => {
  let office: TestOffice | undefined;
  afterEach(() => office?.close());

  it('ends in an account', async () => {
    office = await TestOffice.open({ users: { 1001: 'x' } });
    const { code } = await office.handle.admin.call('invites.add', { number: '1001' });
    const server = `127.0.0.1:${office.port}`;
    const joined = await join({ server, code: code.toLowerCase(), device: 'PC' }, true);
    expect(joined).toMatchObject({ ok: true, value: { account: { number: '1001', server } } });
    expect(await join({ server, code, device: 'PC' }, true)).toMatchObject({
      ...{ ok: false, reason: expect.stringContaining('does not know this code') },
    });
  });

  it.each([
    ['K7M', '127.0.0.1', 'nine letters'],
    ['K7M-4QP-9XT', 'a b', 'no spaces'],
    ['K7M-4QP-9XT', 'ws://127.0.0.1', 'TCP or TLS'],
    ['K7M-4QP-9XT', 'office.example', 'Only servers on this computer'],
    ['K7M-4QP-9XT', '192.0.2.1', 'Only servers on this computer'],
    ['K7M-4QP-9XT', '127.0.0.1:1', 'cannot be reached'],
  ])('%s at %s: %s', async (code, server, reason) => {
    const joined = await join({ server, code, device: 'PC' }, true);
    expect(joined).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });
});
