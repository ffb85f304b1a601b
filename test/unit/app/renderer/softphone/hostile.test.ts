/** Thousands of spoilt messages thrown into calls in every state: the phone stays registered, answers nobody twice, and can call. */
import { expect, it } from 'vitest';
import { mutate } from '../../../../fuzz/mutate.ts';
import { chance } from '../../../../support/rough-network.ts';
import { sdp, settle, World } from './phone-world.ts';
import { answeredFrom, callOf, dialogOf, type Talk, talkTo } from './talks.ts';

const MESSAGES = 3_000;

/** What a peer may say in a call, sound. */
function* sound(world: World, talk: Talk): Generator<string> {
  const { callId, local, remote } = talk.dialog;
  const request = (method: string, lines: readonly string[], body = ''): string =>
    [
      `${method} sip:1001@127.0.0.1:6000 SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKf${world.nextCseq()};rport`,
      `From: ${remote}`,
      `To: ${local}`,
      `Call-ID: ${callId}`,
      `CSeq: ${world.nextCseq()} ${method}`,
      'Contact: <sip:peer@127.0.0.1:5090>',
      ...lines,
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  const SDP = 'Content-Type: application/sdp';
  for (;;) {
    yield request('INVITE', [SDP, 'Session-Expires: 300;refresher=uac', 'Supported: timer'], sdp('x', 'sendonly'));
    yield request('UPDATE', [SDP, 'Min-SE: 90'], sdp('y'));
    yield request('REFER', [
      'Refer-To: <sip:1005@127.0.0.1?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>',
      'Referred-By: <sip:x@y>',
    ]);
    yield request(
      'NOTIFY',
      ['Event: refer;id=2', 'Subscription-State: active', 'Content-Type: message/sipfrag'],
      'SIP/2.0 180 R\r\n',
    );
    yield request('PRACK', ['RAck: 1 1 INVITE']);
    yield request('INFO', ['Content-Type: application/dtmf-relay'], 'Signal=1\r\nDuration=160\r\n');
    yield request('ACK', [SDP], sdp('z'));
    yield request('OPTIONS', []);
    yield request(
      'INVITE',
      [
        `Replaces: ${callId};to-tag=a;from-tag=b`,
        'Alert-Info: <x>;info=alert-autoanswer',
        'Diversion: <sip:a@b>;reason=user-busy',
        'History-Info: <sip:a@b>;index=1, <sip:c@d>;index=1.1',
        SDP,
      ],
      sdp('new'),
    )
      .replace(/^To: .*$/m, 'To: <sip:1001@127.0.0.1>\r')
      .replace(/^Call-ID: .*$/m, `Call-ID: new${world.nextCseq()}\r`);
    yield request('BYE', ['Reason: Q.850;cause=16;text="x"']);
  }
}

it('no spoilt message in a call takes the phone away', async () => {
  const random = chance(4_711);
  const world = await World.registered({ expires: 7_200, calls: { autoAnswer: 'intercom', transfers: 'always' } });
  let talk = await answeredFrom(world);
  let messages = sound(world, talk);
  for (let i = 0; i < MESSAGES; i++) {
    if (callOf(world, talk.id).state === 'ended') {
      await world.pass(33_000);
      for (const call of world.calls) world.softphone.hangUp(call.id);
      await world.pass(33_000);
      talk = random() < 0.5 ? await talkTo(world) : await answeredFrom(world);
      messages = sound(world, talk);
    }
    const wire = String(messages.next().value);
    world.receive(random() < 0.1 ? wire : mutate(wire, random));
    if (random() < 0.02) world.softphone.hold(talk.id);
    if (random() < 0.02) world.softphone.resume(talk.id);
    if (random() < 0.02) world.softphone.transfer(talk.id, '1003');
    if (random() < 0.02) for (const call of world.calls) world.softphone.answer(call.id);
    await settle();
  }
  await world.pass(400_000);
  expect(world.registration?.state).toBe('registered');
  for (const call of world.calls) world.softphone.hangUp(call.id);
  await world.pass(70_000);
  expect(world.calls).toEqual([]);
  const last = await talkTo(world);
  expect(callOf(world, last.id).state).toBe('active');
});

it('no spoilt answer to our INVITE does either', async () => {
  const random = chance(815);
  const world = await World.registered({ expires: 7_200, calls: { lateOffer: true, redirects: 'always' } });
  for (let round = 0; round < 150; round++) {
    const made = world.softphone.call('1002');
    if (!made.ok) throw new Error(made.reason);
    const invite = await world.nextRequest('INVITE');
    const { callId, local } = dialogOf(invite, 'bob');
    const answer = (status: number, lines: readonly string[], body = ''): string =>
      [
        `SIP/2.0 ${status} X`,
        `Via: ${invite.via.toString()}`,
        `From: ${local}`,
        `To: <sip:1002@127.0.0.1>;tag=t${Math.floor(random() * 4)}`,
        `Call-ID: ${callId}`,
        `CSeq: ${invite.cseq} INVITE`,
        'Contact: <sip:bob@127.0.0.1:5070>',
        ...lines,
        ...(body === '' ? [] : ['Content-Type: application/sdp']),
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n');
    const all = [
      answer(183, ['Require: 100rel', `RSeq: ${Math.floor(random() * 3)}`], sdp('early')),
      answer(180, []),
      answer(422, ['Min-SE: 600']),
      answer(302, ['Contact: <sip:c@127.0.0.1>']),
      answer(200, ['Session-Expires: 90;refresher=uac'], sdp('answer')),
      answer(200, ['Record-Route: <sip:127.0.0.1;lr>']),
      answer(486, ['Reason: Q.850;cause=17']),
    ];
    for (let i = 0; i < 6; i++) {
      world.receive(mutate(all[Math.floor(random() * all.length)] ?? '', random));
      await settle();
    }
    world.softphone.hangUp(made.callId);
    await world.pass(100);
  }
  await world.pass(400_000);
  expect(world.calls).toEqual([]);
  expect(world.registration?.state).toBe('registered');
  const last = await talkTo(world, '1003');
  expect(callOf(world, last.id).state).toBe('active');
});
