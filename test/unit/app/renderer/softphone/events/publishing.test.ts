import { describe, expect, it } from 'vitest';
import type { SipMessage, SipRequest } from '../../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../../proxy-core/sip/message/names.ts';
import { account, settle, World } from '../phone-world.ts';
import { acceptChange, type Talk, talkTo } from '../talks.ts';

const quiet = { ...account, calls: { doNotDisturb: true } };

const accept = (world: World, publish: SipRequest, tag: string, expires = 600): void =>
  world.reply(publish, 200, {
    toTag: 'x',
    headers: [
      [H.SipEtag, tag],
      [H.Expires, String(expires)],
    ],
  });

describe('do not disturb', () => {
  it('is published when it begins, refreshed, and taken back', async () => {
    const world = await World.registered({ expires: 3_600 });
    await world.nothing();
    world.softphone.setAccounts([quiet]);
    const first = await world.request('PUBLISH');
    expect([first.uriText, first.header(H.Event), first.header(H.Expires), first.header(H.SipIfMatch)]).toEqual([
      'sip:1001@127.0.0.1:5060',
      'presence',
      '600',
      undefined,
    ]);
    expect(first.header(H.ContentType)).toBe('application/pidf+xml');
    expect(first.body).toContain('<rpid:busy/>');
    expect(first.body).toContain('entity="sip:1001@127.0.0.1:5060"');
    accept(world, first, 'one', 100);
    await settle();
    const sent = await world.pass(95_000);
    const refresh = sent.find((message) => message.kind === 'request' && message.method === 'PUBLISH') as SipRequest;
    expect([refresh.header(H.SipIfMatch), refresh.body, refresh.cseq]).toEqual(['one', '', first.cseq + 1]);
    accept(world, refresh, 'two');
    await settle();
    world.softphone.setAccounts([account]);
    const end = await world.request('PUBLISH');
    expect([end.header(H.SipIfMatch), end.header(H.Expires), end.body]).toEqual(['two', '0', '']);
    accept(world, end, 'two', 0);
    await settle();
    const later = await world.pass(900_000);
    expect(later.filter((message) => message.kind === 'request' && message.method === 'PUBLISH')).toEqual([]);
  });

  it('is told anew where the server has forgotten it (412)', async () => {
    const world = await World.registered({ accounts: [quiet], expires: 3_600 });
    accept(world, await world.request('PUBLISH'), 'one', 60);
    const [refresh] = (await world.pass(55_000)) as SipRequest[];
    if (refresh === undefined) throw new Error('no refresh');
    world.reply(refresh, 412, {});
    const again = await world.request('PUBLISH');
    expect(again.header(H.SipIfMatch)).toBeUndefined();
    expect(again.body).toContain('busy');
  });

  it('that changes while a request is on its way is told after it', async () => {
    const world = await World.registered({ accounts: [quiet] });
    const first = await world.request('PUBLISH');
    world.softphone.setAccounts([account]);
    await world.nothing();
    accept(world, first, 'one');
    const end = await world.request('PUBLISH');
    expect([end.header(H.SipIfMatch), end.header(H.Expires)]).toEqual(['one', '0']);
  });

  it.each([489, 405, 501, 403])('is kept to oneself where the server does not take it (%s)', async (status) => {
    const world = await World.registered({ accounts: [quiet], expires: 3_600 });
    world.reply(await world.request('PUBLISH'), status, { toTag: 'x' });
    expect(await world.pass(900_000)).toEqual([]);
  });

  it('is told for as long as the server wants (423), and later where it cannot now (503)', async () => {
    const world = await World.registered({ accounts: [quiet], expires: 3_600 });
    world.reply(await world.request('PUBLISH'), 423, { headers: [[H.MinExpires, '900']] });
    const longer = await world.request('PUBLISH');
    expect(longer.header(H.Expires)).toBe('900');
    world.reply(longer, 503, { headers: [[H.RetryAfter, '30']] });
    expect(await world.pass(29_000)).toEqual([]);
    expect(new Set((await world.pass(1_500)).map(({ cseq }) => cseq)).size).toBe(1);
  });

  it('is published with the password', async () => {
    const world = await World.registered({ accounts: [quiet] });
    const first = await world.request('PUBLISH');
    world.reply(first, 407, { headers: [[H.ProxyAuthenticate, 'Digest realm="office", nonce="n", qop="auth"']] });
    const second = await world.request('PUBLISH');
    expect(second.header(H.ProxyAuthorization)).toContain('nonce="n"');
    expect(second.body).toBe(first.body);
  });
});

describe('that one is on the phone', () => {
  const activities = ({ body }: SipRequest): string[] =>
    [...body.matchAll(/<rpid:([\w-]+)\/>/g)].map(([, one = '']) => one);
  const hangUp = async (world: World, { id }: Talk): Promise<void> => {
    world.softphone.hangUp(id);
    world.reply(await world.request('BYE'), 200);
    await settle();
  };

  it('is published from the answer to the end, with nobody named, and taken back', async () => {
    const world = await World.registered({ calls: { publish: 'calls' } });
    const talk = await talkTo(world, '1002');
    const first = await world.request('PUBLISH');
    expect(activities(first)).toEqual(['on-the-phone']);
    expect(first.body).not.toContain('1002');
    accept(world, first, 'one');
    await settle();
    await hangUp(world, talk);
    expect((await world.request('PUBLISH')).header(H.Expires)).toBe('0');
  });

  it('changes what is said otherwise, and goes with the last of several calls', async () => {
    const world = await World.registered({ calls: { publish: 'always' } });
    accept(world, await world.request('PUBLISH'), 'one');
    await settle();
    const talk = await talkTo(world, '1002');
    const talking = await world.request('PUBLISH');
    expect([talking.header(H.SipIfMatch), activities(talking)]).toEqual(['one', ['on-the-phone']]);
    accept(world, talking, 'two');
    await settle();
    const other = await talkTo(world, '1003');
    await acceptChange(world, talk, 'recvonly');
    world.softphone.setAccounts([{ ...account, calls: { publish: 'always', doNotDisturb: true } }]);
    const quiet = await world.request('PUBLISH');
    expect([activities(quiet), quiet.body.includes('<note>Do not disturb</note>')]).toEqual([
      ['on-the-phone', 'busy'],
      true,
    ]);
    accept(world, quiet, 'three');
    await settle();
    await hangUp(world, other);
    await world.nothing();
    await hangUp(world, talk);
    const after = await world.request('PUBLISH');
    expect([after.header(H.SipIfMatch), activities(after)]).toEqual(['three', ['busy']]);
  });

  it('is told to nobody where the person does not want it, nor while it only rings', async () => {
    for (const publish of ['never', 'busy'] as const) {
      const world = await World.registered({ calls: { publish } });
      await talkTo(world);
      await world.nothing();
    }
    const ringing = await World.registered({ calls: { publish: 'calls' } });
    ringing.softphone.call('1002');
    ringing.answer(await ringing.request('INVITE'), 180, 'bob');
    await ringing.nothing();
  });
});

describe('the account may', () => {
  it('say nothing at all', async () => {
    const world = await World.registered({ calls: { doNotDisturb: true, publish: 'never' } });
    await world.nothing();
  });

  it('say always that it is there, and takes that back when it goes', async () => {
    const world = await World.registered({ calls: { publish: 'always' } });
    const first = await world.request('PUBLISH');
    expect(first.body).toContain('<basic>open</basic>');
    expect(first.body).not.toContain('busy');
    accept(world, first, 'one');
    await settle();
    world.softphone.setAccounts([]);
    expect((await world.request('PUBLISH')).header(H.Expires)).toBe('0');
  });
});

describe('at an exchange of Tandem', () => {
  const messagesIn = (sent: readonly SipMessage[]) =>
    sent.filter((one) => one.kind === 'request' && one.method === 'MESSAGE');
  const registeredAt = async (server: string, accounts = [account]): Promise<World> => {
    const world = new World({ accounts });
    const register = await world.request('REGISTER');
    const contact = `${register.header(H.Contact)};expires=3600`;
    world.reply(register, 200, {
      headers: [
        [H.Contact, contact],
        [H.Server, server],
      ],
    });
    await settle();
    return world;
  };

  it('do not disturb is kept there for all devices, and taken back', async () => {
    const world = await registeredAt('Tandem 0.1.0');
    expect(messagesIn(await world.pass(1_000))).toEqual([]);
    world.softphone.setAccounts([quiet]);
    const on = await world.nextRequest('MESSAGE');
    expect(on.uriText).toBe('sip:*78@127.0.0.1:5060');
    world.softphone.setAccounts([account]);
    await world.pass(100);
    world.reply(on, 200, { toTag: 'x' });
    const off = await world.nextRequest('MESSAGE');
    expect(off.uriText).toBe('sip:*79@127.0.0.1:5060');
    world.reply(off, 403, { toTag: 'x' });
    await settle();
    expect(messagesIn(await world.pass(1_000))).toEqual([]);
  });

  it('one that ended while there was no connection is taken back with the next registration', async () => {
    const world = new World({ accounts: [quiet] });
    const register = await world.request('REGISTER');
    world.softphone.setAccounts([account]);
    const contact = `${register.header(H.Contact)};expires=3600`;
    world.reply(register, 200, {
      headers: [
        [H.Contact, contact],
        [H.Server, 'Tandem'],
      ],
    });
    expect((await world.nextRequest('MESSAGE')).uriText).toBe('sip:*79@127.0.0.1:5060');
  });

  it('no other server is asked', async () => {
    const world = await registeredAt('kamailio (5.6.3)');
    world.softphone.setAccounts([quiet]);
    await world.nextRequest('PUBLISH');
    await world.nothing();
  });
});
