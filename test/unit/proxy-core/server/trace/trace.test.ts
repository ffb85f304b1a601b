import { describe, expect, test } from 'vitest';
import { CallList } from '../../../../../proxy-core/server/trace/calls.ts';
import { ladderOf } from '../../../../../proxy-core/server/trace/ladder.ts';
import { findMessages } from '../../../../../proxy-core/server/trace/select.ts';
import { summaryOf } from '../../../../../proxy-core/server/trace/summary.ts';
import { shownWire } from '../../../../../proxy-core/server/trace/text.ts';
import { ANNA, BEN, callerVia, ourVia, request, response, TraceScript } from '../../../../support/trace-script.ts';

const SDP =
  'v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n' +
  'm=audio 4000 RTP/SAVP 0 8\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=sendonly\r\n';

/** A call from Anna that Ben refuses, with one repetition. */
function busyCall(script = new TraceScript(), callId = 'call-1'): TraceScript {
  const vias = [ourVia('one'), callerVia];
  const invite = request({ callId, body: SDP, headers: { 'User-Agent': 'Desk 1', Contact: '<sip:1001@192.0.2.7>' } });
  script.in(ANNA, invite);
  script.wait(490).in(ANNA, invite);
  script.out(ANNA, response(100, 'Trying', { callId }));
  script.out(BEN, request({ callId, vias }));
  script.in(BEN, response(486, 'Busy Here', { callId, vias, headers: { 'User-Agent': 'Soft 2' } }));
  script.out(BEN, request({ method: 'ACK', callId, vias: [ourVia('one')] }));
  script.out(ANNA, response(486, 'Busy Here', { callId }));
  script.in(ANNA, request({ method: 'ACK', callId }));
  return script;
}

describe('a ladder', () => {
  test('has a column for each side, the exchange between, and an arrow for each message', () => {
    const ladder = ladderOf(busyCall().read());
    expect(ladder.callIds).toEqual(['call-1']);
    expect(ladder.hops).toEqual([
      { id: 'udp 192.0.2.7:5060', name: '1001', userAgent: 'Desk 1' },
      { id: 'exchange', name: 'Tandem', userAgent: '' },
      { id: 'udp 192.0.2.8:5062', name: '1002', userAgent: 'Soft 2' },
    ]);
    const [anna, exchange, ben] = ladder.hops.map(({ id }) => id);
    expect(
      ladder.arrows.map(({ fromHop, toHop, label, delay, handled }) => [fromHop, toHop, label, delay, handled]),
    ).toEqual([
      [anna, exchange, 'INVITE', 0, 'taken'],
      [anna, exchange, 'INVITE', 500, 'repeated'],
      [exchange, anna, '100 Trying', 10, 'taken'],
      [exchange, ben, 'INVITE', 10, 'taken'],
      [ben, exchange, '486 Busy Here', 10, 'taken'],
      [exchange, ben, 'ACK', 10, 'taken'],
      [exchange, anna, '486 Busy Here', 10, 'taken'],
      [anna, exchange, 'ACK', 10, 'taken'],
    ]);
    expect(ladder.arrows[1]?.repeats).toBe(1);
    expect(ladder.arrows.at(-1)?.since).toBe(560);
    expect(ladder.arrows[0]?.sdp).toEqual([
      {
        type: 'audio',
        address: '192.0.2.7:4000',
        profile: 'RTP/SAVP',
        direction: 'sendonly',
        codecs: ['PCMU', 'PCMA'],
      },
    ]);
  });

  test('of nothing is empty', () => {
    expect(ladderOf([])).toEqual({ callIds: [], startedAt: 0, hops: [], arrows: [] });
  });
});

describe('what cannot be read', () => {
  const faultOf = (wire: string): unknown => {
    const script = new TraceScript();
    script.in(ANNA, wire);
    const [read] = script.read();
    return read && summaryOf(read);
  };

  test.each([
    ['no SIP at all', 'hello there\r\n\r\n', { line: 1, column: 1, text: 'hello there' }],
    [
      'a header without a colon',
      request().replace('Max-Forwards: 70', 'Max-Forwards 70'),
      { line: 2, column: 1, text: 'Max-Forwards 70' },
    ],
    [
      'a broken From',
      request().replace(/<sip:1001[^\r]*/, '<sip:1001'),
      { line: 4, column: 7, text: 'From: <sip:1001' },
    ],
    [
      'a CSeq of another method',
      request().replace('1 INVITE', '1 BYE'),
      { reason: 'a CSeq whose method is not that of the request' },
    ],
    ['a compact Via', request().replace(/^Via:[^\r]*/m, 'v: nonsense'), { line: 3, column: 4, text: 'v: nonsense' }],
  ])('tells line and column: %s', (_what, wire, fault) => {
    expect(faultOf(wire)).toMatchObject({ handled: 'unreadable', fault });
  });

  test('is quoted without its secrets', () => {
    const secret = 'c0ffee'.repeat(6);
    const spoilt = `REGISTER sip:1002:${secret}@a SIP/2.0\r\nAuthorization Digest response="${secret}"\r\n\r\n`;
    expect(JSON.stringify(faultOf(spoilt))).not.toContain('c0ffee');
    const whole = request({ uri: `sip:1002:${secret}@a`, headers: { Contact: `<sip:1001:${secret}@b>` } });
    expect(JSON.stringify(faultOf(whole))).not.toContain('c0ffee');
  });

  test('is found by its Call-ID all the same', async () => {
    const script = busyCall();
    script.in(ANNA, request({ callId: 'broken' }).replace('Max-Forwards: 70', 'Max-Forwards 70'));
    const found = await findMessages(script, { callId: 'broken', limit: 10 });
    expect(found).toHaveLength(1);
  });
});

describe('looking for', () => {
  const office = (): TraceScript => {
    const script = busyCall();
    busyCall(script.wait(1_000), 'call-2');
    script.in(BEN, request({ method: 'REGISTER', from: '1003', to: '1003', callId: 'reg' }));
    return script;
  };

  test('a call gives both its legs and no other', async () => {
    const found = await findMessages(office(), { callId: 'call-2', limit: 100 });
    expect(found.map(({ entry }) => entry.id)).toEqual([9, 10, 11, 12, 13, 14, 15, 16]);
  });

  test('a call gives those that it replaced or was transferred to, in both directions', async () => {
    const script = office();
    script.in(ANNA, request({ callId: 'new', headers: { Replaces: 'call-2;to-tag=a;from-tag=b' } }));
    const refer = { 'Refer-To': '<sip:1003@office.example?Replaces=call-1%3Bto-tag%3Da%3Bfrom-tag%3Db>' };
    script.in(ANNA, request({ method: 'REFER', callId: 'call-2', cseq: 2, headers: refer }));
    for (const callId of ['call-1', 'call-2', 'new']) {
      const found = await findMessages(script, { callId, limit: 100 });
      expect(new Set(found.map((read) => read.callId)), callId).toEqual(new Set(['call-1', 'call-2', 'new']));
    }
  });

  test('a user finds him as who sends, who is called and who proves a password', async () => {
    const script = office();
    script.in(
      ANNA,
      request({ method: 'OPTIONS', from: 'x', to: 'y', headers: { Authorization: 'Digest username="1003"' } }),
    );
    const found = await findMessages(script, { numbers: ['1003'], limit: 100 });
    expect(found.map(({ message }) => message?.cseqMethod)).toEqual(['REGISTER', 'OPTIONS']);
    // 1003 stands in a Call-ID only.
    script.in(ANNA, request({ callId: '1003-abc', from: '1', to: '2' }));
    expect(await findMessages(script, { numbers: ['1003'], limit: 100 })).toHaveLength(2);
  });

  test('an address, a time and the newest', async () => {
    const script = office();
    const ofBen = await findMessages(script, { host: BEN.host, limit: 100 });
    expect(ofBen.every(({ entry }) => entry.remote.host === BEN.host)).toBe(true);
    expect(ofBen).toHaveLength(7);
    const since = script.entries[8]?.at;
    expect((await findMessages(script, { since, limit: 100 })).map(({ entry }) => entry.id)[0]).toBe(9);
    expect((await findMessages(script, { limit: 2 })).map(({ entry }) => entry.id)).toEqual([16, 17]);
    expect((await findMessages(script, { after: 3, limit: 2 })).map(({ entry }) => entry.id)).toEqual([4, 5]);
  });
});

describe('how much comes', () => {
  const large = (): TraceScript => {
    const script = new TraceScript();
    for (let i = 0; i < 50; i++) script.in(ANNA, request({ callId: `c${i}`, body: 'x'.repeat(10_000) }));
    return script;
  };
  const idsOf = async (wanted: Parameters<typeof findMessages>[1]): Promise<number[]> =>
    (await findMessages(large(), wanted)).map(({ entry }) => entry.id);

  test('is bounded in bytes as in number, the newest first to be kept, or the next', async () => {
    expect(await idsOf({ limit: 100, bytes: 35_000 })).toEqual([48, 49, 50]);
    expect(await idsOf({ limit: 100, bytes: 35_000, after: 10 })).toEqual([11, 12, 13]);
    expect(await idsOf({ limit: 2, after: 10 })).toEqual([11, 12]);
    // One message in any case: whoever follows must get on.
    expect(await idsOf({ limit: 100, bytes: 10 })).toEqual([50]);
    expect(await idsOf({ limit: 100, bytes: 10, after: 10 })).toEqual([11]);
  });
});

test('a list tells each call in a line: how it ended, how many messages, between whom', () => {
  const list = new CallList();
  for (const read of busyCall().read()) list.add(read);
  expect(list.newest(10)).toEqual([
    expect.objectContaining({
      ...{ callId: 'call-1', method: 'INVITE', from: '1001@office.example', to: '1002@office.example' },
      ...{ status: 486, reason: 'Busy Here', messages: 8, repeated: 1 },
      addresses: ['192.0.2.7:5060', '192.0.2.8:5062'],
    }),
  ]);
});

test('a text is what was sent, in the letters of people', () => {
  const script = new TraceScript();
  script.in(ANNA, request({ headers: { Subject: 'Gr\xc3\xbc\xc3\x9fe' } }));
  const [read] = script.read();
  expect(read && shownWire(read)).toContain('\nSubject: Grüße\n');
});
