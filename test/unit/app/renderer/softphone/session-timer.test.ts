import { describe, expect, it } from 'vitest';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { isResponse, sdp, settle, World } from './phone-world.ts';
import { acceptChange, answeredFrom, callOf, type Talk, talkTo } from './talks.ts';

const ALLOW: HeaderLine = [H.Allow, 'INVITE, ACK, BYE, UPDATE'];
const NO_UPDATE: HeaderLine = [H.Allow, 'INVITE, ACK, BYE'];

async function timed(terms: string, allow = ALLOW): Promise<{ world: World; talk: Talk }> {
  const world = await World.registered({ expires: 7_200 });
  const talk = await talkTo(world, '1002', [[H.SessionExpires, terms], allow]);
  return { world, talk };
}

describe('the session timer of a call from here (RFC 4028)', () => {
  it('is asked for, and our sign of life is an UPDATE after half the time', async () => {
    const { world, talk } = await timed('100;refresher=uac');
    expect([talk.invite.header(H.SessionExpires), talk.invite.list(H.Supported)]).toEqual([
      '1800',
      expect.arrayContaining(['timer']),
    ]);
    expect(await world.pass(49_000)).toEqual([]);
    const [update] = await world.pass(2_000);
    if (update?.kind !== 'request') throw new Error('no request');
    expect([update.method, update.header(H.SessionExpires), update.body]).toEqual(['UPDATE', '100;refresher=uac', '']);
    world.reply(update, 200, { headers: [[H.SessionExpires, '100;refresher=uac'], ALLOW] });
    const [next] = await world.pass(51_000);
    expect(next?.kind === 'request' && next.method).toBe('UPDATE');
  });

  it('uses a re-INVITE where the other side takes no UPDATE', async () => {
    const { world, talk } = await timed('100;refresher=uac', NO_UPDATE);
    const [reinvite] = await world.pass(51_000);
    if (reinvite?.kind !== 'request') throw new Error('no request');
    expect([reinvite.method, reinvite.header(H.SessionExpires), reinvite.callId]).toEqual([
      'INVITE',
      '100;refresher=uac',
      talk.dialog.callId,
    ]);
    world.reply(reinvite, 200, {
      headers: [[H.SessionExpires, '100;refresher=uac']],
      body: { type: 'application/sdp', content: sdp('same') },
    });
    await world.request('ACK');
    await settle();
    expect(callOf(world, talk.id).state).toBe('active');
  });

  it('asks for more where the other side wants more, once more each time', async () => {
    const world = await World.registered({ calls: { sessionSeconds: 90 } });
    world.softphone.call('1002');
    const first = await world.request('INVITE');
    world.reply(first, 422, { toTag: 'x', headers: [[H.MinSe, '600']] });
    await world.request('ACK');
    const second = await world.request('INVITE');
    expect([second.cseq, second.header(H.SessionExpires), second.header(H.MinSe)]).toEqual([
      first.cseq + 1,
      '600',
      '600',
    ]);
    world.reply(second, 422, { toTag: 'x', headers: [[H.MinSe, '600']] });
    await world.request('ACK');
    await settle();
    // It asks for what it was given already: no circle.
    expect(world.call.state).toBe('ended');
  });

  it('ends a call of which nothing is heard any more', async () => {
    const { world, talk } = await timed('90;refresher=uas');
    expect(await world.pass(59_000)).toEqual([]);
    const sent = await world.pass(2_000);
    expect([...new Set(sent.map((message) => message.kind === 'request' && message.method))]).toEqual(['BYE']);
    expect(sent[0]?.header(H.Reason)).toContain('cause=408');
    expect(callOf(world, talk.id)).toMatchObject({
      state: 'ended',
      notice: 'The other side was not heard of for too long.',
    });
  });

  it('goes on as long as the other side gives signs of life', async () => {
    const { world, talk } = await timed('90;refresher=uas');
    for (let i = 0; i < 4; i++) {
      await world.pass(45_000);
      world.inDialog('UPDATE', talk.dialog, {
        headers: [
          [H.SessionExpires, '90;refresher=uac'],
          [H.Supported, 'timer'],
        ],
      });
      const ok = await world.nextResponse(200);
      expect([ok.header(H.SessionExpires), ok.list(H.Require)]).toEqual(['90;refresher=uac', ['timer']]);
    }
    expect(callOf(world, talk.id).state).toBe('active');
  });

  it('tries again until the time is over where the network is away, and only then gives up', async () => {
    const { world, talk } = await timed('120;refresher=uac');
    world.closeFlow('The network is away.');
    world.openFails = 'The network is away.';
    await world.pass(100_000);
    expect(callOf(world, talk.id).state).toBe('active');
    await world.pass(25_000);
    expect(callOf(world, talk.id).state).toBe('ended');
  });

  it('ends a call that the other side forgot', async () => {
    const { world, talk } = await timed('100;refresher=uac');
    const [update] = await world.pass(51_000);
    if (update?.kind !== 'request') throw new Error('no request');
    world.reply(update, 481);
    await world.nothing();
    expect(callOf(world, talk.id).state).toBe('ended');
  });

  it('asks for nothing where the account wants none, and answers what others ask', async () => {
    const world = await World.registered({ calls: { sessionSeconds: 0 } });
    world.softphone.call('1002');
    expect((await world.request('INVITE')).header(H.SessionExpires)).toBeUndefined();
  });

  it('is kept through a hold', async () => {
    const { world, talk } = await timed('100;refresher=uas');
    world.softphone.hold(talk.id);
    const hold = await acceptChange(world, talk, 'recvonly');
    expect(hold.header(H.SessionExpires)).toBe('100;refresher=uas');
  });
});

describe('the session timer of a call to here', () => {
  const answer = async (headers: readonly HeaderLine[]) => {
    const world = await World.registered();
    world.invite(sdp('theirs'), headers);
    await world.nextResponse(180);
    await settle();
    world.softphone.answer(world.call.id);
    return { world, ok: await world.nextResponse(200) };
  };

  it.each([
    ['the caller refreshes where it can', '300', 'timer', '300;refresher=uac', ['timer']],
    ['the caller says who refreshes', '300;refresher=uas', 'timer', '300;refresher=uas', []],
    ['a proxy asks for a caller who knows nothing of it', '300', '', '300;refresher=uas', []],
  ] as const)('%s', async (_what, asked, supported, given, required) => {
    const { ok } = await answer([
      [H.SessionExpires, asked],
      ...(supported === '' ? [] : ([[H.Supported, supported]] as const)),
    ]);
    expect([ok.header(H.SessionExpires), ok.list(H.Require)]).toEqual([given, [...required]]);
  });

  it('is not spoken of with a caller who knows nothing of it', async () => {
    const { ok } = await answer([]);
    expect(ok.header(H.SessionExpires)).toBeUndefined();
  });

  it('refuses what is too short, first or later', async () => {
    const world = await World.registered();
    const short: readonly HeaderLine[] = [
      [H.SessionExpires, '30'],
      [H.Supported, 'timer'],
    ];
    world.invite(sdp('x'), short);
    expect((await world.nextResponse(422)).header(H.MinSe)).toBe('90');
    const talk = await answeredFrom(world);
    world.inDialog('UPDATE', talk.dialog, { headers: short });
    await world.nextResponse(422);
    expect(callOf(world, talk.id).state).toBe('active');
  });

  it('is not upset by nonsense', async () => {
    for (const value of ['x', '-5', '99999999999999', '300;refresher=me', ';refresher=uac']) {
      const { world } = await answer([
        [H.SessionExpires, value],
        [H.Supported, 'timer'],
        [H.MinSe, 'x'],
      ]);
      expect(world.call.state).toBe('connecting');
      expect((await world.pass(1_000)).every(isResponse)).toBe(true);
    }
  });
});
