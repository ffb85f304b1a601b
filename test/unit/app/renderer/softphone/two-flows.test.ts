/** An account with two ways to its server: Outbound (RFC 5626), GRUU (RFC 5627) and what a person decides. */
import { describe, expect, it } from 'vitest';
import { stepRegistration } from '../../../../../app/renderer/softphone/registration/machine.ts';
import type { Registration } from '../../../../../app/renderer/softphone/registration/types.ts';
import type { CertificateProblem } from '../../../../../app/shared/connection-settings.ts';
import { buildResponse, type HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { account, sdp, settle, World } from './phone-world.ts';
import { callOf, talkTo } from './talks.ts';

const PUBLIC = 'sip:1001@office.example;gr=urn:uuid:1';
const TEMPORARY = 'sip:tgruu.x@office.example;gr';

/** Takes a REGISTER as a registrar with Outbound does. */
async function accept(world: World, register: SipRequest, more = '', headers: readonly HeaderLine[] = []) {
  const contact = `${register.headers.lines(H.Contact).at(-1)}${more};expires=60`;
  world.reply(register, 200, { headers: [[H.Contact, contact], [H.Require, 'outbound'], ...headers] });
  await settle();
}

const proxies = { ...account, outboundProxy: '127.0.0.2;transport=tcp, sip:127.0.0.3' };

async function withBoth(): Promise<World> {
  const world = new World({ twoWays: true, accounts: [proxies] });
  await accept(world, await world.request('REGISTER'));
  await accept(world, await world.request('REGISTER'));
  return world;
}

describe('two flows', () => {
  it('are registered one after the other, each by its own proxy, for one instance', async () => {
    const world = new World({ twoWays: true, accounts: [proxies] });
    const first = await world.request('REGISTER');
    await world.nothing();
    await accept(world, first);
    const second = await world.request('REGISTER');
    const instance = /urn:uuid:[0-9a-f-]+/.exec(first.header(H.Contact) ?? '')?.[0];
    expect([first.header(H.Contact), second.header(H.Contact)]).toEqual([
      expect.stringContaining(`<${instance}>";reg-id=1`),
      expect.stringContaining(`<${instance}>";reg-id=2`),
    ]);
    expect(first.header(H.Supported)).toBe('path, outbound, gruu');
    expect([first, second].map((one) => one.list(H.Route))).toEqual([
      ['<sip:127.0.0.2;transport=tcp;lr>'],
      ['<sip:127.0.0.3;lr>'],
    ]);
    await accept(world, second);
    expect(world.accounts[0]?.connectedBy).toHaveLength(2);
  });

  it('keep a call whose own one is gone: it is described anew by the other at once', async () => {
    const world = await withBoth();
    const talk = await talkTo(world);
    world.closeFlow('The server closed the connection.');
    const change = await world.nextRequest('INVITE', talk.dialog.callId);
    expect(callOf(world, talk.id)).toMatchObject({ state: 'active', reconnecting: world.clock.now() });
    const body = { type: 'application/sdp', content: sdp('changed') };
    world.receive(buildResponse(change, 200, { toTag: 'tag-1002', body }).wire, 2);
    await world.nextRequest('ACK', talk.dialog.callId);
    await settle();
    expect(callOf(world, talk.id)).toMatchObject({ state: 'active' });
    expect(callOf(world, talk.id).reconnecting).toBeUndefined();
  });

  it('leave a call alone that goes by the one that is left', async () => {
    const world = await withBoth();
    const talk = await talkTo(world);
    world.closeFlow('The server closed the connection.', 2);
    await settle();
    expect(callOf(world, talk.id).reconnecting).toBeUndefined();
  });

  it('are one where the registrar has no Outbound', async () => {
    const world = new World({ twoWays: true });
    await world.acceptRegistration();
    await world.nothing();
    expect(world.accounts[0]?.connectedBy).toHaveLength(1);
  });

  it('carry calls by the one that is left, and the other is made again at once', async () => {
    const world = await withBoth();
    world.clock.advance(10_000);
    world.closeFlow('The server closed the connection.');
    expect(world.registration?.state).toBe('registered');
    const again = await world.request('REGISTER');
    expect(again.header(H.Contact)).toContain('reg-id=1');
    world.softphone.call('1002');
    expect((await world.request('INVITE')).list(H.Route)).toEqual(['<sip:127.0.0.3;lr>']);
  });

  it('take off both registrations at the end', async () => {
    const world = await withBoth();
    world.softphone.setAccounts([]);
    const off = [await world.request('REGISTER'), await world.request('REGISTER')];
    expect(off.map((one) => one.header(H.Expires))).toEqual(['0', '0']);
    for (const one of off) world.reply(one, 200);
    await settle();
    expect(world.clock.waiting).toBe(0);
  });

  it('wait long for the second while the first works, and never long for the only one (§4.5)', () => {
    const at = (failures: number): Registration => ({
      ...{ state: 'registering', ask: 60, failures, boundUntil: undefined, moves: 0 },
      ...{ since: undefined, trouble: undefined },
    });
    const pause = (failures: number, chance: number, beside: boolean) =>
      stepRegistration(at(failures), { type: 'unreachable', reason: 'No.' }, 0, chance, '1001', beside).effects[0];
    expect([0, 1, 2, 9].map((failures) => pause(failures, 1, true))).toEqual(
      [90_000, 180_000, 360_000, 1_800_000].map((ms) => ({ do: 'timer', ms })),
    );
    expect(pause(0, 0, true)).toEqual({ do: 'timer', ms: 45_000 });
    expect(pause(9, 1, false)).toEqual({ do: 'timer', ms: 30_000 });
  });

  it('are given up where a proxy on the way has no Outbound (439)', async () => {
    const world = new World({ twoWays: true });
    world.reply(await world.request('REGISTER'), 439);
    const plain = await world.request('REGISTER');
    expect([plain.header(H.Contact), plain.header(H.Supported)]).toEqual([
      expect.not.stringContaining('reg-id'),
      'path, gruu',
    ]);
  });
});

describe('a connection that ended', () => {
  it('is made again at once where it had held, and after a pause where it had not', async () => {
    const world = await World.registered({ transport: 'TCP' });
    world.clock.advance(10_000);
    world.closeFlow('The server closed the connection.');
    await settle();
    expect(world.registration).toMatchObject({ state: 'failed', reason: 'The server closed the connection.' });
    await world.acceptRegistration();
    expect([world.opens, world.registration?.state]).toEqual([2, 'registered']);
    world.closeFlow('The server closed the connection.');
    await world.nothing();
    world.clock.advance(1_300);
    await world.acceptRegistration();
  });
});

describe('the name of this phone', () => {
  const names = `;pub-gruu="${PUBLIC}";temp-gruu="${TEMPORARY}"`;

  it('stands in Contact of calls, and the one that tells nothing where the caller is hidden', async () => {
    const world = new World();
    await accept(world, await world.request('REGISTER'), names);
    world.softphone.call('1002');
    expect((await world.request('INVITE')).header(H.Contact)).toBe(`<${PUBLIC}>`);
    world.softphone.call('1003', { anonymous: true });
    expect((await world.nextRequest('INVITE')).header(H.Contact)).toBe(`<${TEMPORARY}>`);
  });

  it('is not used of a registrar that has no Outbound: its proxies may not know what they gave', async () => {
    const world = new World();
    const register = await world.request('REGISTER');
    world.reply(register, 200, { headers: [[H.Contact, `${register.header(H.Contact)}${names};expires=60`]] });
    await settle();
    world.softphone.call('1002');
    expect((await world.request('INVITE')).header(H.Contact)).toBe('<sip:1001@127.0.0.1:6000>');
  });

  it('answers calls that came by a server, not those that came straight', async () => {
    const world = new World();
    await accept(world, await world.request('REGISTER'), names);
    world.invite(sdp('a'), [[H.RecordRoute, '<sip:127.0.0.1:5060;lr>']]);
    expect((await world.nextResponse(180)).header(H.Contact)).toBe(`<${PUBLIC}>`);
    world.softphone.hangUp(world.call.id);
    await world.pass(100);
    world.invite(sdp('b'));
    expect((await world.nextResponse(180)).header(H.Contact)).toBe('<sip:1001@127.0.0.1:6000;ob>');
  });

  it.each(['tel:+1', 'sip:1001@office.example', `sip:${'x'.repeat(2_000)}@x;gr=1`, 'sip:x@y;gr=1>, <sip:z'])(
    'is not taken from %j',
    async (name) => {
      const world = new World();
      await accept(world, await world.request('REGISTER'), `;pub-gruu="${name}"`);
      world.softphone.call('1002');
      expect((await world.request('INVITE')).header(H.Contact)).toBe('<sip:1001@127.0.0.1:6000;ob>');
    },
  );
});

describe('the way of requests', () => {
  it('is that of the proxy for registrations alone where the person wants it so', async () => {
    const world = new World({ accounts: [{ ...proxies, settings: { proxyUse: 'registration' } }] });
    const register = await world.request('REGISTER');
    expect(register.list(H.Route)).toEqual(['<sip:127.0.0.2;transport=tcp;lr>']);
    world.reply(register, 200, { headers: [[H.Expires, '60']] });
    await settle();
    world.softphone.call('1002');
    expect((await world.request('INVITE')).list(H.Route)).toEqual([]);
  });
});

it('tells of a server for sound that cannot be used, until it can', async () => {
  const world = await World.registered();
  world.trouble('The STUN server stun.example cannot be found.');
  await settle();
  expect(world.accounts[0]?.soundTrouble).toBe('The STUN server stun.example cannot be found.');
  world.trouble('');
  await settle();
  expect(world.accounts[0]?.soundTrouble).toBe('');
});

describe('a server that is not believed', () => {
  const certificate: CertificateProblem = {
    ...{ why: 'unknown', names: '127.0.0.1', issuer: 'itself', from: 0, fingerprint: 'AA' },
    offered: { server: '127.0.0.1', fingerprint: 'AA', name: 'it', until: 1, authority: '' },
  };

  it('is not asked again until the person has decided', async () => {
    const world = new World();
    world.openFails = { reason: 'Nobody vouches for it.', certificate };
    await world.request('REGISTER').catch(() => {});
    world.softphone.networkChanged();
    await settle();
    expect(world.accounts[0]).toMatchObject({ certificate, registration: { state: 'failed', certificate } });
    const opens = world.opens;
    await world.pass(600_000);
    expect(world.opens).toBe(opens);
    world.openFails = undefined;
    world.softphone.setAccounts([{ ...account, trusted: [certificate.offered] }]);
    await world.acceptRegistration();
    expect(world.accounts[0]?.certificate).toBeUndefined();
  });
});
