import { describe, expect, it } from 'vitest';
import { buildRequest } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { isResponse, sdp, settle, World } from './phone-world.ts';

async function ringing(body?: string): Promise<{ world: World; invite: SipRequest; tag: string }> {
  const world = await World.registered();
  const invite = world.invite(body ?? sdp('theirs'));
  const trying = await world.message();
  const ring = isResponse(trying) && trying.status === 100 ? await world.response(180) : trying;
  expect(isResponse(ring) && ring.status).toBe(180);
  await settle();
  expect(world.call.state).toBe('incoming');
  return { world, invite, tag: ring.to.tag ?? '' };
}

const dialogOf = (invite: SipRequest, tag: string) => ({
  callId: invite.callId,
  local: `<sip:1001@127.0.0.1>;tag=${tag}`,
  remote: '<sip:1002@127.0.0.1>;tag=bob',
});

function cancel(world: World, invite: SipRequest, reason?: string): void {
  const request = buildRequest({
    method: 'CANCEL',
    uri: invite.uriText,
    via: invite.via.toString(),
    from: invite.from.toString(),
    to: invite.to.toString(),
    callId: invite.callId,
    cseq: invite.cseq,
    headers: reason === undefined ? [] : [[H.Reason, reason]],
  });
  world.receive(request.wire);
}

async function answered(): Promise<{ world: World; invite: SipRequest; tag: string; ok: SipResponse }> {
  const { world, invite, tag } = await ringing();
  world.softphone.answer(world.call.id);
  const ok = await world.response(200);
  return { world, invite, tag, ok };
}

describe('a call to here', () => {
  it('rings, is answered, and ends by our BYE after the ACK', async () => {
    const { world, invite, tag, ok } = await answered();
    expect([ok.body, ok.to.tag, ok.header(H.Contact)]).toEqual([sdp('our-answer'), tag, '<sip:1001@127.0.0.1:6000>']);
    expect(world.call).toMatchObject({
      direction: 'incoming',
      state: 'connecting',
      peer: { name: 'Bob É', number: '1002' },
    });
    world.inDialog('ACK', { ...dialogOf(invite, tag), cseq: invite.cseq });
    await settle();
    expect(world.call.state).toBe('active');
    expect(await world.pass(5_000)).toEqual([]);
    world.softphone.hangUp(world.call.id);
    const bye = await world.request('BYE');
    expect([bye.uriText, bye.from.tag, bye.to.tag]).toEqual(['sip:1002@127.0.0.1:5080', tag, 'bob']);
  });

  it('repeats its 200 until the ACK, and ends the call where none comes', async () => {
    const { world } = await answered();
    const sent = await world.pass(33_000);
    expect(sent.filter((message) => isResponse(message) && message.status === 200).length).toBe(10);
    expect(sent.some((message) => !isResponse(message) && message.method === 'BYE')).toBe(true);
    expect(world.call).toMatchObject({ state: 'ended', notice: 'The caller did not confirm the call.' });
  });

  it('waits with the BYE for the ACK when it is hung up before', async () => {
    const { world, invite, tag } = await answered();
    world.softphone.hangUp(world.call.id);
    await world.nothing();
    expect(world.call.state).toBe('ended');
    world.inDialog('ACK', { ...dialogOf(invite, tag), cseq: invite.cseq });
    await world.request('BYE');
  });

  it('is declined', async () => {
    const { world } = await ringing();
    world.softphone.decline(world.call.id);
    await world.response(603);
    await settle();
    expect(world.call.state).toBe('ended');
    expect(world.call.notice).toBeUndefined();
  });

  it('is sent elsewhere: the caller hears where', async () => {
    const { world } = await ringing();
    expect(world.softphone.redirect(world.call.id, 'two words')).toMatchObject({ ok: false });
    expect(world.softphone.redirect(world.call.id, '+49 (30) 12')).toEqual({ ok: true });
    const moved = await world.response(302);
    expect(moved.header(H.Contact)).toBe('<sip:+493012@127.0.0.1:5060>');
    await settle();
    expect(world.call).toMatchObject({ state: 'ended', notice: 'Sent on to +493012.' });
    expect(world.softphone.redirect(world.call.id, '1003')).toMatchObject({ ok: false });
    await world.nothing();
  });

  it('is not sent elsewhere any more once it was answered', async () => {
    const { world } = await answered();
    expect(world.softphone.redirect(world.call.id, '1003')).toMatchObject({ ok: false });
    await world.nothing();
  });

  it.each([
    [undefined, 'The caller hung up.'],
    ['SIP;cause=200;text="Call completed elsewhere"', 'Answered on another device.'],
    ['SIP ;cause=603', 'Declined on another device.'],
    ['Q.850;cause=16', 'The caller hung up.'],
  ])('stops ringing when it is cancelled because of %s', async (reason, notice) => {
    const { world, invite, tag } = await ringing();
    cancel(world, invite, reason);
    const taken = await world.response(200);
    expect([taken.cseqMethod, taken.to.tag]).toEqual(['CANCEL', tag]);
    expect((await world.response(487)).to.tag).toBe(tag);
    await settle();
    expect(world.call).toMatchObject({ state: 'ended', notice });
  });

  it('is not ended by a CANCEL that comes after the answer', async () => {
    const { world, invite } = await answered();
    cancel(world, invite);
    expect((await world.response(200)).cseqMethod).toBe('CANCEL');
    expect(world.call.state).toBe('connecting');
  });

  it('does not answer what was cancelled while the sound was prepared', async () => {
    const { world, invite } = await ringing();
    world.softphone.answer(world.call.id);
    cancel(world, invite);
    await world.response(200);
    await world.response(487);
    await world.nothing();
    expect(world.media.at(-1)).toBe('gateway closes');
  });

  it('ends by a BYE of the caller before the answer', async () => {
    const { world, invite, tag } = await ringing();
    world.inDialog('BYE', dialogOf(invite, tag));
    expect((await world.response(200)).cseqMethod).toBe('BYE');
    expect((await world.response(487)).cseqMethod).toBe('INVITE');
    expect(world.call.state).toBe('ended');
  });

  it('offers in its 200 where the caller did not, and takes the answer from the ACK', async () => {
    const { world, invite, tag } = await offerlessRinging();
    world.softphone.answer(world.call.id);
    expect((await world.response(200)).body).toBe(sdp('ours'));
    world.inDialog('ACK', { ...dialogOf(invite, tag), cseq: invite.cseq }, { body: sdp('in-ack') });
    await settle();
    expect(world.call.state).toBe('active');
    expect(world.media).toContain('gateway takes in-ack');
  });

  it('says that there is no microphone, to both sides', async () => {
    const { world } = await ringing();
    world.noMicrophone = 'There is no microphone: plug one in and call again.';
    world.softphone.answer(world.call.id);
    await world.response(480);
    expect(world.call).toMatchObject({ state: 'ended', notice: world.noMicrophone });
  });

  it('says that no sound is shared', async () => {
    const { world } = await ringing();
    world.refuseMedia = { status: 488, reason: 'No codec is shared' };
    world.softphone.answer(world.call.id);
    await world.response(488);
    expect(world.call).toMatchObject({ state: 'ended', notice: 'No codec is shared.' });
  });

  it('rings beside other calls up to four, then says busy', async () => {
    const { world } = await ringing();
    for (let i = 0; i < 3; i++) {
      world.invite();
      await world.response(180);
    }
    world.invite();
    await world.response(486);
    await settle();
    expect(world.calls.map((call) => call.state)).toEqual(['incoming', 'incoming', 'incoming', 'incoming']);
  });

  it('stops ringing when the INVITE has had its time', async () => {
    const world = await World.registered();
    world.invite(sdp('theirs'), [[H.Expires, '5']]);
    await world.response(180);
    const sent = await world.pass(6_000);
    expect([...new Set(sent.filter(isResponse).map((message) => message.status))]).toEqual([480]);
  });
});

async function offerlessRinging() {
  const world = await World.registered();
  const invite = buildRequest({
    method: 'INVITE',
    uri: 'sip:1001@127.0.0.1:6000',
    via: 'SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKbare;rport',
    from: '<sip:1002@127.0.0.1>;tag=bob',
    to: '<sip:1001@127.0.0.1>',
    callId: 'bare',
    cseq: 1,
    headers: [[H.Contact, '<sip:1002@127.0.0.1:5080>']],
  });
  world.receive(invite.wire);
  const ring = await world.response(180);
  return { world, invite, tag: ring.to.tag ?? '' };
}

describe('what may not ring', () => {
  it.each([
    ['a number that is not ours', 404, { user: '1009' }],
    ['an extension that is required', 420, { headers: [[H.Require, 'precondition']] }],
    ['a broken description', 400, { body: 'v=0\r\nm=' }],
    ['a description without sound', 488, { body: sdp('x').replace('m=audio 40000', 'm=audio 0') }],
    ['a body of another kind', 415, { body: '<x/>', type: 'application/xml' }],
    ['an encoded body', 415, { body: 'x', headers: [[H.ContentEncoding, 'gzip']] }],
    ['no way back', 400, { contact: false }],
  ] as const)('%s is answered with %i', async (_what, status, parts) => {
    const world = await World.registered();
    const given = parts as { user?: string; body?: string; type?: string; contact?: false; headers?: [] };
    const request = buildRequest({
      method: 'INVITE',
      uri: `sip:${given.user ?? '1001'}@127.0.0.1:6000`,
      via: 'SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKodd;rport',
      from: '<sip:1002@127.0.0.1>;tag=bob',
      to: '<sip:1001@127.0.0.1>',
      callId: 'odd',
      cseq: 1,
      headers: [
        ...(given.contact === false ? [] : ([[H.Contact, '<sip:1002@127.0.0.1:5080>']] as const)),
        ...(given.headers ?? []),
      ],
      body: { type: given.type ?? 'application/sdp', content: given.body ?? sdp('theirs') },
    });
    world.receive(request.wire);
    await world.response(status);
    await settle();
    expect(world.calls).toEqual([]);
    expect(world.registration?.state).toBe('registered');
  });

  it('the same INVITE by two ways rings once', async () => {
    const { world, invite } = await ringing();
    world.receive(invite.wire.replace(invite.via.branch, 'z9hG4bKotherway'));
    await world.response(482);
    await settle();
    expect(world.calls.length).toBe(1);
  });

  it.each([
    ['OPTIONS', 200],
    ['BYE', 481],
    ['INFO', 481],
    ['UPDATE', 481],
    ['SUBSCRIBE', 405],
    ['REGISTER', 405],
    ['NOTIFY', 481],
    ['NONSENSE', 501],
  ])('%s outside a call is answered with %i', async (method, status) => {
    const world = await World.registered();
    const request = buildRequest({
      method,
      uri: 'sip:1001@127.0.0.1:6000',
      via: 'SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKout;rport',
      from: '<sip:1002@127.0.0.1>;tag=bob',
      to: '<sip:1001@127.0.0.1>',
      callId: 'out',
      cseq: 1,
    });
    world.receive(request.wire);
    const response = await world.response(status);
    if (status !== 481) expect(response.header(H.Allow)).toContain('INVITE');
  });

  it('a caller who rings and hangs up without end fills no memory', async () => {
    const world = await World.registered();
    for (let i = 0; i < 100; i++) {
      cancel(world, world.invite());
      await settle();
    }
    expect(world.calls.length).toBe(64);
    await world.pass(40_000);
    expect(world.calls).toEqual([]);
    world.invite();
    await settle();
    expect(world.call.state).toBe('incoming');
  });

  it('nothing hostile takes the registration away', async () => {
    const world = await World.registered();
    const base =
      'Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKh;rport\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:1001@x>\r\nCall-ID: h\r\n';
    for (const wire of [
      '',
      '\r\n\r\n',
      'garbage',
      '\x00'.repeat(1_000),
      'INVITE sip:1001@x SIP/2.0\r\n\r\n',
      `INVITE sip:1001@x SIP/7.0\r\n${base}CSeq: 1 INVITE\r\n\r\n`,
      `INVITE sip:1001@x SIP/2.0\r\n${base}CSeq: 1 BYE\r\n\r\n`,
      `INVITE tel:1001 SIP/2.0\r\n${base}CSeq: 1 INVITE\r\n\r\n`,
      `INVITE sip:1001@x SIP/2.0\r\n${base}CSeq: 99999999999 INVITE\r\n\r\n`,
      `INVITE sip:1001@x SIP/2.0\r\n${base}CSeq: 2 INVITE\r\nContact: <sip:\r\nRecord-Route: <<>>\r\n\r\n`,
      `INVITE sip:1001@x SIP/2.0\r\n${base}CSeq: 3 INVITE\r\nContent-Length: 999\r\n\r\nshort`,
      `INVITE sip:1001@x SIP/2.0\r\n${base}CSeq: 4 INVITE\r\nContact: *\r\nExpires: -1\r\nContent-Length: 0\r\n\r\n`,
      `ACK sip:1001@x SIP/2.0\r\n${base}CSeq: 5 ACK\r\n\r\n`,
      `CANCEL sip:1001@x SIP/2.0\r\n${base}CSeq: 6 CANCEL\r\n\r\n`,
      `SIP/2.0 200 OK\r\n${base}CSeq: 1 REGISTER\r\nContact: *\r\n\r\n`,
      `SIP/2.0 999 OK\r\n${base}CSeq: 1 INVITE\r\n\r\n`,
      `SIP/2.0 401 No\r\n${base}CSeq: 1 REGISTER\r\nWWW-Authenticate: Digest ${'a'.repeat(5_000)}\r\n\r\n`,
    ]) {
      world.receive(wire);
      await settle();
    }
    await world.pass(1_000);
    expect(world.registration?.state).toBe('registered');
    expect(world.calls.filter((call) => call.state !== 'ended')).toEqual([]);
    world.invite();
    await world.response(180);
  });
});
