/** A broken call whose other side answers nothing within its dialog: it is called anew, and the call goes on (RFC 3891). */
import { describe, expect, it } from 'vitest';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { sdp, settle, World } from './phone-world.ts';
import { answeredFrom, callOf, type Talk, talkTo } from './talks.ts';

/** The computer has another address, and nobody answers to our change. Gives that, and the INVITE to go on by. */
async function broken(world: World, talk: Talk): Promise<{ reinvite: SipRequest; anew: SipRequest }> {
  world.localHost = '127.0.0.9';
  world.softphone.networkChanged();
  const register = await world.nextRequest('REGISTER');
  world.reply(register, 200, { headers: [[H.Contact, '<sip:1001@127.0.0.9:6000>;expires=60']] });
  const reinvite = await world.nextRequest('INVITE', talk.dialog.callId);
  for (let i = 0; i < 12; i++) {
    world.clock.advance(500);
    await settle();
  }
  return { reinvite, anew: await world.nextRequest('INVITE') };
}

const answer = async (world: World, invite: SipRequest): Promise<void> => {
  world.answer(invite, 200, 'anew', sdp('anew'));
  await world.nextRequest('ACK', invite.callId);
  await settle();
};
const shown = (world: World) => world.calls.map(({ id, state, reconnecting }) => ({ id, state, reconnecting }));

describe('a call from here', () => {
  it('goes on in the dialog that takes the place of the broken one, as the same call', async () => {
    const world = await World.registered();
    const talk = await talkTo(world);
    world.softphone.setMuted(talk.id, true);
    const { answeredAt, startedAt } = callOf(world, talk.id);
    const { anew } = await broken(world, talk);
    expect(anew.uriText).toBe('sip:1002@127.0.0.1:5060');
    expect(anew.header(H.Replaces)).toBe(`${talk.invite.callId};to-tag=tag-1002;from-tag=${talk.invite.from.tag}`);
    expect(anew.header(H.Require)).toBe('replaces');
    expect(shown(world)).toEqual([{ id: talk.id, state: 'active', reconnecting: expect.any(Number) }]);
    await answer(world, anew);
    expect(shown(world)).toEqual([{ id: talk.id, state: 'active', reconnecting: undefined }]);
    expect(callOf(world, talk.id)).toMatchObject({ answeredAt, startedAt, muted: true, direction: 'outgoing' });
    // Neither the end of the old dialog nor its time ends the call.
    world.inDialog('BYE', talk.dialog);
    await world.nextResponse(200);
    await world.pass(40_000);
    expect(shown(world)).toEqual([{ id: talk.id, state: 'active', reconnecting: undefined }]);
    world.softphone.hangUp(talk.id);
    const bye = await world.nextRequest('BYE', anew.callId);
    expect(bye.to.tag).toBe('anew');
    await settle();
    expect(shown(world)).toEqual([{ id: talk.id, state: 'ended', reconnecting: undefined }]);
  });

  it('stays in its own where that is answered after all: the other one is given up', async () => {
    const world = await World.registered();
    const talk = await talkTo(world);
    const { reinvite, anew } = await broken(world, talk);
    world.answer(anew, 180, 'anew');
    await settle();
    world.reply(reinvite, 200, { body: { type: 'application/sdp', content: sdp('changed') } });
    await world.nextRequest('ACK', talk.dialog.callId);
    await settle();
    expect((await world.nextRequest('CANCEL', anew.callId)).cseq).toBe(anew.cseq);
    expect(shown(world)).toEqual([{ id: talk.id, state: 'active', reconnecting: undefined }]);
  });

  it('ends with the person, and with its time, in both dialogs', async () => {
    const world = await World.registered();
    const talk = await talkTo(world);
    const { anew } = await broken(world, talk);
    world.answer(anew, 180, 'anew');
    await settle();
    world.softphone.hangUp(talk.id);
    await world.nextRequest('BYE', talk.dialog.callId);
    await world.nextRequest('CANCEL', anew.callId);
    expect(shown(world)).toEqual([{ id: talk.id, state: 'ended', reconnecting: undefined }]);
  });

  it('is over in time where the other side does not know it either', async () => {
    const world = await World.registered();
    const talk = await talkTo(world);
    const { anew } = await broken(world, talk);
    world.reply(anew, 481, { toTag: 'x' });
    await settle();
    expect(shown(world)).toEqual([{ id: talk.id, state: 'active', reconnecting: expect.any(Number) }]);
    const sent = await world.pass(30_000);
    expect(sent.filter((message) => message.kind === 'request' && message.header(H.Replaces) !== undefined)).toEqual(
      [],
    );
    expect(callOf(world, talk.id)).toMatchObject({
      state: 'ended',
      notice: 'The connection was lost and could not be restored within 30 seconds.',
    });
    expect(world.calls).toHaveLength(1);
  });
});

it('a call to here goes on as one to here, on hold where it was', async () => {
  const world = await World.registered();
  const talk = await answeredFrom(world);
  world.softphone.hold(talk.id);
  const held = await world.nextRequest('INVITE', talk.dialog.callId);
  world.reply(held, 200, { body: { type: 'application/sdp', content: sdp('held', 'recvonly') } });
  await world.nextRequest('ACK', talk.dialog.callId);
  await settle();
  const { anew } = await broken(world, talk);
  expect(anew.uriText).toBe('sip:1002@127.0.0.1');
  await answer(world, anew);
  expect(callOf(world, talk.id)).toMatchObject({ state: 'active', direction: 'incoming', held: true });
  expect((await world.nextRequest('INVITE', anew.callId)).body).toMatch(/a=sendonly/);
});

it('a member of a conference goes on in it', async () => {
  const world = await World.registered();
  const one = await talkTo(world, '1002');
  const other = await talkTo(world, '1003');
  world.softphone.join(other.id);
  await settle();
  expect(callOf(world, other.id).inConference).toBe(true);
  const { anew } = await broken(world, other);
  // Both are broken, and both are called anew; the one that is looked for is the second or the first.
  const others = await world.nextRequest('INVITE');
  const mine = anew.uriText.includes('1003') ? anew : others;
  await answer(world, mine);
  expect(callOf(world, other.id)).toMatchObject({ state: 'active', inConference: true });
  expect(callOf(world, other.id).reconnecting).toBeUndefined();
  expect(callOf(world, one.id)).toMatchObject({ state: 'active', inConference: true });
  // The third window is that of the call that stands in: it hears the first call, and is heard there.
  expect(world.mixes[0]).toEqual([world.mixes.findIndex((heard, i) => i > 1 && heard.includes(0))]);
});
