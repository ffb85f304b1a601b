import { describe, expect, it } from 'vitest';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { sdp, settle, World } from './phone-world.ts';
import { acceptChange, answeredFrom, callOf, type Talk, talkTo } from './talks.ts';

/** A NOTIFY with a body that is no SDP. */
function tell(world: World, talk: Talk, refer: SipRequest, fragment: string, state = 'active;expires=60'): void {
  const { dialog } = talk;
  world.receive(
    [
      'NOTIFY sip:1001@127.0.0.1:6000 SIP/2.0',
      `Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK${Math.random().toString(36).slice(2)};rport`,
      'Max-Forwards: 70',
      `From: ${dialog.remote}`,
      `To: ${dialog.local}`,
      `Call-ID: ${dialog.callId}`,
      `CSeq: ${world.nextCseq()} NOTIFY`,
      `Event: refer;id=${refer.cseq}`,
      `Subscription-State: ${state}`,
      'Contact: <sip:peer@127.0.0.1:5070>',
      'Content-Type: message/sipfrag;version=2.0',
      `Content-Length: ${fragment.length}`,
      '',
      fragment,
    ].join('\r\n'),
  );
}

async function transferring(): Promise<{ world: World; talk: Talk; refer: SipRequest }> {
  const world = await World.registered();
  const talk = await talkTo(world);
  expect(world.softphone.transfer(talk.id, '1003')).toEqual({ ok: true });
  await settle();
  expect(callOf(world, talk.id).transferring).toBe('Transferring to 1003…');
  await acceptChange(world, talk, 'recvonly');
  return { world, talk, refer: await world.request('REFER') };
}

describe('handing a call on', () => {
  it('holds it, asks, follows what comes of it, and hangs up once it worked', async () => {
    const { world, talk, refer } = await transferring();
    expect([refer.header(H.ReferTo), refer.header(H.ReferredBy), refer.to.tag]).toEqual([
      '<sip:1003@127.0.0.1:5060>',
      '"Anna" <sip:1001@127.0.0.1:5060>',
      'tag-1002',
    ]);
    world.reply(refer, 202);
    tell(world, talk, refer, 'SIP/2.0 100 Trying\r\n');
    await world.response(200);
    tell(world, talk, refer, 'SIP/2.0 180 Ringing\r\n');
    await world.response(200);
    await settle();
    expect(callOf(world, talk.id)).toMatchObject({ transferring: 'Ringing 1003…', held: true });
    tell(world, talk, refer, 'SIP/2.0 200 OK\r\n', 'terminated;reason=noresource');
    await world.response(200);
    await world.request('BYE');
    await settle();
    expect(callOf(world, talk.id)).toMatchObject({ state: 'ended', notice: 'Transferred to 1003.' });
  });

  it('is over where the other side hangs up as soon as it has agreed', async () => {
    const { world, talk, refer } = await transferring();
    world.reply(refer, 202);
    await settle();
    world.inDialog('BYE', talk.dialog);
    await world.response(200);
    await settle();
    expect(callOf(world, talk.id)).toMatchObject({ state: 'ended', notice: 'Transferred to 1003.' });
  });

  it('goes on with the call, held, where the new partner is busy, and says so', async () => {
    const { world, talk, refer } = await transferring();
    world.reply(refer, 202);
    tell(world, talk, refer, 'SIP/2.0 486 Busy Here\r\n', 'terminated;reason=noresource');
    await world.response(200);
    await settle();
    expect(callOf(world, talk.id)).toMatchObject({
      state: 'active',
      held: true,
      notice: 'The transfer failed: 1003 is busy.',
    });
    expect(callOf(world, talk.id).transferring).toBeUndefined();
    // One more try is possible.
    expect(world.softphone.transfer(talk.id, '1004')).toEqual({ ok: true });
    expect((await world.request('REFER')).header(H.ReferTo)).toBe('<sip:1004@127.0.0.1:5060>');
  });

  it.each([
    [405, 'The other side cannot be transferred.'],
    [603, 'The other side did not agree to be transferred.'],
    [488, 'The other side could not be transferred (488).'],
  ])('says what it means that a REFER is answered with %i', async (status, notice) => {
    const { world, talk, refer } = await transferring();
    world.reply(refer, status);
    await settle();
    expect(callOf(world, talk.id)).toMatchObject({ state: 'active', notice });
  });

  it('asks again where the other side is busy with the call, but not for ever', async () => {
    const { world, talk, refer } = await transferring();
    let asked = 1;
    for (let next = refer; asked < 20; asked++) {
      world.reply(next, asked % 2 === 0 ? 491 : 500);
      const [again] = await world.pass(1_600);
      if (again?.kind !== 'request') break;
      expect(again.method).toBe('REFER');
      next = again;
    }
    expect(asked).toBe(4);
    expect(callOf(world, talk.id)).toMatchObject({ state: 'active', notice: expect.stringContaining('491') });
  });

  it('wants no word of it from a peer that gives none (RFC 4488)', async () => {
    const { world, talk, refer } = await transferring();
    world.reply(refer, 200, { headers: [['Refer-Sub', 'false']] });
    await world.request('BYE');
    await settle();
    expect(callOf(world, talk.id).state).toBe('ended');
  });

  it('answers a challenge, and knows the NOTIFYs of the second try', async () => {
    const { world, talk, refer } = await transferring();
    world.reply(refer, 407, { headers: [[H.ProxyAuthenticate, 'Digest realm="r", nonce="n", qop="auth"']] });
    const second = await world.request('REFER');
    expect(second.cseq).toBe(refer.cseq + 1);
    world.reply(second, 202);
    tell(world, talk, second, 'SIP/2.0 200 OK\r\n', 'terminated');
    await world.response(200);
    await world.request('BYE');
  });

  it('takes word that overtakes the 202', async () => {
    const { world, talk, refer } = await transferring();
    tell(world, talk, refer, 'SIP/2.0 200 OK\r\n', 'terminated');
    await world.response(200);
    await world.request('BYE');
    world.reply(refer, 202);
    await world.nothing();
  });

  it('is told apart from what is about something else, and from nonsense', async () => {
    const { world, talk, refer } = await transferring();
    world.reply(refer, 202);
    await settle();
    world.inDialog('NOTIFY', talk.dialog, {
      headers: [
        [H.Event, 'refer;id=4711'],
        [H.SubscriptionState, 'active'],
      ],
    });
    await world.response(481);
    world.inDialog('NOTIFY', talk.dialog, {
      headers: [
        [H.Event, 'presence'],
        [H.SubscriptionState, 'active'],
      ],
    });
    await world.response(481);
    tell(world, talk, refer, '\x00\xffnonsense');
    await world.response(200);
    await settle();
    expect(callOf(world, talk.id).transferring).toBeDefined();
  });

  it('ends its wait where no word ever comes', async () => {
    const { world, talk, refer } = await transferring();
    world.reply(refer, 202);
    await world.pass(181_000);
    expect(callOf(world, talk.id)).toMatchObject({ state: 'active', notice: expect.stringContaining('never said') });
  });

  it('asks all the same where the hold is never answered', async () => {
    const world = await World.registered();
    const talk = await talkTo(world);
    world.softphone.transfer(talk.id, '1003');
    const sent = await world.pass(5_000);
    expect(sent.some((message) => message.kind === 'request' && message.method === 'REFER')).toBe(true);
  });

  it('refuses what is no number, a call that rings, and a call that is gone', async () => {
    const world = await World.registered();
    const talk = await talkTo(world);
    expect(world.softphone.transfer(talk.id, 'a b')).toMatchObject({ ok: false });
    expect(world.softphone.transferTo(talk.id, talk.id)).toMatchObject({ ok: false });
    const ringing = world.softphone.call('1009');
    expect(ringing.ok && world.softphone.transfer(ringing.callId, '1003')).toMatchObject({ ok: false });
    expect(world.softphone.transfer('nobody', '1003')).toMatchObject({ ok: false });
  });
});

describe("moving a call to other devices of one's own", () => {
  async function moving() {
    const world = await World.registered();
    const talk = await talkTo(world);
    expect(world.softphone.moveAway(talk.id)).toEqual({ ok: true });
    await settle();
    expect(callOf(world, talk.id).transferring).toBe('Moving to 1001…');
    await acceptChange(world, talk, 'recvonly');
    const refer = await world.request('REFER');
    // It rings for a while only.
    expect(refer.header(H.ReferTo)).toBe('<sip:1001@127.0.0.1:5060?Expires=45>');
    world.reply(refer, 202);
    await settle();
    return { world, talk, refer };
  }

  it.each([
    [487, '1001 did not answer: the call stays here.'],
    [408, '1001 did not answer: the call stays here.'],
    [480, 'The call stays here: 1001 is not available now.'],
    [603, 'The call stays here: 1001 declined the call.'],
  ])('that end with %i leaves it here, and says so', async (status, notice) => {
    const { world, talk, refer } = await moving();
    tell(world, talk, refer, `SIP/2.0 ${status} No\r\n`, 'terminated;reason=noresource');
    await world.response(200);
    await settle();
    expect(callOf(world, talk.id)).toMatchObject({ state: 'active', held: true, notice });
    expect(callOf(world, talk.id).transferring).toBeUndefined();
  });

  it('ends it here once one of them has it', async () => {
    const { world, talk, refer } = await moving();
    tell(world, talk, refer, 'SIP/2.0 200 OK\r\n', 'terminated;reason=noresource');
    await world.response(200);
    await world.request('BYE');
    await settle();
    expect(callOf(world, talk.id)).toMatchObject({ state: 'ended', notice: 'Moved to 1001.' });
  });
});

describe('joining two calls', () => {
  it('has one take our place at the other, and leaves both', async () => {
    const world = await World.registered();
    const first = await talkTo(world, '1002');
    const second = await secondTalk(world, first);
    expect(world.softphone.transferTo(first.id, second.id)).toEqual({ ok: true });
    const refer = await world.nextRequest('REFER', first.dialog.callId);
    const { callId } = second.dialog;
    const replaces = encodeURIComponent(`${callId};to-tag=tag-1003;from-tag=${second.invite.from.tag}`);
    expect(refer.header(H.ReferTo)).toBe(`<sip:tag-1003@127.0.0.1:5070?Replaces=${replaces}>`);
    world.reply(refer, 202);
    tell(world, first, refer, 'SIP/2.0 200 OK\r\n', 'terminated');
    await world.nextResponse(200);
    await world.nextRequest('BYE', first.dialog.callId);
    await world.nextRequest('BYE', second.dialog.callId);
    await settle();
    expect(callOf(world, first.id).notice).toBe('Transferred to 1003.');
    expect(callOf(world, second.id).notice).toBe('Connected with 1002.');
  });
});

async function secondTalk(world: World, first: Talk): Promise<Talk> {
  const talk = await talkTo(world, '1003');
  await acceptChange(world, first, 'recvonly');
  return talk;
}

const REFER_TO = (uri: string): HeaderLine => [H.ReferTo, uri];

describe('being handed on', () => {
  async function referred(uri: string, calls = {}, headers: readonly HeaderLine[] = []) {
    const world = await World.registered({ calls });
    const talk = await talkTo(world);
    const refer = world.inDialog('REFER', talk.dialog, {
      headers: [REFER_TO(uri), [H.ReferredBy, '<sip:1002@127.0.0.1>'], ...headers],
    });
    return { world, talk, refer };
  }
  const fragmentOf = async (world: World, talk: Talk): Promise<[string, string | undefined]> => {
    const told = await world.nextRequest('NOTIFY', talk.dialog.callId);
    world.reply(told, 200);
    return [told.body.trim(), told.header(H.SubscriptionState)];
  };

  it('calls within the own domain without asking, and tells how it goes', async () => {
    const { world, talk, refer } = await referred('<sip:1005@127.0.0.1>');
    await world.nextResponse(202);
    expect(await fragmentOf(world, talk)).toEqual(['SIP/2.0 100 Trying', expect.stringContaining('pending')]);
    // The one who handed us on waits.
    await acceptChange(world, talk, 'recvonly');
    const invite = await world.nextRequest('INVITE');
    expect([invite.uriText, invite.header(H.ReferredBy)]).toEqual(['sip:1005@127.0.0.1', '<sip:1002@127.0.0.1>']);
    world.answer(invite, 180, 'new');
    expect((await fragmentOf(world, talk))[0]).toBe('SIP/2.0 180 Ringing');
    world.answer(invite, 200, 'new', sdp('new'));
    await world.nextRequest('ACK', invite.callId);
    const last = await world.nextRequest('NOTIFY', talk.dialog.callId);
    expect([last.body.trim(), last.header(H.SubscriptionState), last.header(H.Event)]).toEqual([
      'SIP/2.0 200 OK',
      'terminated;reason=noresource',
      `refer;id=${refer.cseq}`,
    ]);
    world.inDialog('BYE', talk.dialog);
    await world.nextResponse(200);
    await settle();
    expect(world.calls.map((call) => [call.peer.number, call.state])).toEqual([
      ['1002', 'ended'],
      ['1005', 'active'],
    ]);
  });

  it('rings no longer than it was asked to, and tells that nobody answered', async () => {
    const { world, talk } = await referred('<sip:1005@127.0.0.1?Expires=20>');
    await fragmentOf(world, talk);
    await acceptChange(world, talk, 'recvonly');
    const invite = await world.nextRequest('INVITE');
    expect(invite.header(H.Expires)).toBe('20');
    world.answer(invite, 180, 'new');
    expect((await fragmentOf(world, talk))[0]).toBe('SIP/2.0 180 Ringing');
    const sent = await world.pass(20_100);
    expect(sent.flatMap((message) => (message.kind === 'request' ? message.method : []))).toContain('CANCEL');
    expect(sent.some(({ body }) => body.startsWith('SIP/2.0 487'))).toBe(true);
  });

  it('asks before it calls elsewhere', async () => {
    const { world, talk } = await referred('<sip:900555@expensive.example>');
    await world.nextResponse(202);
    await fragmentOf(world, talk);
    await settle();
    expect(callOf(world, talk.id).question).toBe('1002 wants to connect you with 900555.');
    world.softphone.consent(talk.id, false);
    expect(await fragmentOf(world, talk)).toEqual(['SIP/2.0 603 Decline', 'terminated;reason=noresource']);
    await world.nothing();
    expect(callOf(world, talk.id)).toMatchObject({ state: 'active', held: false });
    expect(callOf(world, talk.id).question).toBeUndefined();
  });

  it('takes silence for a no', async () => {
    const { world, talk } = await referred('<sip:900555@expensive.example>');
    const sent = await world.pass(61_000);
    expect(sent.filter((message) => message.body.startsWith('SIP/2.0 603')).length).toBeGreaterThan(0);
    expect(callOf(world, talk.id).question).toBeUndefined();
    expect(world.calls.length).toBe(1);
  });

  it('takes our place at another where the other side joins two calls', async () => {
    const replaces = encodeURIComponent('abc@host;to-tag=t1;from-tag=f1');
    const { world, talk } = await referred(`<sip:1005@127.0.0.1:5099?Replaces=${replaces}&Subject=evil>`);
    await world.nextResponse(202);
    await acceptChange(world, talk, 'recvonly');
    const invite = await world.nextRequest('INVITE');
    expect([invite.uriText, invite.header(H.Replaces), invite.header(H.Require), invite.header(H.Subject)]).toEqual([
      'sip:1005@127.0.0.1:5099',
      'abc@host;to-tag=t1;from-tag=f1',
      'replaces',
      undefined,
    ]);
  });

  it('is not asked where a colleague joins us with a phone, but is where somebody from outside does', async () => {
    const replaces = encodeURIComponent('abc@host;to-tag=t1;from-tag=f1');
    const { world } = await referred(`<sip:1005@192.0.2.77?Replaces=${replaces}>`);
    expect((await world.nextRequest('INVITE')).uriText).toBe('sip:1005@192.0.2.77');
    const other = await World.registered();
    const talk = await talkTo(other, 'eve@elsewhere.example');
    other.inDialog('REFER', talk.dialog, { headers: [REFER_TO(`<sip:1005@192.0.2.77?Replaces=${replaces}>`)] });
    await other.nextResponse(202);
    await settle();
    expect(callOf(other, talk.id).question).toContain('1005');
  });

  it('tells of a failure and goes back to nothing by itself', async () => {
    const { world, talk } = await referred('<sip:1005@127.0.0.1>');
    await fragmentOf(world, talk);
    await acceptChange(world, talk, 'recvonly');
    const invite = await world.nextRequest('INVITE');
    world.reply(invite, 486, { toTag: 'x' });
    expect((await fragmentOf(world, talk))[0]).toBe('SIP/2.0 486 Busy Here');
  });

  it('happens once at a time, so that nobody makes this phone call the whole office', async () => {
    const { world, talk } = await referred('<sip:1005@127.0.0.1>');
    await world.nextResponse(202);
    world.inDialog('REFER', talk.dialog, { headers: [REFER_TO('<sip:1006@127.0.0.1>')] });
    await world.nextResponse(491);
  });

  it('says nothing where nobody wants to hear it (RFC 4488)', async () => {
    const { world, talk } = await referred('<sip:1005@127.0.0.1>', {}, [['Refer-Sub', 'false']]);
    expect((await world.nextResponse(202)).headers.named('Refer-Sub')).toBe('false');
    await acceptChange(world, talk, 'recvonly');
    const invite = await world.nextRequest('INVITE');
    world.answer(invite, 180, 'new');
    await world.nothing();
  });

  it.each([
    ['what cannot be read', '<<', 400],
    ['a number without an address', '<tel:123>', 403],
    ['another method', '<sip:1005@127.0.0.1;method=BYE>', 403],
    ['a web page', '<https://example.com>', 403],
    ['a spoilt Replaces', '<sip:1005@127.0.0.1?Replaces=abc>', 400],
  ])('refuses %s', async (_what, uri, status) => {
    const { world } = await referred(uri);
    await world.nextResponse(status);
    await world.nothing();
  });

  it('is not done where the account wants none of it, nor outside a call', async () => {
    const { world } = await referred('<sip:1005@127.0.0.1>', { transfers: 'never' });
    await world.nextResponse(603);
    world.inDialog('REFER', { callId: 'strange', local: '<sip:1001@127.0.0.1>', remote: '<sip:eve@x>;tag=e' });
    await world.nextResponse(403);
    await world.nothing();
  });
});

describe('an INVITE that takes the place of a call', () => {
  const replacing = (talk: Talk, more = ''): HeaderLine => {
    const tag = (address: string) => /tag=([^;>]+)/.exec(address)?.[1];
    return [
      H.Replaces,
      `${talk.dialog.callId};to-tag=${tag(talk.dialog.local)};from-tag=${tag(talk.dialog.remote)}${more}`,
    ];
  };

  it('is answered by itself, and the call before it ends', async () => {
    const world = await World.registered();
    const talk = await answeredFrom(world);
    const invite = world.invite(sdp('newcomer'), [replacing(talk), [H.Require, 'replaces']]);
    const ok = await world.nextResponse(200);
    expect(ok.callId).toBe(invite.callId);
    await world.nextRequest('BYE', talk.dialog.callId);
    await settle();
    expect(callOf(world, talk.id)).toMatchObject({
      state: 'ended',
      notice: 'The call was taken over by another phone.',
    });
  });

  it('picks up what still rings at the one who was called', async () => {
    const world = await World.registered();
    world.softphone.call('1002');
    const invite = await world.request('INVITE');
    world.answer(invite, 180, 'bob');
    await settle();
    const dialog = {
      callId: invite.callId,
      local: `<sip:1001@127.0.0.1>;tag=${invite.from.tag}`,
      remote: '<sip:1002@127.0.0.1>;tag=bob',
    };
    world.invite(sdp('picker'), [replacing({ id: '', invite, dialog }, ';early-only')]);
    await world.nextResponse(200);
    await world.nextRequest('CANCEL', invite.callId);
    expect(world.calls.find((call) => call.direction === 'incoming')?.state).toBe('connecting');
  });

  it.each([
    ['a dialog that nobody knows', 481, 'none;to-tag=a;from-tag=b'],
    ['nonsense', 400, 'nonsense'],
  ])('that names %s is answered with %i', async (_what, status, value) => {
    const world = await World.registered();
    world.invite(sdp('x'), [[H.Replaces, value]]);
    await world.nextResponse(status);
  });

  it('that is for ringing calls only does not take an answered one', async () => {
    const world = await World.registered();
    const talk = await answeredFrom(world);
    world.invite(sdp('x'), [replacing(talk, ';early-only')]);
    await world.nextResponse(486);
  });

  it('is refused where the account is not to be taken over, and for a call that is over', async () => {
    const world = await World.registered({ calls: { replaceable: false } });
    const talk = await answeredFrom(world);
    world.invite(sdp('x'), [replacing(talk)]);
    await world.nextResponse(403);
    const open = await World.registered();
    const over = await answeredFrom(open);
    open.softphone.hangUp(over.id);
    open.invite(sdp('x'), [replacing(over)]);
    await open.nextResponse(603);
  });
});
