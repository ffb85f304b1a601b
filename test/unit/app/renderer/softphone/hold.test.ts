import { describe, expect, it } from 'vitest';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { isResponse, sdp, settle, World } from './phone-world.ts';
import { acceptChange, answeredFrom, callOf, directionIn, type Talk, talkTo } from './talks.ts';

async function talking(options: ConstructorParameters<typeof World>[0] = {}): Promise<{ world: World; talk: Talk }> {
  const world = await World.registered(options);
  return { world, talk: await talkTo(world) };
}

describe('hold from here', () => {
  it('tells the other side, plays music, and takes the call up again', async () => {
    const { world, talk } = await talking();
    world.softphone.hold(talk.id);
    // Nobody is heard from the press on, whatever the other side says to it.
    expect(world.media.at(-1)).toBe('page holds with music');
    expect(directionIn(await acceptChange(world, talk, 'recvonly'))).toBe('sendonly');
    expect(callOf(world, talk.id)).toMatchObject({ held: true, heldByPeer: false, state: 'active' });
    world.softphone.resume(talk.id);
    expect(directionIn(await acceptChange(world, talk, 'sendrecv'))).toBe('sendrecv');
    expect(callOf(world, talk.id)).toMatchObject({ held: false });
    expect(world.media).toContain('page resumes');
    await world.nothing();
  });

  it('plays silence where the account says so', async () => {
    const { world, talk } = await talking({ calls: { holdSound: 'silence' } });
    world.softphone.hold(talk.id);
    expect(world.media.at(-1)).toBe('page holds with silence');
    await acceptChange(world, talk, 'recvonly');
  });

  it('stops the sound both ways where both hold, and each takes up its own', async () => {
    const { world, talk } = await talking();
    const theirs = world.inDialog('INVITE', talk.dialog, { body: sdp('hold', 'sendonly') });
    expect(directionIn(await world.response(200))).toBe('recvonly');
    world.inDialog('ACK', { ...talk.dialog, cseq: theirs.cseq });
    world.softphone.hold(talk.id);
    expect(directionIn(await acceptChange(world, talk, 'inactive'))).toBe('inactive');
    expect(callOf(world, talk.id)).toMatchObject({ held: true, heldByPeer: true });
    const resume = world.inDialog('INVITE', talk.dialog, { body: sdp('resume', 'sendrecv') });
    // We hold still: the answer takes nothing.
    expect(directionIn(await world.response(200))).toBe('sendonly');
    world.inDialog('ACK', { ...talk.dialog, cseq: resume.cseq });
    await settle();
    expect(callOf(world, talk.id)).toMatchObject({ held: true, heldByPeer: false });
  });

  it.each([
    ['an old peer', sdp('old').replace('c=IN IP4 127.0.0.1', 'c=IN IP4 0.0.0.0')],
    ['a peer that wants no sound at all', sdp('none', 'inactive')],
    ['a peer that sends only', sdp('only', 'sendonly')],
  ])('is understood from %s', async (_who, body) => {
    const { world, talk } = await talking();
    world.inDialog('INVITE', talk.dialog, { body });
    await world.response(200);
    await settle();
    expect(callOf(world, talk.id).heldByPeer).toBe(true);
  });

  it('that is refused holds here all the same, says so, and is not tried again by itself', async () => {
    const { world, talk } = await talking();
    world.softphone.hold(talk.id);
    world.reply(await world.request('INVITE'), 488);
    await world.request('ACK');
    await settle();
    expect(callOf(world, talk.id)).toMatchObject({
      held: true,
      notice: 'The other side refused a change of the call (488).',
    });
    expect(await world.pass(30_000)).toEqual([]);
    world.softphone.resume(talk.id);
    await acceptChange(world, talk, 'sendrecv');
    expect(callOf(world, talk.id).notice).toBeUndefined();
  });

  it('that nobody answers leaves the call as it is', async () => {
    const { world, talk } = await talking();
    world.softphone.hold(talk.id);
    await world.pass(33_000);
    expect(callOf(world, talk.id)).toMatchObject({ held: true, state: 'active' });
    expect(callOf(world, talk.id).notice).toContain('did not answer to a change');
  });

  it('ends a call that the other side no longer knows', async () => {
    const { world, talk } = await talking();
    world.softphone.hold(talk.id);
    world.reply(await world.request('INVITE'), 481);
    await world.request('ACK');
    await world.nothing();
    expect(callOf(world, talk.id)).toMatchObject({
      state: 'ended',
      notice: 'The other side no longer knew this call.',
    });
  });
});

describe('presses and answers in every order', () => {
  it('hold and resume before the first was answered end as the last press', async () => {
    const { world, talk } = await talking();
    world.softphone.hold(talk.id);
    const first = await world.request('INVITE');
    world.softphone.resume(talk.id);
    world.softphone.hold(talk.id);
    world.softphone.resume(talk.id);
    await world.nothing();
    world.reply(first, 200, { body: { type: 'application/sdp', content: sdp('held', 'recvonly') } });
    await world.request('ACK');
    expect(directionIn(await acceptChange(world, talk, 'sendrecv'))).toBe('sendrecv');
    await world.nothing();
  });

  it('hold and resume before anything went out send one change at most', async () => {
    const { world, talk } = await talking();
    world.softphone.hold(talk.id);
    world.softphone.resume(talk.id);
    const sent = await world.pass(100);
    expect(sent.filter((message) => !isResponse(message)).length).toBeLessThanOrEqual(1);
    expect(callOf(world, talk.id).held).toBe(false);
  });

  it('hold pressed before the ACK of the answer waits for it', async () => {
    const world = await World.registered();
    const invite = world.invite(sdp('theirs'));
    await world.nextResponse(180);
    await settle();
    world.softphone.answer(world.call.id);
    const ok = await world.nextResponse(200);
    world.softphone.hold(world.call.id);
    await world.nothing();
    world.inDialog('ACK', {
      callId: invite.callId,
      local: `<sip:1001@127.0.0.1>;tag=${ok.to.tag}`,
      remote: '<sip:1002@127.0.0.1>;tag=bob',
      cseq: invite.cseq,
    });
    expect(directionIn(await world.request('INVITE'))).toBe('sendonly');
  });

  it('both begin at once: each refuses the other, the one that made the call waits longer, and tries again (§14.1)', async () => {
    const { world, talk } = await talking();
    world.softphone.hold(talk.id);
    const ours = await world.request('INVITE');
    world.inDialog('INVITE', talk.dialog, { body: sdp('theirs-too') });
    await world.response(491);
    world.reply(ours, 491);
    await world.request('ACK');
    const requests = (sent: Awaited<ReturnType<World['pass']>>) => sent.filter((message) => !isResponse(message));
    expect(requests(await world.pass(2_000))).toEqual([]);
    const [again] = requests(await world.pass(2_100));
    expect(again?.kind === 'request' && [again.method, directionIn(again)]).toEqual(['INVITE', 'sendonly']);
  });

  it('the side that was called waits for less than two seconds', async () => {
    const world = await World.registered();
    const talk = await answeredFrom(world);
    world.softphone.hold(talk.id);
    world.reply(await world.request('INVITE'), 491);
    await world.request('ACK');
    const [again] = await world.pass(2_000);
    expect(again?.kind === 'request' && again.method).toBe('INVITE');
  });

  it('while it waits, the change of the other side is taken', async () => {
    const { world, talk } = await talking();
    world.softphone.hold(talk.id);
    world.reply(await world.request('INVITE'), 491);
    await world.request('ACK');
    const theirs = world.inDialog('INVITE', talk.dialog, { body: sdp('theirs') });
    // The answer says already that the call is on hold.
    expect(directionIn(await world.response(200))).toBe('sendonly');
    world.inDialog('ACK', { ...talk.dialog, cseq: theirs.cseq });
    await settle();
    expect(callOf(world, talk.id).held).toBe(true);
  });

  it('a peer that puts it off for ever is not asked for ever', async () => {
    const { world, talk } = await talking();
    world.softphone.hold(talk.id);
    let asked = 0;
    for (let reinvite = await world.request('INVITE'); asked < 20; asked++) {
      world.reply(reinvite, 491);
      await world.request('ACK');
      const [next] = await world.pass(4_100);
      if (next?.kind !== 'request') break;
      reinvite = next;
    }
    expect(asked).toBe(6);
    expect(callOf(world, talk.id)).toMatchObject({ state: 'active', held: true });
  });

  it('a peer that fails at it is asked twice more', async () => {
    const { world, talk } = await talking();
    world.softphone.hold(talk.id);
    for (let left = 2; left > 0; left--) {
      world.reply(await world.request('INVITE'), 500);
      await world.request('ACK');
      world.clock.advance(4_100);
    }
    await acceptChange(world, talk, 'recvonly');
    expect(callOf(world, talk.id)).toMatchObject({ held: true, state: 'active' });
    expect(callOf(world, talk.id).notice).toBeUndefined();
  });

  it('a call that ends while a change is under way owes its ACK, and nothing more', async () => {
    const { world, talk } = await talking();
    world.softphone.hold(talk.id);
    const reinvite = await world.request('INVITE');
    world.softphone.hangUp(talk.id);
    await world.request('BYE');
    world.reply(reinvite, 200, { body: { type: 'application/sdp', content: sdp('late') } });
    expect((await world.request('ACK')).cseq).toBe(reinvite.cseq);
    await world.nothing();
    expect(callOf(world, talk.id).state).toBe('ended');
  });

  it('a challenge to the change is answered with the next number', async () => {
    const { world, talk } = await talking();
    world.softphone.hold(talk.id);
    const first = await world.request('INVITE');
    world.reply(first, 407, { headers: [[H.ProxyAuthenticate, 'Digest realm="r", nonce="n", qop="auth"']] });
    await world.request('ACK');
    const second = await acceptChange(world, talk, 'recvonly');
    expect([second.cseq, second.header(H.ProxyAuthorization)]).toEqual([
      first.cseq + 1,
      expect.stringContaining('1001'),
    ]);
  });
});
