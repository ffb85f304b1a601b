import { describe, expect, it } from 'vitest';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { isResponse, sdp, settle, World } from './phone-world.ts';
import { answeredFrom, callOf, dialogOf, directionIn, talkTo } from './talks.ts';

const reliable = (rseq: number): readonly HeaderLine[] => [
  [H.Require, '100rel'],
  [H.RSeq, String(rseq)],
];

async function calling(calls = {}): Promise<{ world: World; invite: SipRequest }> {
  const world = await World.registered({ calls });
  world.softphone.call('1002');
  return { world, invite: await world.request('INVITE') };
}

describe('reliable responses to a call from here (RFC 3262)', () => {
  it('are confirmed once each, in their order', async () => {
    const { world, invite } = await calling();
    expect(invite.list(H.Supported)).toContain('100rel');
    world.answer(invite, 180, 'bob', undefined, reliable(71));
    const prack = await world.request('PRACK');
    expect([prack.header(H.RAck), prack.to.tag, prack.cseq, prack.uriText]).toEqual([
      `71 ${invite.cseq} INVITE`,
      'bob',
      invite.cseq + 1,
      'sip:bob@127.0.0.1:5070',
    ]);
    world.reply(prack, 200);
    // Again, and one whose turn has not come.
    world.answer(invite, 180, 'bob', undefined, reliable(71));
    world.answer(invite, 183, 'bob', sdp('early'), reliable(73));
    await world.nothing();
    expect(world.media).not.toContain('gateway takes early');
    world.answer(invite, 183, 'bob', sdp('early'), reliable(72));
    expect((await world.request('PRACK')).cseq).toBe(invite.cseq + 2);
    expect(world.media).toContain('gateway takes early');
    world.answer(invite, 200, 'bob');
    await world.request('ACK');
    await settle();
    expect(world.call.state).toBe('active');
    world.softphone.hangUp(world.call.id);
    expect((await world.request('BYE')).cseq).toBe(invite.cseq + 3);
  });

  it('are confirmed for each phone that rings, whose numbers are its own', async () => {
    const { world, invite } = await calling();
    for (const [tag, rseq] of [
      ['one', 5],
      ['two', 900],
      ['one', 6],
    ] as const) {
      world.answer(invite, 183, tag, undefined, reliable(rseq));
      expect((await world.request('PRACK')).to.tag).toBe(tag);
    }
    world.answer(invite, 200, 'two', sdp('two'));
    expect((await world.request('ACK')).to.tag).toBe('two');
  });

  it('without a usable number, or a tag, want nothing', async () => {
    const { world, invite } = await calling();
    world.answer(invite, 183, 'bob', undefined, [[H.Require, '100rel']]);
    world.answer(invite, 183, 'bob', undefined, [
      [H.Require, '100rel'],
      [H.RSeq, 'x'],
    ]);
    world.reply(invite, 183, { headers: reliable(1) });
    await world.nothing();
    expect(world.call.state).toBe('ringing');
  });

  it('are still confirmed after the call was given up', async () => {
    const { world, invite } = await calling();
    world.answer(invite, 180, 'bob');
    world.softphone.hangUp(world.call.id);
    await world.request('CANCEL');
    world.answer(invite, 183, 'bob', undefined, reliable(1));
    await world.request('PRACK');
  });

  it('are asked for where the account always wants them, and not spoken of where it wants none', async () => {
    const { invite } = await calling({ reliable: 'always' });
    expect(invite.list(H.Require)).toEqual(['100rel']);
    const off = await calling({ reliable: 'off' });
    expect(off.invite.list(H.Supported)).not.toContain('100rel');
  });
});

describe('reliable responses of ours', () => {
  async function rung(calls = {}, headers: readonly HeaderLine[] = [[H.Require, '100rel']]) {
    const world = await World.registered({ calls });
    const invite = world.invite(sdp('theirs'), headers);
    const ring = await world.nextResponse(180);
    await settle();
    const dialog = {
      callId: invite.callId,
      local: `<sip:1001@127.0.0.1>;tag=${ring.to.tag}`,
      remote: '<sip:1002@127.0.0.1>;tag=bob',
    };
    return { world, invite, ring, dialog };
  }

  it('are sent again until they are confirmed', async () => {
    const { world, invite, ring, dialog } = await rung();
    expect([ring.header(H.RSeq), ring.list(H.Require)]).toEqual(['1', ['100rel']]);
    expect((await world.pass(1_600)).filter(isResponse).map((response) => response.status)).toEqual([180, 180]);
    const rack = (value: string) => world.inDialog('PRACK', dialog, { headers: [[H.RAck, value]] });
    rack(`2 ${invite.cseq} INVITE`);
    await world.response(481);
    rack(`1 ${invite.cseq} INVITE`);
    await world.response(200);
    expect(await world.pass(20_000)).toEqual([]);
    world.softphone.answer(world.call.id);
    await world.response(200);
  });

  it('end the call where nobody ever confirms them', async () => {
    const { world } = await rung();
    const sent = await world.pass(33_000);
    expect(sent.filter(isResponse).at(-1)?.status).toBe(504);
    expect(world.call).toMatchObject({ state: 'ended', notice: 'The caller could not be reached any more.' });
  });

  it('are not sent where they are merely possible, unless the account always wants them', async () => {
    const plain = await rung({}, [[H.Supported, '100rel']]);
    expect(plain.ring.header(H.RSeq)).toBeUndefined();
    const always = await rung({ reliable: 'always' }, [[H.Supported, '100rel']]);
    expect(always.ring.header(H.RSeq)).toBe('1');
  });

  it('are refused altogether where the account wants none', async () => {
    const world = await World.registered({ calls: { reliable: 'off' } });
    world.invite(sdp('x'), [[H.Require, '100rel']]);
    expect((await world.response(420)).header(H.Unsupported)).toBe('100rel');
  });

  it('may be overtaken by the answer; the PRACK then is taken all the same', async () => {
    const { world, invite, dialog } = await rung();
    world.softphone.answer(world.call.id);
    await world.response(200);
    world.inDialog('PRACK', dialog, { headers: [[H.RAck, `1 ${invite.cseq} INVITE`]] });
    expect((await world.response(200)).cseqMethod).toBe('PRACK');
  });
});

describe('offers left to the other side', () => {
  it('come in the 200 and are answered in the ACK', async () => {
    const { world, invite } = await calling({ lateOffer: true });
    expect(invite.body).toBe('');
    world.answer(invite, 180, 'bob');
    world.answer(invite, 200, 'bob', sdp('offer'));
    const ack = await world.request('ACK');
    expect([ack.body, ack.header(H.ContentType)]).toEqual([sdp('our-answer'), 'application/sdp']);
    await settle();
    expect(world.call.state).toBe('active');
    world.answer(invite, 200, 'bob', sdp('offer'));
    expect((await world.request('ACK')).body).toBe(sdp('our-answer'));
  });

  it('come in a reliable 183 and are answered in the PRACK', async () => {
    const { world, invite } = await calling({ lateOffer: true });
    world.answer(invite, 183, 'bob', sdp('offer'), reliable(1));
    expect((await world.request('PRACK')).body).toBe(sdp('our-answer'));
    world.answer(invite, 180, 'bob', undefined, reliable(2));
    expect((await world.request('PRACK')).body).toBe('');
    world.answer(invite, 200, 'bob');
    expect((await world.request('ACK')).body).toBe('');
    await settle();
    expect(world.call.state).toBe('active');
    expect(world.media.filter((what) => what === 'gateway accepts offer').length).toBe(1);
  });

  it('of the phone that answered count, whoever played last', async () => {
    const { world, invite } = await calling({ lateOffer: true });
    world.answer(invite, 183, 'one', sdp('of-one'), reliable(1));
    await world.request('PRACK');
    world.answer(invite, 183, 'two', sdp('of-two'), reliable(1));
    await world.request('PRACK');
    world.answer(invite, 200, 'one');
    await world.request('ACK');
    await settle();
    expect(world.media.filter((what) => what.startsWith('gateway accepts'))).toEqual([
      'gateway accepts of-one',
      'gateway accepts of-two',
      'gateway accepts of-one',
    ]);
    expect(world.call.state).toBe('active');
  });

  it('that cannot be answered end the call, acknowledged', async () => {
    const { world, invite } = await calling({ lateOffer: true });
    world.refuseMedia = { status: 488, reason: 'No codec is shared' };
    world.answer(invite, 200, 'bob', sdp('offer'));
    await world.request('ACK');
    await world.request('BYE');
    await settle();
    expect(world.call).toMatchObject({ state: 'ended', notice: 'No codec is shared.' });
  });

  it('that are hung up on before our answer is there are acknowledged first', async () => {
    const { world, invite } = await calling({ lateOffer: true });
    world.answer(invite, 200, 'bob', sdp('offer'));
    world.softphone.hangUp(world.call.id);
    await world.request('ACK');
    await world.request('BYE');
    await world.nothing();
  });

  it('serve for hold too', async () => {
    const world = await World.registered({ calls: { lateOffer: true } });
    const talk = await talkTo(world);
    world.softphone.hold(talk.id);
    const reinvite = await world.request('INVITE');
    expect(reinvite.body).toBe('');
    world.reply(reinvite, 200, { body: { type: 'application/sdp', content: sdp('offer') } });
    // Sent again before our answer is made: still one ACK, with that answer.
    world.reply(reinvite, 200, { body: { type: 'application/sdp', content: sdp('offer') } });
    expect(directionIn(await world.request('ACK'))).toBe('sendonly');
    await world.nothing();
    expect(callOf(world, talk.id)).toMatchObject({ held: true, heldByPeer: false });
  });
});

describe('UPDATE before the answer (RFC 3311)', () => {
  it('of the phone that plays its sound changes it', async () => {
    const { world, invite } = await calling();
    const dialog = dialogOf(invite, 'bob');
    world.inDialog('UPDATE', dialog, { body: sdp('too-early') });
    await world.response(481);
    world.answer(invite, 183, 'bob', sdp('early'), reliable(1));
    await world.request('PRACK');
    world.inDialog('UPDATE', dialog, { body: sdp('update') });
    expect((await world.response(200)).body).toBe(sdp('our-answer'));
    expect(world.media).toContain('gateway accepts update');
    world.answer(invite, 200, 'bob', sdp('early'));
    await world.request('ACK');
    await settle();
    expect(world.call.state).toBe('active');
  });

  it('of another phone must wait, and one without a description changes nothing', async () => {
    const { world, invite } = await calling();
    world.answer(invite, 183, 'bob', sdp('early'), reliable(1));
    world.answer(invite, 180, 'eve');
    await world.request('PRACK');
    world.inDialog('UPDATE', dialogOf(invite, 'eve'), { body: sdp('x') });
    expect((await world.response(500)).header(H.RetryAfter)).toBeDefined();
    world.inDialog('UPDATE', dialogOf(invite, 'bob'));
    await world.response(200);
  });

  it('that cannot be played is refused, and it rings on', async () => {
    const { world, invite } = await calling();
    world.answer(invite, 183, 'bob', sdp('early'), reliable(1));
    await world.request('PRACK');
    world.refuseMedia = { status: 488, reason: 'Nothing in common' };
    world.inDialog('UPDATE', dialogOf(invite, 'bob'), { body: sdp('update') });
    await world.response(488);
    expect(world.call.state).toBe('ringing');
  });

  it('is not left without an answer by the answer to the call, or its end', async () => {
    const { world, invite } = await calling();
    world.answer(invite, 183, 'bob', sdp('early'), reliable(1));
    await world.request('PRACK');
    world.inDialog('UPDATE', dialogOf(invite, 'bob'), { body: sdp('update') });
    world.softphone.hangUp(world.call.id);
    await world.response(487);
    await world.request('CANCEL');
  });
});

describe('UPDATE in an answered call', () => {
  it('changes the sound as a re-INVITE does', async () => {
    const world = await World.registered();
    const talk = await answeredFrom(world);
    world.inDialog('UPDATE', talk.dialog, { body: sdp('hold', 'sendonly') });
    expect(directionIn(await world.response(200))).toBe('recvonly');
    await settle();
    expect(callOf(world, talk.id).heldByPeer).toBe(true);
    expect(await world.pass(2_000)).toEqual([]);
  });
});
