/** What the account's server is told of the sound of a call (RFC 6035), as our own exchange reads it. */
import { expect, test } from 'vitest';
import { readVqReport } from '../../../../../proxy-core/server/calls/quality.ts';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { settle, World } from './phone-world.ts';
import { answeredFrom, type Talk, talkTo } from './talks.ts';

const SOUND = {
  ...{ codec: 'opus', received: 990, sent: 1_000, lost: 10, jitterMs: 3, roundTripMs: 40 },
  peer: { lost: 50, lossPercent: 5, jitterMs: 6 },
};

async function overAfter(world: World, begin: () => Promise<Talk>, seconds = 3): Promise<Talk> {
  const talk = await begin();
  await world.pass(seconds * 1_000);
  world.softphone.hangUp(talk.id);
  await world.pass(0);
  return talk;
}

const only = ({ reports }: World): SipRequest => {
  const [report] = reports;
  if (report === undefined || reports.length > 1) throw new Error(`${reports.length} reports`);
  return report;
};

test('a call that is over is reported to the account itself, both directions', async () => {
  const world = await World.registered();
  world.stats = SOUND;
  const { dialog } = await overAfter(world, () => talkTo(world));
  const report = only(world);
  expect(report).toMatchObject({ method: 'PUBLISH', uriText: 'sip:1001@127.0.0.1:5060' });
  expect(report.header(H.ContentType)).toBe('application/vq-rtcpxr');
  expect(report.to.uriText).toBe(report.from.uriText);
  expect(report.body).toContain('OrigID:"Anna" <sip:1001@127.0.0.1:5060>\r\n');
  expect(report.body).toMatch(/^DialogID:\S+;to-tag=tag-1002;from-tag=\w+\r$/m);
  expect(report.body).toMatch(/^Timestamps:START=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ STOP=\S+Z\r$/m);
  expect(readVqReport(report.body)).toEqual({
    ...{ kind: 'CallTerm', callId: dialog.callId },
    local: { codec: 'opus', lossPercent: 1, jitterMs: 3, roundTripMs: 40, mosConversation: 4.3 },
    remote: { codec: 'opus', lossPercent: 5, jitterMs: 6, roundTripMs: 40, mosConversation: expect.any(Number) },
  });
});

test('of a call from outside the other side is who began it', async () => {
  const world = await World.registered();
  world.stats = { ...SOUND, peer: null, roundTripMs: null };
  await overAfter(world, () => answeredFrom(world));
  const { body } = only(world);
  expect(body).toContain('OrigID:"Bob \xc3\x89" <sip:1002@127.0.0.1>');
  expect(body).toMatch(/^DialogID:in-\w+;to-tag=\w+;from-tag=bob\r$/m);
  expect(body).not.toContain('RemoteMetrics');
  expect(readVqReport(body)?.local).not.toHaveProperty('roundTripMs');
});

test('nothing is reported of a call without sound, or that nobody answered', async () => {
  const world = await World.registered();
  await overAfter(world, () => talkTo(world), 0.5);
  world.softphone.call('1003');
  await settle();
  await world.pass(5_000);
  for (const { id } of world.calls) world.softphone.hangUp(id);
  await world.pass(5_000);
  expect(world.reports).toEqual([]);
});

test('a server that takes no reports is not asked again', async () => {
  const world = await World.registered({ expires: 7_200 });
  world.stats = SOUND;
  await overAfter(world, () => talkTo(world));
  world.reply(only(world), 489);
  await overAfter(world, () => talkTo(world, '1003'));
  expect(world.reports).toHaveLength(1);
});

test('one that takes them gets each, with a password where it asks for one', async () => {
  const world = await World.registered({ expires: 7_200 });
  world.stats = SOUND;
  await overAfter(world, () => talkTo(world));
  const challenge = 'Digest realm="127.0.0.1", nonce="n", algorithm=MD5, qop="auth"';
  world.reply(only(world), 401, { headers: [[H.WwwAuthenticate, challenge]] });
  await settle();
  const again = world.reports[1];
  if (again === undefined) throw new Error('no second attempt');
  expect(again.header(H.Authorization)).toContain('uri="sip:1001@127.0.0.1:5060"');
  expect(again.body).toBe(world.reports[0]?.body);
  world.reply(again, 200);
  await overAfter(world, () => talkTo(world, '1003'));
  expect(world.reports).toHaveLength(3);
});

test('one that never answers is given up after three calls', async () => {
  const world = await World.registered({ expires: 7_200 });
  world.stats = SOUND;
  const calls = new Set<string>();
  for (let i = 0; i < 5; i++) {
    await overAfter(world, () => talkTo(world, `10${10 + i}`));
    await world.pass(40_000);
    for (const { callId } of world.reports) calls.add(callId);
  }
  expect(calls.size).toBe(3);
});
