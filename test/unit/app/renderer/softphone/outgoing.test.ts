import { describe, expect, it } from 'vitest';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { isResponse, sdp, settle, World } from './phone-world.ts';

async function calling(target = '1002'): Promise<{ world: World; invite: SipRequest }> {
  const world = await World.registered();
  expect(world.softphone.call(target)).toMatchObject({ ok: true });
  return { world, invite: await world.request('INVITE') };
}

async function talking(): Promise<{ world: World; invite: SipRequest }> {
  const { world, invite } = await calling();
  world.answer(invite, 200, 'bob', sdp('theirs'));
  await world.request('ACK');
  await settle();
  expect(world.call.state).toBe('active');
  return { world, invite };
}

describe('a call from here', () => {
  it('rings, is answered, and ends by our BYE', async () => {
    const { world, invite } = await calling();
    expect(invite.uriText).toBe('sip:1002@127.0.0.1:5060');
    expect([invite.from.display, invite.from.uriText, invite.to.tag]).toEqual([
      'Anna',
      'sip:1001@127.0.0.1:5060',
      undefined,
    ]);
    expect([invite.header(H.Contact), invite.header(H.ContentType)]).toEqual([
      '<sip:1001@127.0.0.1:6000>',
      'application/sdp',
    ]);
    expect(world.call).toMatchObject({ direction: 'outgoing', state: 'calling', peer: { number: '1002' } });
    world.answer(invite, 180, 'bob');
    await settle();
    expect(world.call.state).toBe('ringing');
    world.answer(invite, 200, 'bob', sdp('theirs'), [[H.RecordRoute, '<sip:127.0.0.1:5060;lr>']]);
    const ack = await world.request('ACK');
    expect([ack.uriText, ack.list(H.Route), ack.to.tag]).toEqual([
      'sip:bob@127.0.0.1:5070',
      ['<sip:127.0.0.1:5060;lr>'],
      'bob',
    ]);
    await settle();
    expect(world.call).toMatchObject({ state: 'active', answeredAt: world.clock.now() });
    world.answer(invite, 200, 'bob', sdp('theirs'));
    expect((await world.request('ACK')).cseq).toBe(ack.cseq);
    world.softphone.hangUp(world.call.id);
    const bye = await world.request('BYE');
    expect([bye.uriText, bye.cseq]).toEqual(['sip:bob@127.0.0.1:5070', invite.cseq + 1]);
    await settle();
    expect(world.call).toMatchObject({ state: 'ended', endedAt: world.clock.now() });
    expect(world.call.notice).toBeUndefined();
    expect(world.media).toEqual(['unmuted', 'gateway offers', 'gateway takes theirs', 'page closes', 'gateway closes']);
  });

  it('ends here whether or not the BYE is answered', async () => {
    const { world } = await talking();
    world.softphone.hangUp(world.call.id);
    await settle();
    expect(world.call.state).toBe('ended');
    await world.pass(40_000);
    expect(world.calls).toEqual([]);
  });

  it('plays early sound, of the phone that rang last, and takes it for the answer where the 200 has none', async () => {
    const { world, invite } = await calling();
    world.answer(invite, 183, 'one', sdp('early-one'));
    await settle();
    expect(world.call.state).toBe('ringing');
    world.answer(invite, 183, 'two', sdp('early-two'));
    world.answer(invite, 183, 'two', sdp('early-two'));
    world.answer(invite, 200, 'two');
    await world.request('ACK');
    await settle();
    expect(world.call.state).toBe('active');
    expect(world.media.slice(2)).toEqual([
      'gateway takes early-one',
      'gateway takes early-two',
      'gateway takes early-two',
    ]);
  });

  it('is not ended by a phone that answered second, whatever that says', async () => {
    const { world, invite } = await calling();
    world.answer(invite, 200, 'bob', sdp('theirs'));
    world.answer(invite, 200, 'eve', sdp('hers'));
    await settle();
    await world.pass(10);
    const eve = {
      callId: invite.callId,
      local: `<sip:1001@127.0.0.1>;tag=${invite.from.tag}`,
      remote: '<sip:1002@127.0.0.1>;tag=eve',
    };
    world.inDialog('INVITE', eve, { body: sdp('hold', 'sendonly') });
    await world.nextResponse(481);
    world.inDialog('BYE', eve);
    await world.nextResponse(200);
    await settle();
    expect(world.call).toMatchObject({ state: 'active', heldByPeer: false });
  });

  it('ends a second answer of a forked call and keeps the first', async () => {
    const { world, invite } = await talking();
    world.answer(invite, 200, 'other', sdp('too-late'));
    expect((await world.request('ACK')).to.tag).toBe('other');
    expect((await world.request('BYE')).to.tag).toBe('other');
    expect(world.call.state).toBe('active');
    expect(world.media).not.toContain('gateway takes too-late');
  });

  it.each([
    [486, '1002 is busy.'],
    [404, 'There is no such number: 1002.'],
    [480, '1002 is not available now.'],
    [603, '1002 declined the call.'],
    [488, 'No kind of sound is shared with the other side.'],
    [503, 'The server cannot take calls now.'],
    [599, 'The server had a fault (599).'],
    [699, 'The call was refused everywhere (699).'],
    [302, '1002 has moved, and the server does not say where to.'],
  ])('tells in a sentence what %i means', async (status, sentence) => {
    const { world, invite } = await calling();
    world.reply(invite, status, { toTag: 'x' });
    expect((await world.request('ACK')).via.branch).toBe(invite.via.branch);
    await settle();
    expect(world.call).toMatchObject({ state: 'ended', notice: sentence });
    expect(world.media.slice(-2)).toEqual(['page closes', 'gateway closes']);
  });

  it.each([
    [503, 'Q.850;cause=34;text="No circuit"', 'All lines are taken now.'],
    [404, 'Q.850;cause=1', 'The number is not in use.'],
    [486, 'Q.850;cause=17', '1002 is busy.'],
    [480, 'Q.850;cause=31', '1002 is not available now.'],
    [500, 'Q.850;cause=999, x, SIP;cause=500', 'The server had an internal fault.'],
  ])('tells %i with %s in words', async (status, reason, sentence) => {
    const { world, invite } = await calling();
    world.reply(invite, status, { toTag: 'x', headers: [[H.Reason, reason]] });
    await world.request('ACK');
    await settle();
    expect(world.call.notice).toBe(sentence);
  });

  it('tells that nobody answers at the server', async () => {
    const { world } = await calling();
    await world.pass(33_000);
    expect(world.calls[0]).toMatchObject({ state: 'ended', notice: 'The server does not answer.' });
  });

  it('stops ringing after three minutes', async () => {
    const { world, invite } = await calling();
    world.answer(invite, 180, 'bob');
    const sent = await world.pass(181_000);
    expect(sent.some((message) => message.kind === 'request' && message.method === 'CANCEL')).toBe(true);
    expect(world.call).toMatchObject({ state: 'ended', notice: '1002 did not answer.' });
  });

  it('answers a challenge for the call and puts the answer into the ACK too', async () => {
    const { world, invite } = await calling();
    world.reply(invite, 407, {
      toTag: 'p',
      headers: [[H.ProxyAuthenticate, 'Digest realm="r", nonce="n", qop="auth"']],
    });
    await world.request('ACK');
    const second = await world.request('INVITE');
    expect([second.cseq, second.callId, second.from.tag]).toEqual([invite.cseq + 1, invite.callId, invite.from.tag]);
    expect(second.header(H.ProxyAuthorization)).toContain('username="1001"');
    world.answer(second, 200, 'bob', sdp('theirs'));
    const ack = await world.request('ACK');
    expect([ack.cseq, ack.header(H.ProxyAuthorization)]).toEqual([second.cseq, second.header(H.ProxyAuthorization)]);
    await settle();
    world.softphone.hangUp(world.call.id);
    const bye = await world.request('BYE');
    expect([bye.cseq, bye.header(H.ProxyAuthorization)]).toEqual([
      second.cseq + 1,
      expect.stringContaining('nc=00000002'),
    ]);
  });

  it('says that the password is wrong where the server refuses it', async () => {
    const { world, invite } = await calling();
    const headers = [[H.ProxyAuthenticate, 'Digest realm="r", nonce="n", qop="auth"']] as const;
    world.reply(invite, 407, { toTag: 'p', headers });
    await world.request('ACK');
    world.reply(await world.request('INVITE'), 407, { toTag: 'p', headers });
    await world.request('ACK');
    await settle();
    expect(world.call).toMatchObject({ state: 'ended', notice: 'The server refused the password of this account.' });
  });

  it('follows redirections, best first, not in circles and not for ever', async () => {
    const { world, invite } = await calling();
    const contact = '<sip:b@127.0.0.1>;q=0.2, <sip:a@127.0.0.1>;q=0.9, <sips:c@x>, <tel:1>, <sip:1002@127.0.0.1:5060>';
    world.reply(invite, 302, { toTag: 'x', headers: [[H.Contact, contact]] });
    await world.request('ACK');
    const second = await world.request('INVITE');
    expect([second.uriText, second.to.toString(), second.callId, second.cseq, second.to.tag]).toEqual([
      'sip:a@127.0.0.1',
      // What was called first (RFC 3261 §8.1.3.4).
      invite.to.toString(),
      invite.callId,
      invite.cseq + 1,
      undefined,
    ]);
    world.reply(second, 404, { toTag: 'x' });
    await world.request('ACK');
    let next = await world.request('INVITE');
    expect(next.uriText).toBe('sip:b@127.0.0.1');
    let count = 0;
    for (; count < 20; count++) {
      world.reply(next, 302, { toTag: 'x', headers: [[H.Contact, `<sip:next${count}@127.0.0.1>`]] });
      await world.request('ACK');
      await settle();
      if (world.call.state === 'ended') break;
      next = await world.request('INVITE');
    }
    expect(count).toBeLessThan(6);
  });

  it('asks before it follows a redirection out of its own domain', async () => {
    const { world, invite } = await calling();
    const contact = '<sip:900@expensive.example>, <sip:901@expensive.example>;q=0.1';
    world.reply(invite, 302, { toTag: 'x', headers: [[H.Contact, contact]] });
    await world.request('ACK');
    await world.nothing();
    expect(world.call).toMatchObject({ state: 'calling', question: '1002 has moved to 900@expensive.example.' });
    world.softphone.consent(world.call.id, true);
    const second = await world.request('INVITE');
    expect([second.uriText, second.callId]).toEqual(['sip:900@expensive.example', invite.callId]);
    world.reply(second, 486, { toTag: 'y' });
    await world.request('ACK');
    await settle();
    world.softphone.consent(world.call.id, false);
    await settle();
    expect(world.call).toMatchObject({ state: 'ended', notice: '1002 has moved.' });
    await world.nothing();
  });

  it.each([
    ['never', undefined],
    ['always', 'sip:900@expensive.example'],
  ] as const)('follows redirections elsewhere %s where the account says so', async (redirects, uri) => {
    const world = await World.registered({ calls: { redirects } });
    world.softphone.call('1002');
    const invite = await world.request('INVITE');
    world.reply(invite, 302, { toTag: 'x', headers: [[H.Contact, '<sip:900@expensive.example>']] });
    await world.request('ACK');
    if (uri === undefined) {
      await world.nothing();
      expect(world.call).toMatchObject({ state: 'ended', notice: '1002 has moved, and is not followed.' });
    } else expect((await world.request('INVITE')).uriText).toBe(uri);
  });

  it('hides the number where the account or the call says so, and tells the own server who calls', async () => {
    const world = await World.registered({ calls: { anonymous: true } });
    world.softphone.call('1002');
    const invite = await world.request('INVITE');
    expect([invite.from.uriText, invite.header(H.Privacy), invite.header(H.PPreferredIdentity)]).toEqual([
      'sip:anonymous@anonymous.invalid',
      'id',
      '"Anna" <sip:1001@127.0.0.1:5060>',
    ]);
    expect(invite.header(H.Contact)).toMatch(/^<sip:anonymous@127\.0\.0\.1:\d+>$/);
    world.softphone.call('1003', { anonymous: false });
    expect((await world.request('INVITE')).from.uriText).toBe('sip:1001@127.0.0.1:5060');
  });

  it('takes the place of a call that rings elsewhere (pickup)', async () => {
    const world = await World.registered();
    const replaces = { callId: 'abc@x', toTag: 't', fromTag: 'f', earlyOnly: true };
    world.softphone.call('sip:1009@127.0.0.1:5099', { replaces });
    const invite = await world.request('INVITE');
    expect([invite.header(H.Replaces), invite.list(H.Require)]).toEqual([
      'abc@x;to-tag=t;from-tag=f;early-only',
      ['replaces'],
    ]);
  });

  it('does not call without a microphone, and says so', async () => {
    const world = await World.registered();
    world.noMicrophone = 'There is no microphone: plug one in and call again.';
    world.softphone.call('1002');
    await world.nothing();
    expect(world.call).toMatchObject({ state: 'ended', notice: world.noMicrophone });
  });

  it('ends a call whose answer cannot be played', async () => {
    const { world, invite } = await calling();
    world.refuseMedia = { status: 488, reason: 'The answer has no codec in common' };
    world.answer(invite, 200, 'bob', sdp('theirs'));
    await world.request('ACK');
    await world.request('BYE');
    await settle();
    expect(world.call).toMatchObject({ state: 'ended', notice: 'The answer has no codec in common.' });
  });

  it('takes a first answer without any description to its end', async () => {
    const { world, invite } = await calling();
    world.answer(invite, 200, 'bob');
    await world.request('ACK');
    await world.request('BYE');
    expect(world.call.state).toBe('ended');
  });
});

describe('giving up and being answered, in every order', () => {
  it('cancels at once after a provisional response', async () => {
    const { world, invite } = await calling();
    world.answer(invite, 180, 'bob');
    world.softphone.hangUp(world.call.id);
    const cancel = await world.request('CANCEL');
    expect([cancel.via.branch, cancel.cseq, cancel.uriText]).toEqual([invite.via.branch, invite.cseq, invite.uriText]);
    expect(world.call.state).toBe('ended');
    world.reply(cancel, 200);
    world.reply(invite, 487, { toTag: 'bob' });
    await world.request('ACK');
    await world.nothing();
    expect(world.call.notice).toBeUndefined();
  });

  it('cancels only once a provisional response came', async () => {
    const { world, invite } = await calling();
    world.softphone.hangUp(world.call.id);
    await world.nothing();
    world.reply(invite, 100);
    await world.request('CANCEL');
  });

  it('acknowledges and ends the call that was answered all the same', async () => {
    const { world, invite } = await calling();
    world.answer(invite, 180, 'bob');
    world.softphone.hangUp(world.call.id);
    await world.request('CANCEL');
    world.answer(invite, 200, 'bob', sdp('theirs'));
    await world.request('ACK');
    await world.request('BYE');
    world.answer(invite, 200, 'bob', sdp('theirs'));
    await world.request('ACK');
    // The second phone that answered is not forgotten either.
    world.answer(invite, 200, 'eve', sdp('theirs'));
    expect((await world.request('ACK')).to.tag).toBe('eve');
    expect((await world.request('BYE')).to.tag).toBe('eve');
    expect(world.call.state).toBe('ended');
  });

  it('does not send an INVITE that was given up while it was being prepared', async () => {
    const world = await World.registered();
    world.softphone.call('1002');
    const made = world.softphone.call('1003');
    if (made.ok) world.softphone.hangUp(made.callId);
    const sent = await world.pass(100);
    expect(sent.map((message) => !isResponse(message) && message.uriText)).toEqual(['sip:1002@127.0.0.1:5060']);
    expect(world.calls.map((call) => call.state)).toEqual(['calling', 'ended']);
  });

  it('does not answer a challenge for a call that was given up', async () => {
    const { world, invite } = await calling();
    world.reply(invite, 100);
    world.softphone.hangUp(world.call.id);
    await world.request('CANCEL');
    world.reply(invite, 407, { toTag: 'p', headers: [[H.ProxyAuthenticate, 'Digest realm="r", nonce="n"']] });
    await world.request('ACK');
    await world.nothing();
  });
});

describe('an answered call', () => {
  const dialogOf = (invite: SipRequest) => ({
    callId: invite.callId,
    local: `<sip:1001@127.0.0.1>;tag=${invite.from.tag}`,
    remote: '<sip:1002@127.0.0.1>;tag=bob',
  });

  it('ends by the BYE of the peer', async () => {
    const { world, invite } = await talking();
    world.inDialog('BYE', dialogOf(invite));
    await world.response(200);
    await settle();
    expect(world.call).toMatchObject({ state: 'ended', notice: 'The other side hung up.' });
  });

  it.each([
    ['Q.850;cause=38', 'The call was ended: The network is out of order.'],
    ['Q.850 ;cause=16;text="Normal call clearing"', 'The other side hung up.'],
    ['SIP;cause=480;text="Battery\t empty"', 'The call was ended: Battery  empty.'],
    ['nonsense', 'The other side hung up.'],
    [`SIP;cause=1;text="${'x'.repeat(500)}"`, `The call was ended: ${'x'.repeat(80)}.`],
  ])('says what %s in a BYE means', async (reason, notice) => {
    const { world, invite } = await talking();
    world.inDialog('BYE', dialogOf(invite), { headers: [[H.Reason, reason]] });
    await world.response(200);
    await settle();
    expect(world.call.notice).toBe(notice);
  });

  it('is held and taken up again by re-INVITE, and follows the new Contact', async () => {
    const { world, invite } = await talking();
    const hold = world.inDialog('INVITE', dialogOf(invite), { body: sdp('hold', 'sendonly') });
    const ok = await world.response(200);
    expect(ok.body).toBe(sdp('our-answer', 'recvonly'));
    expect(ok.header(H.Contact)).toBe('<sip:1001@127.0.0.1:6000>');
    await settle();
    expect(world.call.heldByPeer).toBe(true);
    world.inDialog('ACK', { ...dialogOf(invite), cseq: hold.cseq });
    expect(await world.pass(5_000)).toEqual([]);
    const resume = world.inDialog('INVITE', dialogOf(invite), { body: sdp('resume') });
    await world.response(200);
    world.inDialog('ACK', { ...dialogOf(invite), cseq: resume.cseq });
    await settle();
    expect([world.call.heldByPeer, world.call.state]).toEqual([false, 'active']);
    world.softphone.hangUp(world.call.id);
    expect((await world.request('BYE')).uriText).toBe('sip:peer@127.0.0.1:5090');
  });

  it('goes on when the ACK to a change never comes', async () => {
    const { world, invite } = await talking();
    world.inDialog('INVITE', dialogOf(invite), { body: sdp('change') });
    const sent = await world.pass(40_000);
    expect(sent.filter(isResponse).length).toBeGreaterThan(5);
    expect(sent.some((message) => !isResponse(message) && message.method === 'BYE')).toBe(false);
    expect(world.call.state).toBe('active');
  });

  it('offers anew where the peer asks for it', async () => {
    const { world, invite } = await talking();
    const refresh = world.inDialog('INVITE', dialogOf(invite));
    expect((await world.response(200)).body).toBe(sdp('ours'));
    world.inDialog('ACK', { ...dialogOf(invite), cseq: refresh.cseq }, { body: sdp('late-answer') });
    await settle();
    expect(world.media.at(-1)).toBe('gateway takes late-answer');
    expect(world.call.state).toBe('active');
  });

  it.each([
    ['v=0\r\nrubbish', 400],
    [sdp('x').replace('m=audio', 'm=video'), 488],
    ['\x00\xff', 400],
  ])('refuses the offer %j with %i and goes on', async (body, status) => {
    const { world, invite } = await talking();
    world.inDialog('INVITE', dialogOf(invite), { body });
    await world.response(status);
    expect(world.call.state).toBe('active');
  });

  it('refuses what the gateway refuses, and goes on', async () => {
    const { world, invite } = await talking();
    world.refuseMedia = { status: 488, reason: 'Nothing in common' };
    world.inDialog('INVITE', dialogOf(invite), { body: sdp('codec') });
    await world.response(488);
    expect(world.media).toContain('page rolls back');
    expect(world.call.state).toBe('active');
  });

  it('takes one change at a time', async () => {
    const { world, invite } = await talking();
    world.inDialog('INVITE', dialogOf(invite), { body: sdp('first') });
    world.inDialog('INVITE', dialogOf(invite), { body: sdp('second') });
    expect((await world.response(500)).header(H.RetryAfter)).toBe('2');
    await world.response(200);
  });

  it('answers requests that change nothing', async () => {
    const { world, invite } = await talking();
    for (const [method, status] of [
      ['OPTIONS', 200],
      ['INFO', 200],
      ['UPDATE', 200],
      ['MESSAGE', 200],
      ['REFER', 400],
      ['NOTIFY', 481],
      ['PRACK', 481],
      ['FOO', 501],
    ] as const) {
      world.inDialog(method, dialogOf(invite));
      await world.response(status);
    }
    world.inDialog('INVITE', { ...dialogOf(invite), cseq: 1 }, { body: sdp('old') });
    await world.response(500);
    world.inDialog('OPTIONS', dialogOf(invite), { headers: [[H.Require, 'replaces, precondition']] });
    expect((await world.response(420)).header(H.Unsupported)).toBe('precondition');
    world.inDialog('BYE', { ...dialogOf(invite), remote: '<sip:eve@x>;tag=eve' });
    await world.response(481);
    expect(world.call.state).toBe('active');
  });

  it('sounds on when everything about signalling breaks', async () => {
    const { world } = await talking();
    world.closeFlow('The server closed the connection.');
    world.openFails = 'The server cannot be found.';
    await world.pass(120_000);
    expect(world.call.state).toBe('active');
    expect(world.media).not.toContain('gateway closes');
    world.softphone.hangUp(world.call.id);
    await settle();
    expect(world.call.state).toBe('ended');
  });

  it('mutes, sends digits, and shows how the sound is', async () => {
    const { world } = await talking();
    const { id } = world.call;
    world.softphone.setMuted(id, true);
    for (const digit of ['1', '#', 'x', '12', '']) world.softphone.sendDigit(id, digit);
    await world.pass(1_100);
    expect(world.call).toMatchObject({
      muted: true,
      digits: '1#',
      quality: { codec: 'PCMU', received: 1, sent: 2, lost: 0, jitterMs: 1 },
    });
    expect(world.media.slice(-3)).toEqual(['muted', 'digit 1', 'digit #']);
  });

  it('says when no sound comes, and takes it back', async () => {
    const { world } = await talking();
    world.silence('never');
    await settle();
    expect(world.call.notice).toBe('No sound arrives from the other side.');
    world.silence('resumed');
    await settle();
    expect(world.call.notice).toBeUndefined();
  });

  it('says when the microphone vanishes, and ends where the gateway does', async () => {
    const { world } = await talking();
    world.silence('stopped');
    world.peerMedia?.microphone('lost');
    await settle();
    expect(world.call.notice).toContain('cannot hear you');
    world.peerMedia?.microphone('replaced');
    await settle();
    expect(world.call.notice).toBe('No sound arrives from the other side.');
    world.silence('resumed');
    await settle();
    expect(world.call.notice).toContain('another one is used');
    world.peerMedia?.failed();
    await world.request('BYE');
    await settle();
    expect(world.call).toMatchObject({ state: 'ended', notice: expect.stringContaining('broke down') });
  });

  it('ends with its reason when the phone service was restarted, and registers again', async () => {
    const { world } = await talking();
    world.restartService();
    await settle();
    expect(world.call).toMatchObject({ state: 'ended', notice: expect.stringContaining('stopped') });
    const sent = (await world.pass(100)).map((message) => message.kind === 'request' && message.method);
    // By the new connection, since nobody would carry it on the one before.
    expect(sent).toContain('BYE');
    expect(sent).toContain('REGISTER');
  });

  it('ends also where the phone service was restarted and finds no connection', async () => {
    const { world } = await talking();
    world.openFails = 'No network.';
    world.restartService();
    await settle();
    expect(world.call).toMatchObject({ state: 'ended', notice: expect.stringContaining('stopped') });
  });
});
