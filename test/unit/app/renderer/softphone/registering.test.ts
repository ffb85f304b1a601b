import { describe, expect, it } from 'vitest';
import { nodeHashes } from '../../../../../proxy-core/node/hashes.ts';
import { digestResponse, userHash } from '../../../../../proxy-core/sip/auth/digest.ts';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { account, settle, World } from './phone-world.ts';

const challenge = (nonce: string, more = '') => `Digest realm="office", nonce="${nonce}", qop="auth"${more}`;

/** Whether the answer in the request was made with this password. */
function knows(request: SipRequest, password: string): boolean {
  const value = request.header(H.Authorization) ?? '';
  const param = (name: string) => new RegExp(`[ ,]${name}="?([^",]*)`).exec(value)?.[1] ?? '';
  const algorithm = param('algorithm') === 'SHA-256' ? 'SHA-256' : 'MD5';
  const ha1 = userHash(nodeHashes, algorithm, '1001', 'office', password);
  const { method, uriText: uri } = request;
  const [nonce, cnonce, nc] = [param('nonce'), param('cnonce'), param('nc')];
  const parts = { algorithm, session: false, nonce, qop: 'auth', cnonce, nc, method, uri } as const;
  return digestResponse(nodeHashes, ha1, parts) === param('response');
}

describe('signing in', () => {
  it('answers the challenge, and the next time ahead of it', async () => {
    const world = new World();
    const first = await world.request('REGISTER');
    expect(first.uriText).toBe('sip:127.0.0.1:5060');
    expect(first.to.uriText).toBe('sip:1001@127.0.0.1:5060');
    expect(first.header(H.Contact)).toMatch(
      /^<sip:1001@127\.0\.0\.1:6000>;\+sip\.instance="<urn:uuid:[0-9a-f-]{36}>";reg-id=1$/,
    );
    expect(first.header(H.Authorization)).toBeUndefined();
    world.reply(first, 401, { headers: [[H.WwwAuthenticate, challenge('one')]] });
    const second = await world.request('REGISTER');
    expect([second.cseq, second.callId, second.from.tag]).toEqual([first.cseq + 1, first.callId, first.from.tag]);
    expect(knows(second, 'secret')).toBe(true);
    world.reply(second, 200, {
      headers: [[H.Contact, `<sip:other@x>;expires=9, ${second.header(H.Contact)};expires=60`]],
    });
    await settle();
    expect(world.registration).toEqual({ state: 'registered', expiresAt: world.clock.now() + 60_000 });
    world.clock.advance(55_000);
    const refresh = await world.request('REGISTER');
    expect(refresh.header(H.Authorization)).toContain('nc=00000002');
    expect(knows(refresh, 'secret')).toBe(true);
    // The nonce has grown old meanwhile: that is not the password's fault.
    world.reply(refresh, 401, { headers: [[H.WwwAuthenticate, challenge('two', ', stale=true')]] });
    const again = await world.request('REGISTER');
    expect(again.header(H.Authorization)).toContain('nonce="two"');
    world.reply(again, 200, { headers: [[H.Contact, `${again.header(H.Contact)};expires=60`]] });
    await settle();
    expect(world.registration?.state).toBe('registered');
  });

  it.each([
    ['Tandem/0.1.0', 'Tandem test (my PC)'],
    ['Kamailio (Tandem)', 'Tandem test'],
    ['', 'Tandem test'],
  ])('tells %j that it is %s', async (server, name) => {
    const world = new World();
    const first = await world.request('REGISTER');
    expect(first.header(H.UserAgent)).toBe('Tandem test');
    const named = server === '' ? [] : [[H.Server, server] as const];
    world.reply(first, 401, { headers: [[H.WwwAuthenticate, challenge('one')], ...named] });
    expect((await world.request('REGISTER')).header(H.UserAgent)).toBe(name);
  });

  it('prefers SHA-256', async () => {
    const world = new World();
    const first = await world.request('REGISTER');
    const headers = [
      [H.WwwAuthenticate, challenge('n', ', algorithm=MD5')],
      [H.WwwAuthenticate, challenge('n', ', algorithm=SHA-256')],
    ] as const;
    world.reply(first, 401, { headers });
    const second = await world.request('REGISTER');
    expect(second.header(H.Authorization)).toContain('algorithm=SHA-256');
    expect(knows(second, 'secret')).toBe(true);
  });

  it('says that the password is wrong and asks no more, until another is given', async () => {
    const world = new World({ password: 'wrong' });
    world.reply(await world.request('REGISTER'), 401, { headers: [[H.WwwAuthenticate, challenge('one')]] });
    world.reply(await world.request('REGISTER'), 401, { headers: [[H.WwwAuthenticate, challenge('two')]] });
    await settle();
    expect(world.registration).toMatchObject({ state: 'failed', wrongPassword: true });
    expect(await world.pass(600_000)).toEqual([]);
    world.password = 'secret';
    world.softphone.setAccounts([account]);
    world.reply(await world.request('REGISTER'), 401, { headers: [[H.WwwAuthenticate, challenge('three')]] });
    const right = await world.request('REGISTER');
    expect(knows(right, 'secret')).toBe(true);
  });

  it('takes a password that was changed while it was registered, without anybody doing more', async () => {
    const world = new World({ password: 'old' });
    world.reply(await world.request('REGISTER'), 401, { headers: [[H.WwwAuthenticate, challenge('one')]] });
    const first = await world.request('REGISTER');
    world.reply(first, 200, { headers: [[H.Contact, `${first.header(H.Contact)};expires=60`]] });
    await settle();
    world.password = 'secret';
    world.softphone.setAccounts([account]);
    await world.nothing();
    world.softphone.registerNow();
    for (const nonce of ['two', 'three']) {
      const tried = await world.request('REGISTER');
      expect(knows(tried, 'secret')).toBe(false);
      world.reply(tried, 401, { headers: [[H.WwwAuthenticate, challenge(nonce)]] });
    }
    expect(knows(await world.request('REGISTER'), 'secret')).toBe(true);
    expect(world.registration?.state).toBe('registered');
  });

  it('asks for a password that is not known here', async () => {
    const world = new World({ password: null });
    world.reply(await world.request('REGISTER'), 401, { headers: [[H.WwwAuthenticate, challenge('one')]] });
    await settle();
    expect(world.registration).toMatchObject({ state: 'failed', wrongPassword: true });
    await world.nothing();
  });

  it.each([
    ['Digest realm="office"'],
    ['Basic realm="office"'],
    ['Digest realm="x", nonce="y", algorithm=WHIRLPOOL'],
    [''],
  ])('does not loop on the challenge %j', async (value) => {
    const world = new World();
    const headers = value === '' ? [] : ([[H.WwwAuthenticate, value]] as const);
    world.reply(await world.request('REGISTER'), 401, { headers });
    await settle();
    expect(world.registration?.state).toBe('failed');
    await world.nothing();
  });

  it('gives up on a server that finds every nonce stale', async () => {
    const world = new World();
    for (let i = 0; i < 5; i++) {
      const headers = [[H.WwwAuthenticate, challenge(`n${i}`, ', stale=true')]] as const;
      world.reply(await world.request('REGISTER'), 401, { headers });
    }
    await settle();
    expect(world.registration?.state).toBe('failed');
    await world.nothing();
  });

  it('comes back within seconds of the server', async () => {
    const world = await World.registered();
    const resent = await world.pass(60_000);
    expect(resent.length).toBeGreaterThan(3);
    const shown = world.registration;
    expect(shown).toMatchObject({ state: 'failed', reason: 'The server does not answer.' });
    expect(shown?.state === 'failed' && (shown.retryAt ?? 0) - world.clock.now()).toBeLessThanOrEqual(30_000);
    // An hour later the next attempt is still at most half a minute away.
    await world.pass(3_600_000);
    expect((await world.pass(40_000)).length).toBeGreaterThan(0);
    world.softphone.networkChanged();
    await world.acceptRegistration();
    expect(world.registration?.state).toBe('registered');
  });

  it('opens another connection when its own breaks', async () => {
    const world = await World.registered({ transport: 'TCP' });
    world.closeFlow('The server closed the connection.');
    await settle();
    expect(world.registration).toMatchObject({ state: 'failed', reason: 'The server closed the connection.' });
    world.clock.advance(1_300);
    const again = await world.acceptRegistration();
    expect([world.opens, again.header(H.Contact)]).toEqual([2, expect.stringContaining(';transport=tcp')]);
    expect(world.registration?.state).toBe('registered');
  });

  it('tells why no connection can be opened, and tries again', async () => {
    const world = await World.registered();
    world.openFails = 'The server nowhere.example cannot be found.';
    world.softphone.networkChanged();
    await settle();
    expect(world.registration).toMatchObject({ state: 'failed', reason: world.openFails });
    await world.pass(3_000);
    expect(world.opens).toBeGreaterThan(2);
    expect(world.registration).toMatchObject({
      state: 'failed',
      reason: 'The server nowhere.example cannot be found.',
    });
  });

  it('registers the address at which it is seen, and takes the other one off', async () => {
    const world = new World();
    const first = await world.request('REGISTER');
    const seen = first.wire.replace(';rport', ';rport=40001;received=203.0.113.7');
    world.receive(responseOf(first, seen, '60'));
    const second = await world.request('REGISTER');
    expect(second.headers.lines(H.Contact).map((line) => line.split(';+')[0])).toEqual([
      '<sip:1001@127.0.0.1:6000>;expires=0',
      '<sip:1001@203.0.113.7:40001>',
    ]);
    world.receive(responseOf(second, second.wire.replace(';rport', ';rport=40001;received=203.0.113.7'), '60'));
    await settle();
    expect(world.registration?.state).toBe('registered');
    await world.nothing();
  });

  it('goes by its outbound proxy, and by the Service-Route once it is told one', async () => {
    const world = new World({ accounts: [{ ...account, outboundProxy: 'sip:127.0.0.9:5090;transport=tcp' }] });
    const register = await world.request('REGISTER');
    expect(register.list(H.Route)).toEqual(['<sip:127.0.0.9:5090;transport=tcp;lr>']);
    world.reply(register, 200, {
      headers: [
        [H.Expires, '60'],
        [H.ServiceRoute, '<sip:edge.example;lr>'],
      ],
    });
    await settle();
    world.softphone.call('1002');
    expect((await world.request('INVITE')).list(H.Route)).toEqual(['<sip:edge.example;lr>']);
  });

  it('takes itself off when signed out', async () => {
    const world = await World.registered();
    world.softphone.setAccounts([]);
    const off = await world.request('REGISTER');
    expect(off.header(H.Expires)).toBe('0');
    world.reply(off, 200);
    await settle();
    expect(world.accounts).toEqual([]);
    expect(world.clock.waiting).toBe(0);
  });

  it('signs out before it signs in again with other particulars', async () => {
    const world = await World.registered();
    world.softphone.setAccounts([{ ...account, number: '1005' }]);
    const off = await world.request('REGISTER');
    expect([off.to.uriText, off.header(H.Expires)]).toEqual(['sip:1001@127.0.0.1:5060', '0']);
    await world.nothing();
    world.reply(off, 200);
    expect((await world.acceptRegistration()).to.uriText).toBe('sip:1005@127.0.0.1:5060');
    expect(world.accounts).toMatchObject([{ number: '1005', registration: { state: 'registered' } }]);
  });

  it('closes within 3 s where the server does not answer', async () => {
    const world = await World.registered();
    let closed = false;
    void world.softphone.close().then(() => {
      closed = true;
    });
    await world.pass(2_900);
    expect(closed).toBe(false);
    await world.pass(200);
    expect([closed, world.clock.waiting]).toEqual([true, 0]);
  });

  it('shows an account that cannot be used as it was typed', async () => {
    const world = new World({ accounts: [{ ...account, server: 'not a server' }] });
    await settle();
    expect(world.registration).toMatchObject({ state: 'failed' });
    expect(world.softphone.call('1002')).toMatchObject({ ok: false });
  });
});

function responseOf(request: SipRequest, seen: string, expires: string): string {
  const headers = seen.slice(seen.indexOf('\r\n') + 2, seen.indexOf('\r\n\r\n')).split('\r\n');
  const kept = headers.filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
  const contact = request.headers.lines(H.Contact).at(-1);
  return ['SIP/2.0 200 OK', ...kept, `Contact: ${contact};expires=${expires}`, 'Content-Length: 0', '', ''].join(
    '\r\n',
  );
}
