/** Whose media passes through us, what the descriptions then say, and when it ends; sockets are a fake. */
import { beforeEach, describe, expect, test } from 'vitest';
import { RelayCalls } from '../../../../../proxy-core/server/nat/relay-calls.ts';
import { defaultSettings, type Settings } from '../../../../../proxy-core/server/settings.ts';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import { editRequest } from '../../../../../proxy-core/sip/message/edit.ts';
import type { SipMessage, SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import type { Source } from '../../../../../proxy-core/sip/transport/port.ts';
import { DOMAIN, type Incoming, type Outgoing, source, TestExchange } from '../../../../support/exchange-parts.ts';
import { FakeRelay } from '../../../../support/fake-relay.ts';

const SDP = 'application/sdp';
const BEN = `sip:1002@${DOMAIN}`;

let relay: FakeRelay;
let calls: RelayCalls;
let exchange: TestExchange;
let told: unknown[];

function open(settings: Partial<Settings> = {}): void {
  relay = new FakeRelay();
  const base = new TestExchange(settings);
  const all = { ...defaultSettings, ...settings };
  told = [];
  const log = { ...base.parts.log, info: (...words: unknown[]) => void told.push(words) };
  calls = new RelayCalls({ port: relay, clock: base.clock, log, settings: all });
  exchange = new TestExchange(settings, { nat: { ...base.parts.nat, calls }, clock: base.clock });
  clock = base.clock;
}
let clock: TestExchange['clock'];

beforeEach(() => open());

const sdp = (address: string, port: number, ...more: string[]): string =>
  [
    'v=0',
    `o=- 1 1 IN IP4 ${address}`,
    's=-',
    `c=IN IP${address.includes(':') ? 6 : 4} ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0`,
    ...more,
    '',
  ].join('\r\n');

/** Where c= and each m= point. */
const aim = ({ body }: SipMessage): string =>
  [/^c=IN IP\d (\S+)/m.exec(body)?.[1], ...[...body.matchAll(/^m=\S+ (\d+)/gm)].map((match) => match[1])].join(' ');

/** A caller behind a NAT, and one in the open. */
const hidden: Source = { ...source, host: '198.51.100.7', port: 40_000 };
const via = (host: string, branch: string): HeaderLine => ['Via', `SIP/2.0/UDP ${host};branch=z9hG4bK${branch};rport`];

function request(method: string, uri: string, body: string, headers: readonly HeaderLine[]): SipRequest {
  const plain = exchange.request(method, uri, headers);
  return body === '' ? plain : editRequest(plain).setBody(SDP, body).toMessage();
}

/** A call to ben; `nated` has it come from 10.0.0.7 behind a NAT. */
function invite(body: string, nated: boolean, callId = 'talk'): Incoming {
  const host = nated ? '10.0.0.7' : '192.0.2.50';
  const headers: HeaderLine[] = [via(host, 'invite'), ['Contact', `<sip:1001@${host}>`], ['Call-ID', callId]];
  return exchange.receiveRequest(request('INVITE', BEN, body, headers), nated ? hidden : source);
}

const answer = (out: Outgoing, status: number, body = '', toTag = 'ben') =>
  out.answer(status, {
    toTag,
    headers: [['Contact', '<sip:1002@10.0.0.7:5060>']],
    ...(body !== '' && { body: { type: SDP, content: body } }),
  });

/** A request of the caller inside the dialog. */
function inDialog(method: string, body = '', tags = { from: 'from', to: 'ben' }): Incoming {
  const routes = exchange.out(0).request.list(H.RecordRoute);
  const isCaller = tags.from === 'from';
  const headers: HeaderLine[] = [
    via(isCaller ? '10.0.0.7' : '192.0.2.61', method),
    ...routes.map((route) => ['Route', route] as const),
    ['From', `<sip:a@elsewhere.example>;tag=${tags.from}`],
    ['To', `<${BEN}>;tag=${tags.to}`],
    ['Call-ID', 'talk'],
    ['CSeq', `2 ${method}`],
    ['Contact', isCaller ? '<sip:1001@10.0.0.7>' : '<sip:1002@192.0.2.61>'],
  ];
  return exchange.receiveRequest(
    request(
      method,
      `sip:x@10.0.0.7;nat=${exchange.parts.nat.flows.make(isCaller ? exchange.out(0).hop : hidden)}`,
      body,
      headers,
    ),
    isCaller ? hidden : { ...source, host: '192.0.2.61' },
  );
}

const inTheOpen = { contact: 'sip:1002@192.0.2.61', received: 'udp:192.0.2.61:5060' };
const behindNat = { contact: 'sip:1002@10.0.0.7:5060', received: 'udp:203.0.113.9:41000' };

describe('whose media passes', () => {
  const cases: [mode: Settings['relay'], caller: boolean, callee: object, relayed: boolean][] = [
    ['auto', false, inTheOpen, false],
    ['auto', true, inTheOpen, true],
    ['auto', false, behindNat, true],
    ['auto', true, behindNat, true],
    ['auto', false, { contact: 'sip:1002@10.1.0.9', received: 'udp:10.1.0.9:5060' }, true],
    ['auto', false, { contact: 'sip:1002@[2001:db8::9]', received: 'udp:[2001:db8::9]:5060' }, true],
    ['always', false, inTheOpen, true],
    ['never', true, behindNat, false],
  ];
  test.each(cases)('%s, caller behind a NAT: %s, callee %o: %s', (mode, nated, callee, relayed) => {
    open({ relay: mode });
    exchange.bind('1002', callee);
    invite(sdp('10.0.0.7', 4000), nated);
    expect(calls.active).toBe(relayed ? 1 : 0);
    const own = relay.streams[0]?.local('callee');
    expect(aim(exchange.out(0).request)).toBe(relayed ? `${own?.address} 20002` : '10.0.0.7 4000');
  });

  test('of a program on our own machine that names loopback only, and of no other there', () => {
    exchange.bind('1002', { contact: 'sip:1002@192.168.1.9', received: 'udp:192.168.1.9:5060' });
    const here = { ...source, host: '127.0.0.1' };
    const from = (address: string) =>
      exchange.receiveRequest(request('INVITE', BEN, sdp(address, 4000), [via('127.0.0.1', address)]), here);
    from('192.168.1.2');
    expect(calls.active).toBe(0);
    from('127.0.0.1');
    expect(calls.active).toBe(1);
  });

  test('not of those who speak ICE, unless it must', () => {
    const offer = sdp('10.0.0.7', 4000, 'a=ice-ufrag:abcd', 'a=candidate:1 1 UDP 1 10.0.0.7 4000 typ host');
    exchange.bind('1002', behindNat);
    invite(offer, true);
    expect(exchange.out(0).request.body).toBe(offer);
    expect(calls.active).toBe(0);
    open({ relay: 'always' });
    exchange.bind('1002', behindNat);
    invite(offer, true);
    expect(exchange.out(0).request.body).toContain('a=candidate:1 1 UDP 2130706431 192.0.2.1 20002 typ host');
    expect(exchange.out(0).request.body).toContain('a=ice-ufrag:abcd');
  });
});

describe('a relayed call', () => {
  beforeEach(() => exchange.bind('1002', behindNat));

  test('tells each side our address, and the relay whom to believe', () => {
    const call = invite(sdp('10.0.0.7', 4000), true);
    answer(exchange.out(0), 183, sdp('10.0.0.7', 6000));
    answer(exchange.out(0), 200, sdp('10.0.0.7', 6000));
    expect(call.responses.slice(1).map(aim)).toEqual(['192.0.2.1 20000', '192.0.2.1 20000']);
    expect(relay.streams).toHaveLength(1);
    // Both name addresses in their own networks: only their signalling tells who they are.
    expect(relay.streams[0]?.told).toMatchObject({
      caller: { rtp: undefined, expected: '198.51.100.7', isStrict: false },
      callee: { rtp: undefined, expected: '203.0.113.9', isStrict: false },
    });
  });

  test('believes a public address, and only that', () => {
    invite(sdp('198.51.100.44', 4000, 'a=rtcp:4007'), true);
    expect(relay.streams[0]?.told.caller).toEqual({
      rtp: { address: '198.51.100.44', port: 4000 },
      rtcp: { address: '198.51.100.44', port: 4007 },
      ...{ expected: '198.51.100.44', isStrict: true, isMuxed: false, isRtp: true },
    });
  });

  test('has its offer in the 200 and the answer in the ACK', () => {
    const call = invite('', true);
    answer(exchange.out(0), 200, sdp('10.0.0.7', 6000));
    expect(aim(call.last)).toBe('192.0.2.1 20000');
    const ack = inDialog('ACK', sdp('10.0.0.7', 4000)).request;
    exchange.exchange.ack(ack, hidden);
    expect(exchange.acks.map(({ request: sent }) => aim(sent))).toContain('192.0.2.1 20002');
  });

  test('changes: a second stream, hold, and PRACK and UPDATE carry descriptions too', () => {
    invite(sdp('10.0.0.7', 4000), true);
    answer(exchange.out(0), 183, sdp('10.0.0.7', 6000));
    for (const [index, method] of (['PRACK', 'UPDATE'] as const).entries()) {
      inDialog(method, sdp('10.0.0.7', 4000));
      expect(aim(exchange.out(index + 1).request)).toBe('192.0.2.1 20002');
    }
    answer(exchange.out(0), 200, sdp('10.0.0.7', 6000));
    const again = inDialog('INVITE', sdp('10.0.0.7', 4000, 'm=video 4002 RTP/AVP 96'));
    expect(aim(exchange.out(3).request)).toBe('192.0.2.1 20002 20006');
    answer(exchange.out(3), 200, sdp('10.0.0.7', 6000, 'm=video 0 RTP/AVP 96'));
    expect(aim(again.last)).toBe('192.0.2.1 20000 0');
    inDialog('INVITE', sdp('0.0.0.0', 4000, 'm=video 0 RTP/AVP 96'));
    expect(aim(exchange.out(4).request)).toBe('0.0.0.0 20002 0');
    expect(relay.streams[0]?.told.caller?.rtp).toBeUndefined();
    expect(calls.active).toBe(1);
  });

  test('turned round: the callee offers anew', () => {
    invite(sdp('10.0.0.7', 4000), true);
    answer(exchange.out(0), 200, sdp('10.0.0.7', 6000));
    inDialog('INVITE', sdp('203.0.113.9', 6002), { from: 'ben', to: 'from' });
    expect(aim(exchange.out(1).request)).toBe('192.0.2.1 20000');
    expect(relay.streams[0]?.told.callee?.rtp).toEqual({ address: '203.0.113.9', port: 6002 });
  });

  test('in several parts of a body is found', () => {
    const parts = `--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x\r\nContent-Type: application/sdp\r\n\r\n${sdp('10.0.0.7', 4000)}\r\n--x--\r\n`;
    const plain = exchange.request('INVITE', BEN, [via('10.0.0.7', 'parts')]);
    exchange.receiveRequest(editRequest(plain).setBody('multipart/mixed;boundary=x', parts).toMessage(), hidden);
    const { body } = exchange.out(0).request;
    expect(body).toBe(
      parts.replace('m=audio 4000', 'm=audio 20002').replace('c=IN IP4 10.0.0.7', 'c=IN IP4 192.0.2.1'),
    );
  });

  test('that was set up before we were started anew is relayed again when it is offered again', () => {
    invite(sdp('10.0.0.7', 4000), true);
    answer(exchange.out(0), 200, sdp('10.0.0.7', 6000));
    calls.close();
    inDialog('INVITE', sdp('10.0.0.7', 4000));
    expect(calls.active).toBe(1);
    inDialog('BYE');
    answer(exchange.out(2), 200);
    expect(calls.active).toBe(0);
  });
});

describe('it ends', () => {
  beforeEach(() => exchange.bind('1002', behindNat));

  const established = (): void => {
    const before = exchange.sent.length;
    invite(sdp('10.0.0.7', 4000), true);
    answer(exchange.out(before), 200, sdp('10.0.0.7', 6000));
    expect(calls.active).toBe(1);
  };

  test.each([200, 481, 500])('with a BYE that is answered %i', (status) => {
    established();
    inDialog('BYE');
    expect(calls.active).toBe(1);
    answer(exchange.out(1), status);
    expect(calls.active).toBe(0);
    expect(relay.openStreams).toBe(0);
  });

  test('with a BYE that nobody answers, but not with one that is challenged', () => {
    established();
    inDialog('BYE');
    answer(exchange.out(1), 407);
    expect(calls.active).toBe(1);
    inDialog('BYE', '', { from: 'ben', to: 'from' });
    exchange.out(2).listener.timeout();
    expect(calls.active).toBe(0);
  });

  test.each([
    ['callee', ['caller'], 30_000, ''],
    ['caller', ['callee'], 30_000, ''],
    ['both', [], 30_000, ''],
    [undefined, ['caller', 'callee'], 30_000, ''],
    // Too short to say anything, or not meant to be heard.
    [undefined, ['caller'], 3_000, ''],
    [undefined, ['caller'], 30_000, 'a=recvonly'],
  ] as const)('and tells the log who was never heard: %s', (silent, spoke, ms, more) => {
    invite(sdp('10.0.0.7', 4000), true);
    answer(exchange.out(0), 200, sdp('10.0.0.7', 6000, more));
    for (const side of spoke) relay.streams[0]?.spoke.add(side);
    clock.advance(ms);
    inDialog('BYE');
    answer(exchange.out(1), 200);
    const text = 'nothing was heard of a side of a relayed call';
    expect(told).toEqual(silent === undefined ? [] : [[text, { callId: 'talk', silent, ms }]]);
  });

  test('when the call is refused, given up, or reaches nobody', () => {
    for (const [index, end] of [
      (out: Outgoing) => void answer(out, 486),
      (out: Outgoing) => out.listener.timeout(),
      (out: Outgoing) => out.listener.failed({ reason: 'gone' }),
    ].entries()) {
      invite(sdp('10.0.0.7', 4000), true, `end-${index}`);
      answer(exchange.out(index), 183, sdp('10.0.0.7', 6000));
      expect(calls.active).toBe(1);
      end(exchange.out(index));
      expect(calls.active).toBe(0);
    }
  });

  test('for each branch that lost, while the winner’s goes on', () => {
    exchange.bind('1002', behindNat, {
      ...behindNat,
      contact: 'sip:1002@10.0.0.8:5060',
      received: 'udp:203.0.113.10:41000',
    });
    invite(sdp('10.0.0.7', 4000), true);
    expect(calls.active).toBe(2);
    expect(aim(exchange.out(0).request)).not.toBe(aim(exchange.out(1).request));
    answer(exchange.out(0), 183, sdp('10.0.0.7', 6000), 'one');
    answer(exchange.out(1), 200, sdp('10.0.0.8', 6000), 'two');
    answer(exchange.out(0), 487, '', 'one');
    expect(calls.active).toBe(1);
    expect(relay.streams.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  test('for an address that failed, while the next one is tried', () => {
    exchange.bind('1002', { contact: 'sip:1002@10.0.0.7:5062;transport=tcp', received: 'tcp:203.0.113.9:41000' });
    invite(sdp('10.0.0.7', 4000), true);
    exchange.out(0).listener.failed({ reason: 'gone' });
    expect(relay.streams.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    expect(aim(exchange.out(1).request)).toBe('192.0.2.1 20006');
    answer(exchange.out(1), 486);
    expect(calls.active).toBe(0);
  });

  test('after silence; later on hold, and not while something passes', () => {
    established();
    const [stream] = relay.streams;
    clock.advance(100_000);
    if (stream !== undefined) stream.lastPacketAt = clock.now();
    clock.advance(100_000);
    expect(calls.active).toBe(1);
    clock.advance(60_000);
    expect(calls.active).toBe(0);
    expect(calls.faults.silent).toBe(1);
    established();
    inDialog('INVITE', sdp('10.0.0.7', 4000, 'a=inactive'));
    clock.advance(3_600_000);
    expect(calls.active).toBe(1);
    clock.advance(3_700_000);
    expect(calls.active).toBe(0);
    expect(clock.waiting).toBeLessThan(5);
  });

  test('when the exchange closes', () => {
    established();
    calls.close();
    expect(relay.openStreams).toBe(0);
  });

  test('and a repeated 200 after the end opens nothing', () => {
    established();
    inDialog('BYE');
    answer(exchange.out(1), 200);
    answer(exchange.out(0), 200, sdp('10.0.0.7', 6000));
    expect(relay.openStreams).toBe(0);
    expect(calls.active).toBe(0);
  });
});

describe('what a hostile side makes up costs little', () => {
  beforeEach(() => exchange.bind('1002', behindNat));

  test('streams beyond four get no ports', () => {
    invite(sdp('10.0.0.7', 4000, ...Array.from({ length: 9 }, () => 'm=video 4002 RTP/AVP 96')), true);
    expect(relay.streams).toHaveLength(4);
    expect(aim(exchange.out(0).request)).toContain('20002 20006 20010 20014 4002 4002');
  });

  test('early dialogs without end push out one another, and the one that is answered is known', () => {
    invite(sdp('10.0.0.7', 4000), true);
    for (let tag = 0; tag < 100; tag++) answer(exchange.out(0), 183, sdp('10.0.0.7', 6000), `early-${tag}`);
    answer(exchange.out(0), 200, sdp('10.0.0.7', 6000));
    inDialog('BYE');
    answer(exchange.out(1), 200);
    expect(calls.active).toBe(0);
  });
});

describe('where there is no room', () => {
  test('the call is refused rather than put through without sound, and others go on', () => {
    open({ relayCalls: 1 });
    exchange.bind('1002', behindNat);
    invite(sdp('10.0.0.7', 4000), true);
    const second = invite(sdp('10.0.0.7', 4000), true, 'second');
    expect(second.last).toMatchObject({ status: 503, reason: 'No Media Relay Left' });
    expect(second.last.header(H.RetryAfter)).toBe('30');
    expect(calls.active).toBe(1);
    expect(calls.faults.refused).toBe(1);
  });

  test('of ports: the same, and nothing is kept', () => {
    relay.room = 1;
    exchange.bind('1002', behindNat);
    const call = invite(sdp('10.0.0.7', 4000, 'm=video 4002 RTP/AVP 96'), true);
    expect(call.statuses).toEqual([100, 503]);
    expect(relay.openStreams).toBe(0);
    expect(calls.active).toBe(0);
  });
});

describe('nobody takes what all need', () => {
  const limits = { relayCalls: 10, relayCallsPerUser: 3, relayCallsPerSource: 2 };
  let count = 0;

  beforeEach(() => {
    open(limits);
    exchange.bind('1002', behindNat);
  });

  const statusOf = ({ statuses }: Incoming): number => statuses.at(-1) ?? 0;
  const strangers = (host: string): number => {
    const lines: HeaderLine[] = [via('10.0.0.7', `s${++count}`), ['Call-ID', `s${count}`]];
    return statusOf(exchange.receiveRequest(request('INVITE', BEN, sdp('10.0.0.7', 4000), lines), { ...hidden, host }));
  };
  const anna = (): number => {
    const lines: HeaderLine[] = [via('10.0.0.7', `u${++count}`), ['Contact', '<sip:1001@10.0.0.7>']];
    return statusOf(exchange.receiveFrom('1001', 'one', 'INVITE', BEN, [...lines, ['Call-ID', `u${count}`]]));
  };

  test('one user has his share, and another still finds room', () => {
    expect([anna(), anna(), anna(), anna()]).toEqual([100, 100, 100, 503]);
    expect(calls.faults).toMatchObject({ refused: 1, overShare: 1 });
    expect(strangers('198.51.100.7')).toBe(100);
    // The share is free again with the end of a call.
    answer(exchange.out(0), 486);
    expect(anna()).toBe(100);
    expect(anna()).toBe(503);
  });

  test('one address has its share, an IPv6 customer for his whole network', () => {
    expect([1, 2, 3].map(() => strangers('198.51.100.7'))).toEqual([100, 100, 503]);
    expect(['1', '2', '3'].map((end) => strangers(`2001:db8:0:1::${end}`))).toEqual([100, 100, 503]);
    expect(strangers('198.51.100.8')).toBe(100);
  });

  test('strangers of any number of addresses leave the last fifth to users', () => {
    const all = Array.from({ length: 12 }, (_, index) => strangers(`198.51.100.${index + 1}`));
    expect(all).toEqual([...Array.from({ length: 8 }, () => 100), 503, 503, 503, 503]);
    expect([anna(), anna(), anna()]).toEqual([100, 100, 503]);
    expect(calls.active).toBe(10);
  });

  test('a dialog has its share too: its mark is no key to all the relays', () => {
    expect(strangers('198.51.100.7')).toBe(100);
    const routes = exchange.out(0).request.list(H.RecordRoute);
    const again = (tag: number): number => {
      const lines: HeaderLine[] = [
        ...routes.map((route) => ['Route', route] as const),
        ...([via('10.0.0.7', `d${tag}`), ['Call-ID', `s${count}`], ['To', `<${BEN}>;tag=${tag}`]] as const),
      ];
      return statusOf(exchange.receiveRequest(request('INVITE', BEN, sdp('10.0.0.7', 4000), lines), hidden));
    };
    expect([1, 2, 3, 4, 5].map(again)).toEqual([100, 100, 100, 100, 503]);
  });
});
