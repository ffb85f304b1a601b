import { describe, expect, it } from 'vitest';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { account, sdp, settle, World } from './phone-world.ts';
import { acceptChange, answeredFrom, callOf, directionIn, type Talk, talkTo } from './talks.ts';

/** Two answered calls, the first of them on hold. */
async function two(): Promise<{ world: World; first: Talk; second: Talk }> {
  const world = await World.registered();
  const first = await talkTo(world, '1002');
  const second = await talkTo(world, '1003');
  expect(directionIn(await acceptChange(world, first, 'recvonly'))).toBe('sendonly');
  return { world, first, second };
}

const heldIn = (world: World, ...talks: readonly Talk[]) => talks.map((talk) => callOf(world, talk.id).held);

describe('several calls at once', () => {
  it('one is heard: whoever is called or answered, the one before is held', async () => {
    const { world, first, second } = await two();
    expect(heldIn(world, first, second)).toEqual([true, false]);
    const third = await answeredFrom(world);
    await acceptChange(world, second, 'recvonly');
    expect(heldIn(world, first, second, third)).toEqual([true, true, false]);
    await world.nothing();
  });

  it('whoever is taken up again is heard, and nobody else', async () => {
    const { world, first, second } = await two();
    world.softphone.resume(first.id);
    expect(directionIn(await acceptChange(world, second, 'recvonly'))).toBe('sendonly');
    expect(directionIn(await acceptChange(world, first, 'sendrecv'))).toBe('sendrecv');
    expect(heldIn(world, first, second)).toEqual([false, true]);
  });

  it('who answers while somebody else is talked to waits', async () => {
    const world = await World.registered();
    const ringing = world.softphone.call('1002');
    const invite = await world.nextRequest('INVITE');
    world.answer(invite, 180, 'bob');
    const talk = await talkTo(world, '1003');
    world.answer(invite, 200, 'bob', sdp('late'), [[H.Allow, 'INVITE']]);
    await world.nextRequest('ACK', invite.callId);
    await settle();
    expect(directionIn(await world.nextRequest('INVITE', invite.callId))).toBe('sendonly');
    expect(callOf(world, ringing.ok ? ringing.callId : '').held).toBe(true);
    expect(callOf(world, talk.id).held).toBe(false);
  });

  it('no second caller rings where the account wants none, nor any at all while it wants to be left in peace', async () => {
    const world = await World.registered({ calls: { callWaiting: false } });
    await talkTo(world);
    world.invite();
    await world.nextResponse(486);
    const quiet = await World.registered({ calls: { doNotDisturb: true } });
    quiet.invite();
    await quiet.nextResponse(486);
    await settle();
    expect(quiet.call).toMatchObject({ state: 'ended', notice: 'Do not disturb was on.', direction: 'incoming' });
    await quiet.pass(33_000);
    expect(quiet.calls).toEqual([]);
  });

  it('a setting that changes holds for the next call, and the account stays registered', async () => {
    const world = await World.registered();
    world.softphone.setAccounts([{ ...account, calls: { doNotDisturb: true, publish: 'never' } }]);
    world.invite();
    await world.nextResponse(486);
    world.softphone.setAccounts([account]);
    world.invite();
    await world.nextResponse(180);
    await world.nothing();
    expect(world.registration?.state).toBe('registered');
  });

  it('there is room for twelve', async () => {
    const world = await World.registered();
    for (let i = 0; i < 12; i++) expect(world.softphone.call(`10${i}`)).toMatchObject({ ok: true });
    expect(world.softphone.call('1099')).toEqual({ ok: false, reason: 'There are too many calls at once.' });
    world.invite();
    await world.nextResponse(486);
  });
});

describe('a conference', () => {
  it('is of the two that are named, whoever else was talked to', async () => {
    const { world, first, second } = await two();
    const third = await talkTo(world, '1004');
    await acceptChange(world, second, 'recvonly');
    expect(world.softphone.join(first.id, second.id)).toEqual({ ok: true });
    await acceptChange(world, third, 'recvonly');
    await acceptChange(world, first, 'sendrecv');
    await acceptChange(world, second, 'sendrecv');
    expect(world.mixes).toEqual([[1], [0], []]);
    expect(heldIn(world, first, second, third)).toEqual([false, false, true]);
    expect(world.softphone.join(first.id, first.id)).toMatchObject({ ok: false });

    const fourth = await talkTo(world, '1005');
    expect(world.softphone.join(third.id, fourth.id)).toEqual({
      ok: false,
      reason: 'Others are in a conference already: these two can only join that.',
    });
    expect(world.softphone.join(first.id, third.id)).toEqual({ ok: true });
    expect(world.mixes).toEqual([[1, 2], [0, 2], [1, 0], []]);
  });

  it('lets all hear all, is left by one, and ends with the last but one', async () => {
    const { world, first, second } = await two();
    expect(world.softphone.join(first.id)).toEqual({ ok: true });
    expect(directionIn(await acceptChange(world, first, 'sendrecv'))).toBe('sendrecv');
    expect(world.mixes).toEqual([[1], [0]]);
    expect(callOf(world, first.id).inConference && callOf(world, second.id).inConference).toBe(true);
    expect(heldIn(world, first, second)).toEqual([false, false]);

    const third = await talkTo(world, '1004');
    // Those in it wait together.
    await acceptChange(world, first, 'recvonly');
    await acceptChange(world, second, 'recvonly');
    expect(heldIn(world, first, second, third)).toEqual([true, true, false]);
    expect(world.softphone.join(third.id)).toEqual({ ok: true });
    await acceptChange(world, first, 'sendrecv');
    await acceptChange(world, second, 'sendrecv');
    expect(world.mixes.map((others) => [...others].sort())).toEqual([
      [1, 2],
      [0, 2],
      [0, 1],
    ]);

    world.softphone.leave(second.id);
    await acceptChange(world, second, 'recvonly');
    expect(heldIn(world, first, second, third)).toEqual([false, true, false]);
    expect(world.mixes).toEqual([[2], [], [0]]);

    world.inDialog('BYE', third.dialog);
    await world.nextResponse(200);
    await settle();
    expect(world.mixes[0]).toEqual([]);
    expect(callOf(world, first.id)).toMatchObject({ inConference: false, state: 'active', held: false });
  });

  it('is held and taken up as one', async () => {
    const { world, first, second } = await two();
    world.softphone.join(first.id);
    await acceptChange(world, first, 'sendrecv');
    world.softphone.hold(second.id);
    await acceptChange(world, first, 'recvonly');
    await acceptChange(world, second, 'recvonly');
    expect(heldIn(world, first, second)).toEqual([true, true]);
    world.softphone.resume(first.id);
    await acceptChange(world, first, 'sendrecv');
    await acceptChange(world, second, 'sendrecv');
    expect(heldIn(world, first, second)).toEqual([false, false]);
  });

  it('has one microphone for all', async () => {
    const { world, first, second } = await two();
    world.softphone.join(first.id);
    await acceptChange(world, first, 'sendrecv');
    world.softphone.setMuted(second.id, true);
    await settle();
    expect([callOf(world, first.id).muted, callOf(world, second.id).muted]).toEqual([true, true]);
  });

  it('has room for eight others', async () => {
    const world = await World.registered();
    const talks: Talk[] = [];
    for (let i = 0; i < 9; i++) {
      const talk = await talkTo(world, `10${i}0`);
      talks.push(talk);
      if (i > 0 && i < 8) expect(world.softphone.join(talk.id)).toEqual({ ok: true });
      // What the others are told meanwhile is answered too.
      for (const sent of await world.pass(1_000)) {
        if (sent.kind === 'request' && sent.method === 'INVITE') {
          world.reply(sent, 200, { body: { type: 'application/sdp', content: sdp('yes') } });
        }
      }
    }
    expect(world.mixes[0]?.length).toBe(7);
    expect(world.softphone.join(talks[8]?.id ?? '')).toEqual({
      ok: false,
      reason: 'A conference has room for 8 others.',
    });
  });

  it('needs two answered calls', async () => {
    const world = await World.registered();
    const talk = await talkTo(world);
    expect(world.softphone.join(talk.id)).toMatchObject({ ok: false });
    const ringing = world.softphone.call('1003');
    expect(ringing.ok && world.softphone.join(ringing.callId)).toMatchObject({ ok: false });
    expect(world.softphone.join('nobody')).toMatchObject({ ok: false });
  });
});
