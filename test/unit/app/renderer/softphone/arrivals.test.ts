import { describe, expect, it } from 'vitest';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { sdp, settle, World } from './phone-world.ts';
import { talkTo } from './talks.ts';

async function arriving(headers: readonly HeaderLine[], calls = {}, from = '1002@127.0.0.1') {
  const world = await World.registered({ calls });
  const invite = world.invite(sdp('theirs'), headers, '1001', from);
  await settle();
  return { world, invite };
}

describe('who calls', () => {
  it.each([
    [
      'what the network asserts',
      [[H.PAssertedIdentity, '"Jana" <sip:+420221@127.0.0.1>']],
      { name: 'Jana', number: '+420221' },
    ],
    [
      'a number that the network asserts, with the name that was written',
      [[H.PAssertedIdentity, '<tel:+420221>, <sip:x@y>']],
      { name: 'Bob É', number: '+420221' },
    ],
    [
      'what was written where the network asserts nonsense',
      [[H.PAssertedIdentity, '<<>>']],
      { name: 'Bob É', number: '1002' },
    ],
  ] as const)('is shown by %s', async (_what, headers, peer) => {
    const { world } = await arriving(headers);
    expect(world.call.peer).toMatchObject(peer);
  });

  it('is nobody where From names nobody, whatever else stands there', async () => {
    const headers: readonly HeaderLine[] = [[H.PAssertedIdentity, '<sip:secret@127.0.0.1>']];
    const { world } = await arriving(headers, {}, 'anonymous@anonymous.invalid');
    expect(world.call.peer).toEqual({ name: 'Anonymous', number: '', uri: '' });
  });

  it('is refused where the account wants no anonymous calls (RFC 5079)', async () => {
    const { world } = await arriving([[H.Privacy, 'id']], { refuseAnonymous: true });
    await world.nextResponse(433);
    expect(world.calls).toEqual([]);
  });
});

describe('whom the call is with', () => {
  it('is the one who answered, and after a transfer within the network the new one, as the own server says', async () => {
    const world = await World.registered();
    const talk = await talkTo(world, '1002', [[H.PAssertedIdentity, '"Reception" <sip:1000@127.0.0.1>']]);
    expect(world.call.peer).toMatchObject({ name: 'Reception', number: '1000' });
    world.inDialog('UPDATE', talk.dialog, { headers: [[H.PAssertedIdentity, '"Mei" <sip:1006@127.0.0.1>']] });
    await world.nextResponse(200);
    await settle();
    expect(world.call.peer).toMatchObject({ name: 'Mei', number: '1006' });
  });

  it.each(['"Your Bank" <sip:800@elsewhere.example>', '<sip:anonymous@127.0.0.1>', '<tel:800>', 'nonsense <'])(
    'is not changed by %s',
    async (identity) => {
      const world = await World.registered();
      const talk = await talkTo(world);
      world.inDialog('UPDATE', talk.dialog, { headers: [[H.PAssertedIdentity, identity]] });
      await world.nextResponse(200);
      await settle();
      expect(world.call.peer).toMatchObject({ name: '', number: '1002' });
    },
  );
});

describe('by which way a call came', () => {
  it.each([
    [
      'Diversion',
      [[H.Diversion, '"Kofi" <sip:1005@x>;reason=user-busy, <sip:1009@x>;reason=no-answer']],
      'Forwarded by Kofi, who was busy',
    ],
    ['Diversion of a kind unknown', [[H.Diversion, '<sip:1005@x>;reason=whatever']], 'Forwarded by 1005'],
    [
      'History-Info',
      [[H.HistoryInfo, '<sip:1005@x>;index=1, <sip:1001@x;cause=408>;index=1.1']],
      'Forwarded by 1005, who did not answer',
    ],
    [
      'History-Info with a Reason within',
      [
        [H.HistoryInfo, '<sip:1005@x?Reason=SIP%3Bcause%3D486>;index=1'],
        [H.HistoryInfo, '<sip:1001@x>;index=1.1'],
      ],
      'Forwarded by 1005, who was busy',
    ],
    [
      'History-Info that leads nowhere else',
      [[H.HistoryInfo, '<sip:1001@x>;index=1, <sip:1001@y>;index=1.1']],
      undefined,
    ],
    ['Referred-By', [[H.ReferredBy, '"Eve" <sip:1007@x>']], 'Transferred by Eve'],
    [
      'nonsense',
      [
        [H.Diversion, '"'],
        [H.HistoryInfo, '<sip:;;>;index=1'],
      ],
      undefined,
    ],
  ] as const)('is told from %s', async (_what, headers, words) => {
    const { world } = await arriving(headers as readonly HeaderLine[]);
    expect(world.call.detour).toBe(words);
  });
});

describe('a call that asks to be answered by itself', () => {
  const ASKS: readonly HeaderLine[] = [[H.CallInfo, '<sip:x>;answer-after=0']];

  it.each([
    ['Call-Info', ASKS],
    ['Alert-Info', [[H.AlertInfo, '<http://x>;info=alert-autoanswer']]],
    ['Answer-Mode', [['Answer-Mode', 'Auto']]],
  ] as const)('by %s is answered where the account allows it', async (_what, headers) => {
    const { world } = await arriving(headers, { autoAnswer: 'intercom' });
    // Nobody is listened to without warning: it rings for a moment.
    await world.pass(900);
    expect(world.call.state).toBe('incoming');
    await world.pass(200);
    expect(world.call.state).toBe('connecting');
  });

  it('is answered after the time that it names', async () => {
    const { world } = await arriving([[H.CallInfo, '<sip:x>;answer-after=5']], { autoAnswer: 'intercom' });
    await world.pass(4_500);
    expect(world.call.state).toBe('incoming');
    await world.pass(1_000);
    expect(world.call.state).toBe('connecting');
  });

  it('rings like any other where the account allows nothing, and so does one that asks for nothing', async () => {
    const { world } = await arriving(ASKS);
    await world.pass(1_000);
    expect(world.call.state).toBe('incoming');
    const plain = await arriving([], { autoAnswer: 'intercom' });
    await plain.world.pass(1_000);
    expect(plain.world.call.state).toBe('incoming');
  });

  it('rings where it comes from another domain', async () => {
    const { world } = await arriving(ASKS, { autoAnswer: 'intercom' }, '1002@elsewhere.example');
    await world.pass(1_000);
    expect(world.call.state).toBe('incoming');
  });

  it('waits while somebody is talked to', async () => {
    const world = await World.registered({ calls: { autoAnswer: 'always' } });
    await talkTo(world);
    world.invite();
    await world.pass(1_000);
    expect(world.calls.map((call) => call.state).sort()).toEqual(['active', 'incoming']);
  });

  it('and any other is answered where the account answers all', async () => {
    const { world } = await arriving([], { autoAnswer: 'always' });
    await world.pass(10);
    expect(world.call.state).toBe('connecting');
  });
});

it('a call by sips: that came by a way on which others can listen is refused, with the reason (RFC 5630)', async () => {
  const world = await World.registered();
  const invite = world.invite();
  const secure = invite.wire.replace(/^INVITE sip:/, 'INVITE sips:').replace(/branch=\w+/, 'branch=z9hG4bKsips');
  world.receive(secure.replace(/Call-ID: .*/, 'Call-ID: other'));
  expect((await world.nextResponse(480)).header(H.Warning)).toBe('380 tandem.invalid "SIPS Not Allowed"');
  expect(world.calls).toHaveLength(1);
});
