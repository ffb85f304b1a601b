/** Candidates told by INFO within calls: when one may go, to whom, and what is answered to those of others. */
import { describe, expect, it } from 'vitest';
import { buildRequest, type HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { isResponse, sdp, settle, World, type WorldOptions } from './phone-world.ts';
import { acceptChange, answeredFrom, callOf, dialogOf, type Talk, talkTo } from './talks.ts';

const TAKES: HeaderLine = [H.RecvInfo, 'trickle-ice'];
const RELIABLE: readonly HeaderLine[] = [
  [H.Require, '100rel'],
  [H.RSeq, '1'],
];
const TYPE = 'application/trickle-ice-sdpfrag';
const fragment = (port: number, ufrag = 'abcd'): string =>
  `a=ice-pwd:${'p'.repeat(22)}\r\na=ice-ufrag:${ufrag}\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n` +
  `a=candidate:1 1 UDP 1 127.0.0.1 ${port} typ host\r\n`;
const trickling = (name: string): string => `${sdp(name)}a=mid:0\r\na=ice-options:trickle ice2\r\n`;

async function calling(options: WorldOptions = {}) {
  const world = await World.registered(options);
  world.softphone.call('1002');
  return { world, invite: await world.request('INVITE') };
}

let cseq = 5_000;
/** An INFO of the other side; `type` is that of its body. */
function inform(
  world: World,
  { callId, local, remote }: Talk['dialog'],
  parts: { package?: string | undefined; type?: string; body?: string; cseq?: number; branch?: string } = {},
): void {
  const { package: name = 'trickle-ice', type = TYPE, body = fragment(1) } = parts;
  const request = buildRequest({
    method: 'INFO',
    uri: 'sip:1001@127.0.0.1:6000',
    via: `SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK${parts.branch ?? `info${++cseq}`};rport`,
    from: remote,
    to: local,
    callId,
    cseq: parts.cseq ?? ++cseq,
    headers: [['Info-Package', name]],
    body: { type, content: body },
  });
  world.receive(request.wire);
}

/** The next INFO is one of candidates; gives what it tells. */
async function told(world: World): Promise<SipRequest> {
  const info = await world.request('INFO');
  expect(info.headers.named('Info-Package')).toBe('trickle-ice');
  expect([info.header(H.ContentType), info.header(H.ContentDisposition)]).toEqual([TYPE, 'Info-Package']);
  return info;
}

describe('what the phone says of itself', () => {
  it('names the package in its INVITE, its 18x and its 2xx', async () => {
    const { invite } = await calling();
    expect(invite.list(H.RecvInfo)).toEqual(['trickle-ice']);
    expect(invite.list(H.Supported)).toContain('trickle-ice');
    const world = await World.registered();
    world.invite();
    expect((await world.response(180)).list(H.RecvInfo)).toEqual(['trickle-ice']);
    world.softphone.answer(world.call.id);
    expect((await world.response(200)).list(H.RecvInfo)).toEqual(['trickle-ice']);
  });

  it('says nothing of it where ICE is never wanted, and then takes none', async () => {
    const world = await World.registered({ calls: { ice: 'never' } });
    const talk = await talkTo(world, '1002', [TAKES]);
    expect([...talk.invite.list(H.RecvInfo), ...talk.invite.list(H.Supported)]).not.toContain('trickle-ice');
    inform(world, talk.dialog);
    expect((await world.response(469)).header(H.RecvInfo)).toBe('');
    expect(world.heard).toEqual([]);
    world.candidates(fragment(1));
    await world.nothing();
  });
});

describe('candidates of ours in a call from here', () => {
  it('go to a phone that rings and has described itself, and again with all of them, one INFO at a time', async () => {
    const { world, invite } = await calling();
    world.answer(invite, 180, 'bob', undefined, [TAKES]);
    await settle();
    world.candidates(fragment(1));
    await world.nothing();
    world.answer(invite, 183, 'bob', trickling('early'), [TAKES, ...RELIABLE]);
    await world.request('PRACK');
    const first = await told(world);
    expect([first.body, first.to.tag]).toEqual([fragment(1), 'bob']);
    world.candidates(fragment(2));
    world.candidates(fragment(3));
    await world.nothing();
    world.reply(first, 200);
    expect((await told(world)).body).toBe(fragment(3));
  });

  it('are not told a phone that does not take them, or whose description says so: a server may have changed it', async () => {
    const { world, invite } = await calling();
    world.answer(invite, 183, 'old', trickling('early'));
    world.answer(invite, 183, 'relayed', sdp('early'), [TAKES]);
    world.candidates(fragment(1));
    await world.nothing();
    world.answer(invite, 200, 'old', trickling('early'));
    await world.request('ACK');
    await settle();
    world.candidates(fragment(2));
    await world.nothing();
  });

  it('go to each phone of a fork in its own dialog, then only to the one that answered', async () => {
    const { world, invite } = await calling();
    world.candidates(fragment(1));
    world.answer(invite, 183, 'one', trickling('one'), [TAKES]);
    const one = await told(world);
    world.answer(invite, 183, 'two', trickling('two'), [TAKES]);
    const two = await told(world);
    expect([one, two].map(({ to, body }) => [to.tag, body])).toEqual([
      ['one', fragment(1)],
      ['two', fragment(1)],
    ]);
    world.reply(one, 200);
    world.reply(two, 200);
    world.answer(invite, 200, 'two', trickling('two'), [TAKES]);
    await world.request('ACK');
    await settle();
    world.candidates(fragment(2));
    expect((await told(world)).to.tag).toBe('two');
    await world.nothing();
  });

  it('are told though there are no new ones where the other side repeats its early answer until it hears us', async () => {
    const { world, invite } = await calling();
    world.answer(invite, 183, 'bob', trickling('early'), [TAKES]);
    await settle();
    world.candidates(fragment(1), false);
    world.reply(await told(world), 200);
    world.answer(invite, 183, 'bob', trickling('early'), [TAKES]);
    await world.nothing();
    const reliable = await calling();
    reliable.world.answer(reliable.invite, 183, 'bob', trickling('early'), [TAKES, ...RELIABLE]);
    await reliable.world.request('PRACK');
    await settle();
    reliable.world.candidates(fragment(1), false);
    await reliable.world.nothing();
  });

  it('are told again where the other side could not take them just then, and no more where it refuses them', async () => {
    const world = await World.registered();
    await talkTo(world, '1002', [TAKES]);
    world.candidates(fragment(1));
    const first = await told(world);
    world.reply(first, 500);
    await world.nothing();
    world.clock.advance(1_000);
    const second = await told(world);
    expect([second.body, second.cseq > first.cseq]).toEqual([fragment(1), true]);
    world.reply(second, 469);
    await settle();
    world.candidates(fragment(2));
    await world.nothing();
    expect(await world.pass(30_000)).toEqual([]);
  });

  it('are given up where nobody ever answers', async () => {
    const world = await World.registered();
    await talkTo(world, '1002', [TAKES]);
    world.candidates(fragment(1));
    await told(world);
    const tries = (await world.pass(200_000)).filter((one) => one.kind === 'request' && one.method === 'INFO');
    expect(new Set(tries.map((one) => one.cseq)).size).toBe(4);
  });

  it('are not told once the call is over', async () => {
    const world = await World.registered();
    const talk = await talkTo(world, '1002', [TAKES]);
    world.inDialog('BYE', talk.dialog);
    await world.response(200);
    world.candidates(fragment(1), true, talk.id);
    await world.nothing();
  });
});

describe('candidates of ours in a call to here', () => {
  it('wait for the ACK: they must not overtake the answer', async () => {
    const world = await World.registered();
    const invite = world.invite(trickling('theirs'), [TAKES]);
    await world.response(180);
    world.softphone.answer(world.call.id);
    world.candidates(fragment(1));
    const ok = await world.response(200);
    await world.nothing();
    const remote = invite.from.toString();
    const local = `${invite.to.toString()};tag=${ok.to.tag}`;
    world.inDialog('ACK', { callId: invite.callId, local, remote, cseq: invite.cseq });
    expect((await told(world)).body).toBe(fragment(1));
    expect(world.media).toContain('gateway accepts theirs');
  });

  it('do not where the caller has confirmed that it knows the dialog', async () => {
    const world = await World.registered();
    const invite = world.invite(trickling('theirs'), [TAKES, [H.Require, '100rel']]);
    const ring = await world.response(180);
    const dialog = {
      callId: invite.callId,
      local: `${invite.to.toString()};tag=${ring.to.tag}`,
      remote: invite.from.toString(),
    };
    world.inDialog('PRACK', dialog, { headers: [[H.RAck, `1 ${invite.cseq} INVITE`]] });
    await world.response(200);
    world.softphone.answer(world.call.id);
    world.candidates(fragment(1));
    expect((await world.response(200)).cseqMethod).toBe('INVITE');
    expect((await told(world)).body).toBe(fragment(1));
  });

  it('wait while a change of the call is under way, also where both sides begin one', async () => {
    const world = await World.registered();
    const talk = await answeredFrom(world, [TAKES]);
    world.softphone.hold(talk.id);
    const reinvite = await world.request('INVITE');
    world.candidates(fragment(1));
    await world.nothing();
    world.inDialog('INVITE', talk.dialog, { body: sdp('glare') });
    await world.response(491);
    await world.nothing();
    world.reply(reinvite, 491);
    await world.request('ACK');
    const info = await told(world);
    world.reply(info, 200);
    world.clock.advance(5_000);
    await acceptChange(world, talk, 'recvonly');
    expect((await world.pass(100)).filter(({ kind }) => kind === 'request')).toEqual([]);
  });

  it('tell the gateway whether the other side takes them', async () => {
    const world = await World.registered();
    await answeredFrom(world, [TAKES]);
    expect(world.trickles).toEqual([true]);
    const other = await World.registered();
    await answeredFrom(other);
    expect(other.trickles).toEqual([false]);
  });
});

describe('candidates of the other side', () => {
  it('go to the gateway, before and after its answer, whichever phone rings', async () => {
    const { world, invite } = await calling();
    world.answer(invite, 180, 'one', undefined, [TAKES]);
    world.answer(invite, 180, 'two', undefined, [TAKES]);
    inform(world, dialogOf(invite, 'one'), { body: fragment(1) });
    await world.response(200);
    inform(world, dialogOf(invite, 'two'), { body: fragment(2) });
    await world.response(200);
    world.answer(invite, 200, 'two', sdp('two'), [TAKES]);
    await world.request('ACK');
    await settle();
    inform(world, dialogOf(invite, 'two'), { body: fragment(3) });
    await world.response(200);
    expect(world.heard).toEqual([fragment(1), fragment(2), fragment(3)]);
    // The phone that did not answer has no part in the call any more.
    inform(world, dialogOf(invite, 'one'), { body: fragment(4) });
    await world.response(481);
    expect(world.heard).toHaveLength(3);
  });

  it('that come while it rings here wait for our part of the sound, the latest of them', async () => {
    const world = await World.registered();
    const invite = world.invite(trickling('theirs'), [TAKES]);
    const ring = await world.response(180);
    const dialog = {
      callId: invite.callId,
      local: `${invite.to.toString()};tag=${ring.to.tag}`,
      remote: invite.from.toString(),
    };
    for (let port = 1; port <= 10; port++) {
      inform(world, dialog, { body: fragment(port) });
      await world.response(200);
    }
    expect(world.heard).toEqual([]);
    world.softphone.answer(world.call.id);
    await world.response(200);
    expect(world.heard).toEqual([3, 4, 5, 6, 7, 8, 9, 10].map((port) => fragment(port)));
  });

  it('that come twice count once, and out of their order are left to the next', async () => {
    const world = await World.registered();
    const talk = await talkTo(world, '1002', [TAKES]);
    const once = { body: fragment(1), branch: 'same', cseq: 9_000 };
    inform(world, talk.dialog, once);
    inform(world, talk.dialog, once);
    await world.response(200);
    await world.response(200);
    inform(world, talk.dialog, { body: fragment(2), cseq: 8_999 });
    await world.response(500);
    expect(world.heard).toEqual([fragment(1)]);
  });

  it.each([
    ['another package', { package: 'dtmf' }, 469, H.RecvInfo, 'trickle-ice'],
    ['no package with a name', { package: '' }, 469, H.RecvInfo, 'trickle-ice'],
    ['another kind of body', { type: 'application/sdp' }, 415, H.Accept, TYPE],
    ['nothing in it', { body: '' }, 400, H.RecvInfo, undefined],
    ['no credentials', { body: 'm=audio 9 RTP/AVP 0\r\na=mid:0\r\n' }, 400, H.RecvInfo, undefined],
    ['bytes that are no lines', { body: '\u0000\u0001\xff'.repeat(50) }, 400, H.RecvInfo, undefined],
    ['far too much in it', { body: fragment(1).repeat(200) }, 400, H.RecvInfo, undefined],
  ])('with %s are refused, and the call goes on', async (_, parts, status, header, value) => {
    const world = await World.registered();
    const talk = await talkTo(world, '1002', [TAKES]);
    inform(world, talk.dialog, parts);
    expect((await world.response(status)).header(header)).toBe(value);
    expect([world.heard, callOf(world, talk.id).state]).toEqual([[], 'active']);
  });

  it('are taken two hundred times a call, and passed over then', async () => {
    const world = await World.registered();
    const talk = await talkTo(world, '1002', [TAKES]);
    for (let i = 0; i < 220; i++) inform(world, talk.dialog, { body: fragment(i + 1) });
    const answers = (await world.pass(0)).concat(await world.pass(1)).filter(isResponse);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(world.heard).toHaveLength(200);
  });

  it('after the end of the call are of no call', async () => {
    const world = await World.registered();
    const talk = await talkTo(world, '1002', [TAKES]);
    world.inDialog('BYE', talk.dialog);
    await world.response(200);
    inform(world, talk.dialog);
    await world.response(481);
    expect(world.heard).toEqual([]);
  });
});
