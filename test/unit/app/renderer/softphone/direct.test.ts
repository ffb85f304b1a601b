/** Accounts without a registrar: phones that know each other's address call each other, on real sockets of this computer. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../../../app/shared/bridge.ts';
import type { Resolve } from '../../../../../proxy-core/server/parts.ts';
import { numericHop } from '../../../../../proxy-core/server/targets.ts';
import { TestOffice } from '../../../../support/exchange.ts';
import { NodePhone } from '../../../../support/node-phone.ts';
import { freePort } from '../../../../support/ports.ts';
import { soundingWindow } from '../../../../support/sounding-window.ts';
import { until } from '../../../../support/until.ts';
import type { WindowEnd } from '../../../proxy-core/media/window-end.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const direct = (number: string, listenPort = 0, more: Partial<Account> = {}): Account => ({
  ...{ id: number, number, displayName: '', server: '', outboundProxy: '' },
  settings: { registrar: false, listenPort },
  ...more,
});

/** Listens with this account; gives the address where others call it. */
async function listening(account: Account): Promise<{ phone: NodePhone; address: string }> {
  const phone = new NodePhone([account]);
  open.push(phone);
  return { phone, address: await addressOf(phone) };
}

const addressOf = (phone: NodePhone): Promise<string> =>
  until('it to listen', () => {
    const { registration } = phone.accounts[0] ?? {};
    return registration?.state === 'listening' ? registration.address : undefined;
  });

const always = { calls: { autoAnswer: 'always' as const } };

describe('two phones that know each other’s address', () => {
  it('call each other, whatever name is called, and either may hang up', async () => {
    const port = await freePort();
    const anna = await listening(direct('anna'));
    const ben = await listening(direct('ben', port));
    expect(ben.address).toBe(`127.0.0.1:${port}`);

    const made = anna.phone.softphone.call(`sip:anyone@${ben.address}`);
    expect(made.ok).toBe(true);
    const incoming = await ben.phone.call('Anna', ({ state }) => state === 'incoming');
    expect(incoming.peer.uri).toBe(`sip:anna@${anna.address}`);
    await ben.phone.answer();
    const call = await anna.phone.call('the answer', ({ state }) => state === 'active');
    anna.phone.softphone.hold(call.id);
    await ben.phone.call('to be held', ({ heldByPeer }) => heldByPeer);
    anna.phone.softphone.resume(call.id);
    await ben.phone.call('to be heard again', ({ heldByPeer }) => !heldByPeer);
    ben.phone.softphone.hangUp(incoming.id);
    await anna.phone.ended(call.id);

    expect(ben.phone.softphone.call(anna.address).ok).toBe(true);
    const back = await anna.phone.answer();
    anna.phone.softphone.hangUp(back.id);
    await ben.phone.call('the end', ({ direction, state }) => direction === 'outgoing' && state === 'ended');
  });

  it('end their calls when the account goes', async () => {
    const anna = await listening(direct('anna'));
    const ben = await listening(direct('ben', 0, always));
    const call = await anna.phone.talkTo(`sip:ben@${ben.address}`);
    anna.phone.setAccounts([]);
    await anna.phone.ended(call.id);
    await ben.phone.call('to hear of it', ({ state }) => state === 'ended');
    await until('the account to be gone', () => anna.phone.accounts.length === 0);
  });

  it('may both be in one phone, beside an account that is registered', async () => {
    const office = await TestOffice.open({ users: { 1001: 'pw' } });
    open.push(office);
    const registered = {
      ...{ id: 'reg', number: '1001', displayName: '', server: `127.0.0.1:${office.port}`, outboundProxy: '' },
    };
    const phone = new NodePhone([registered, direct('anna')], { reg: 'pw' });
    open.push(phone);
    await phone.registered('reg');
    const address = await until('it to listen', () => {
      const state = phone.accounts.find(({ id }) => id === 'anna')?.registration;
      return state?.state === 'listening' ? state.address : undefined;
    });
    const ben = await listening(direct('ben'));
    ben.phone.softphone.call(`sip:x@${address}`);
    expect((await phone.answer()).accountId).toBe('anna');
    expect(phone.softphone.call('1002', { accountId: 'anna' })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('has no server'),
    });
  });
});

describe('an account without a registrar', () => {
  it('calls numbers at its server, where it has one, without ever registering there', async () => {
    const ben = await listening(direct('ben', 0, always));
    const anna = await listening(direct('anna', 0, { server: ben.address }));
    await anna.phone.talkTo('1002');
    expect(ben.phone.calls[0]?.peer.uri).toBe(`sip:anna@${ben.address}`);
    expect(ben.phone.heard.some((message) => message.startsWith('REGISTER'))).toBe(false);
  });

  it('says that its port is taken, and listens once it is free', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = (taken.address() as { port: number }).port;
    const phone = new NodePhone([direct('anna', port)]);
    open.push(phone);
    const failed = await until('the failure', () => {
      const { registration } = phone.accounts[0] ?? {};
      return registration?.state === 'failed' ? registration : undefined;
    });
    expect(failed.reason).toContain(`port ${port} is taken`);
    expect(failed.retryAt).toBeGreaterThan(Date.now());
    taken.close();
    await once(taken, 'close');
    phone.softphone.registerNow();
    expect(await addressOf(phone)).toBe(`127.0.0.1:${port}`);
  });

  it('moves when another port is chosen', async () => {
    const [first, second] = [await freePort(), await freePort()];
    const { phone } = await listening(direct('anna', first));
    phone.setAccounts([direct('anna', second)]);
    await until('the other port', () => {
      const { registration } = phone.accounts[0] ?? {};
      return registration?.state === 'listening' && registration.address.endsWith(`:${second}`);
    });
  });
});

describe('strangers', () => {
  async function stranger(): Promise<{ socket: Socket; heard: string[]; port: number }> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const heard: string[] = [];
    socket.on('message', (data) => void heard.push(data.toString('latin1')));
    open.push({ close: () => socket.close() });
    return { socket, heard, port: socket.address().port };
  }
  const request = (method: string, port: number, n: number, more = ''): string =>
    [
      `${method} sip:anna@127.0.0.1 SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${method}${n};rport`,
      `From: <sip:x@stranger.example>;tag=${n}`,
      'To: <sip:anna@127.0.0.1>',
      `Call-ID: ${method}-${n}`,
      `CSeq: 1 ${method}`,
      `Contact: <sip:x@127.0.0.1:${port}>`,
      'Max-Forwards: 70',
      `${more}Content-Length: 0`,
      '',
      '',
    ].join('\r\n');

  it.each([
    ['OPTIONS', 200],
    ['REGISTER', 405],
    ['SUBSCRIBE', 405],
    ['PUBLISH', 405],
    ['BYE', 481],
    ['NONSENSE', 501],
  ])('who send %s hear %i', async (method, status) => {
    const { address } = await listening(direct('anna'));
    const { socket, heard, port } = await stranger();
    socket.send(request(method, port, 1), Number(address.split(':')[1]), '127.0.0.1');
    await until('the answer', () => heard.length > 0);
    expect(heard[0]).toMatch(new RegExp(`^SIP/2\\.0 ${status} `));
    if (status === 405) expect(heard[0]).toMatch(/^Allow: INVITE/m);
  });

  it('ring a few at a time, and hear busy beyond', async () => {
    const { phone, address } = await listening(direct('anna'));
    const { socket, heard, port } = await stranger();
    for (let n = 0; n < 40; n++) socket.send(request('INVITE', port, n), Number(address.split(':')[1]), '127.0.0.1');
    const finals = () =>
      new Set(heard.filter((one) => one.startsWith('SIP/2.0 486')).map((one) => /^Call-ID.*$/m.exec(one)?.[0]));
    await until('the others to hear busy', () => finals().size === 36);
    expect(phone.calls.filter(({ state }) => state === 'incoming').length).toBe(4);
  });

  it('do not learn anything of the account’s password', async () => {
    const { phone } = await listening(direct('anna'));
    const { socket, heard, port } = await stranger();
    socket.on('message', (data, source) => {
      const invite = data.toString('latin1');
      if (!invite.startsWith('INVITE')) return;
      const lines = invite.split('\r\n').filter((line) => /^(?:Via|From|To|Call-ID|CSeq):/i.test(line));
      const asked = [
        'SIP/2.0 401 Unauthorized',
        ...lines,
        'WWW-Authenticate: Digest realm="x", nonce="y"',
        'Content-Length: 0',
        '',
        '',
      ];
      socket.send(asked.join('\r\n'), source.port, source.address);
    });
    const made = phone.softphone.call(`sip:x@127.0.0.1:${port}`);
    await phone.call('the end', ({ id, state }) => made.ok && id === made.callId && state === 'ended');
    expect(heard.some((message) => /^Authorization/im.test(message))).toBe(false);
  });
});

describe('an account that listens by IPv6 too', () => {
  const sixOf = (phone: NodePhone): Promise<string> =>
    until('it to listen by IPv6', () => {
      const { registration } = phone.accounts[0] ?? {};
      return registration?.state === 'listening' ? registration.alsoAt : undefined;
    });
  const own = (message: string | undefined, name: string) =>
    new RegExp(`^${name}: .*$`, 'im').exec(message ?? '')?.[0] ?? '';

  it('does so on the same port, and calls and is called by both at once', async () => {
    const anna = await listening(direct('anna'));
    const ben = await listening(direct('ben', 0, always));
    const six = await sixOf(ben.phone);
    expect(six).toBe(ben.address.replace('127.0.0.1', '[::1]'));

    const by6 = await anna.phone.talkTo(`sip:ben@${six}`);
    const invite = ben.phone.heard.find((message) => message.startsWith('INVITE'));
    const port = /\d+$/.exec(anna.address)?.[0];
    expect(own(invite, 'Via')).toContain(` [::1]:${port};`);
    expect(own(invite, 'Contact')).toBe(`Contact: <sip:anna@[::1]:${port}>`);
    expect(own(invite, 'From')).toContain(`sip:anna@[::1]:${port}>`);
    expect(invite).toMatch(/^c=IN IP6 ::1\r$/m);
    const answer = anna.phone.heard.find((message) => message.startsWith('SIP/2.0 200'));
    expect(own(answer, 'Contact')).toContain('@[::1]:');
    expect(answer).toMatch(/^c=IN IP6 ::1\r$/m);

    const made = anna.phone.softphone.call(`sip:ben@${ben.address}`);
    const there = await ben.phone.call('the second call', ({ state }) => state === 'incoming');
    ben.phone.softphone.answer(there.id);
    const by4 = await anna.phone.call(
      'the answer',
      ({ id, state }) => made.ok && id === made.callId && state === 'active',
    );
    const second = ben.phone.heard.filter(
      (message) => message.startsWith('INVITE') && !/^To:.*;tag=/m.test(message),
    )[1];
    expect(own(second, 'Contact')).toContain('@127.0.0.1:');
    expect(second).toMatch(/^c=IN IP4 127\.0\.0\.1\r$/m);
    // The first one was held for it, in its own dialog.
    await ben.phone.call('to be held', ({ id, heldByPeer }) => id !== there.id && heldByPeer);
    anna.phone.softphone.hangUp(by6.id);
    ben.phone.softphone.hangUp(there.id);
    await Promise.all([anna.phone.ended(by6.id), anna.phone.ended(by4.id)]);
    await until('ben to be free', () => ben.phone.calls.every(({ state }) => state === 'ended'));
  });

  it('hears sound over it, both ways', async () => {
    const [here, there]: [WindowEnd[], WindowEnd[]] = [[], []];
    const phoneWith = (account: Account, windows: WindowEnd[]): NodePhone => {
      const phone = new NodePhone([account], {}, soundingWindow(windows), undefined, undefined, true);
      open.push(phone);
      return phone;
    };
    const anna = phoneWith(direct('anna'), here);
    const ben = phoneWith(direct('ben', 0, always), there);
    await anna.talkTo(`sip:ben@${await sixOf(ben)}`);
    await until('sound both ways', () => [...here, ...there].every(({ received }) => received.length > 25));
    expect(here.length + there.length).toBe(2);
  });

  it('does without where it is taken, and says so when such an address is called', async () => {
    const port = await freePort();
    const taken = createServer().listen(port, '::1');
    await once(taken, 'listening');
    open.push({ close: () => taken.close() });
    const { phone } = await listening(direct('anna', port));
    expect(phone.accounts[0]?.registration).not.toHaveProperty('alsoAt');
    const made = phone.softphone.call('sip:ben@[::1]:5999');
    const { notice } = await phone.ended(made.ok ? made.callId : '');
    expect(notice).toMatch(/\.$/);
  });

  describe('calls and writes to names', () => {
    const portOf = (address: string): number => Number(/\d+$/.exec(address)?.[0]);

    /** Anna, for whom `ben.example` has these addresses, and Ben. */
    async function twoPhones(
      ...addresses: string[]
    ): Promise<{ anna: NodePhone; ben: NodePhone; resolved: () => void }> {
      const { phone: ben, address } = await listening(direct('ben', 0, always));
      let resolved = (): void => {};
      const asked = new Promise<void>((resolve) => {
        resolved = resolve;
      });
      const found: Resolve = async (uri) => {
        const numeric = numericHop(uri);
        if (numeric !== undefined) return [numeric];
        await asked;
        return addresses.map((host) => ({ transport: 'UDP', host, port: portOf(address) }));
      };
      const anna = new NodePhone([direct('anna')], {}, undefined, found);
      open.push(anna);
      await Promise.all([sixOf(anna), sixOf(ben)]);
      return { anna, ben, resolved };
    }

    it.each([
      ['by IPv6 where they have nothing else', ['::1'], '[::1]'],
      ['by IPv4 where they have both', ['::1', '127.0.0.1'], '127.0.0.1'],
    ])('%s', async (_how, addresses, ours) => {
      const { anna, ben, resolved } = await twoPhones(...addresses);
      resolved();
      const call = await anna.talkTo('sip:ben@ben.example');
      const invite = ben.heard.find((message) => message.startsWith('INVITE'));
      for (const name of ['Via', 'Contact', 'From']) expect(own(invite, name)).toContain(ours);
      expect(invite).toMatch(ours === '[::1]' ? /^c=IN IP6 ::1\r$/m : /^c=IN IP4 127\.0\.0\.1\r$/m);
      anna.softphone.hangUp(call.id);
      await anna.ended(call.id);
      anna.softphone.sendMessage('m1', 'sip:ben@ben.example', 'Hello.');
      await until('the message', () => ben.messages.some(({ text }) => text === 'Hello.'));
      const message = ben.heard.find((one) => one.startsWith('MESSAGE'));
      for (const name of ['Via', 'From']) expect(own(message, name)).toContain(ours);
      await until('word of its delivery', () =>
        anna.fates.some(({ id, state }) => id === 'm1' && state === 'delivered'),
      );
    });

    it('and does not call where the person hung up before they were found', async () => {
      const { anna, ben, resolved } = await twoPhones('::1');
      const made = anna.softphone.call('sip:ben@ben.example');
      if (!made.ok) throw new Error(made.reason);
      await anna.call('it', ({ state }) => state === 'calling');
      anna.softphone.hangUp(made.callId);
      await anna.ended(made.callId);
      resolved();
      const second = await anna.talkTo('sip:ben@ben.example');
      expect(ben.heard.filter((message) => message.startsWith('INVITE'))).toHaveLength(1);
      anna.softphone.hangUp(second.id);
    });
  });

  it('writes to an IPv6 address', async () => {
    const { phone: anna } = await listening(direct('anna'));
    const { phone: ben } = await listening(direct('ben'));
    anna.softphone.sendMessage('m1', `sip:ben@${await sixOf(ben)}`, 'Hello.');
    await until('the message', () => ben.messages.some(({ text }) => text === 'Hello.'));
    expect(ben.messages[0]?.peer).toBe(`anna@${await sixOf(anna)}`);
    await until('word of its delivery', () => anna.fates.some(({ state }) => state === 'delivered'));
  });
});
