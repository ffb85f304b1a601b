import { beforeEach, describe, expect, it, test } from 'vitest';
import { type QualityReport, readVqReport } from '../../../../../proxy-core/server/calls/quality.ts';
import { QualityCollector } from '../../../../../proxy-core/server/calls/quality-collector.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import type { HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../../../../proxy-core/sip/message/parse.ts';
import { DOMAIN, TestExchange } from '../../../../support/exchange-parts.ts';

/** As RFC 6035 §4.6.2 lays it out. */
const REPORT = [
  'VQSessionReport: CallTerm',
  'CallID: 6dg37f1890463',
  'LocalID: Alice <sip:alice@example.org>',
  'RemoteID: Bill <sip:bill@example.net>',
  'OrigID: Alice <sip:alice@example.org>',
  'LocalAddr: IP=10.10.1.100 PORT=5000 SSRC=1a3b5c7d',
  'RemoteAddr: IP=11.1.1.150 PORT=5002 SSRC=0x2468abcd',
  'LocalMetrics:',
  'Timestamps:START=2004-10-10T18:23:43Z STOP=2004-10-01T18:26:02Z',
  'SessionDesc:PT=18 PD=G729 SR=8000 FD=20 FO=20 FPP=2 PPS=50 FMTP="annexb=no" PLC=3 SSUP=on',
  'JitterBuffer:JBA=3 JBR=2 JBN=40 JBM=80 JBX=120',
  'PacketLoss:NLR=5.0 JDR=2.0',
  'BurstGapLoss:BLD=0 BD=0 GLD=2.0 GD=500 GMIN=16',
  'Delay:RTD=200 ESD=140 IAJ=2',
  'Signal:SL=-18 NL=-50 RERL=55',
  'QualityEst:RLQ=88 RCQ=85 EXTRI=90 MOSLQ=4.1 MOSCQ=4.0 QoEEstAlg=P.564',
  'RemoteMetrics:',
  'PacketLoss:NLR=1.0 JDR=127',
  'QualityEst:MOSLQ=127 MOSCQ=3.3',
  'DialogID:38419823470834;to-tag=8472761;from-tag=9123dh311',
].join('\r\n');

describe('a report', () => {
  it('is read as RFC 6035 writes it; what is not known is left out', () => {
    expect(readVqReport(REPORT)).toEqual({
      ...{ kind: 'CallTerm', callId: '6dg37f1890463' },
      local: {
        ...{ codec: 'G729', lossPercent: 5, discardPercent: 2, jitterMs: 2, roundTripMs: 200 },
        ...{ mosListening: 4.1, mosConversation: 4, rFactor: 85 },
      },
      remote: { lossPercent: 1, mosConversation: 3.3 },
    });
  });

  it.each([
    ['VQIntervalReport\nCallID:a\nLocalMetrics:\nQualityEst:MOSLQ=4', 'Interval'],
    ['VQSessionReport\r\nDialogID:a;to-tag=1;from-tag=2\r\nLocalMetrics:', 'Session'],
    ['vqalertreport: NLR WARN\r\nCallID:  a \r\n', 'Alert'],
  ])('%j is one of kind %s', (text, kind) => {
    expect(readVqReport(text)).toMatchObject({ kind, callId: 'a' });
  });

  it.each([
    ['nothing', ''],
    ['something else', '<presence/>'],
    ['no call', 'VQSessionReport: CallTerm\r\nLocalMetrics:\r\n'],
    ['a Call-ID without end', `VQSessionReport\r\nCallID:${'x'.repeat(300)}`],
    ['too much', `VQSessionReport\r\nCallID:a\r\n${'x'.repeat(20_000)}`],
  ])('is none that has %s', (_what, text) => {
    expect(readVqReport(text)).toBeUndefined();
  });

  it.each(['-1', '1e9', 'NaN', '0x10', '', '101', '5,0', ' '])('does not say a loss of %j', (value) => {
    const read = readVqReport(`VQSessionReport\r\nCallID:a\r\nLocalMetrics:\r\nPacketLoss:NLR=${value}`);
    expect(read?.local).toEqual({});
  });

  it('of a million lines is read in no time, or not at all', () => {
    const lines = `VQSessionReport\r\nCallID:a\r\nLocalMetrics:\r\n${'A=1 '.repeat(4_000)}`;
    expect(readVqReport(lines)?.local).toEqual({});
    expect(readVqReport('\r\n'.repeat(8_000))).toBeUndefined();
  });
});

describe('the collector', () => {
  let exchange: TestExchange;
  let kept: [string, string, QualityReport][];
  const lines: HeaderLine[] = [
    ['Event', 'vq-rtcpxr'],
    ['Content-Type', 'application/vq-rtcpxr'],
  ];

  /** With a body, which `receive` has none of. */
  const withBody = (request: SipRequest, body: string): SipRequest => {
    const wire = request.wire.replace(/Content-Length: 0/, `Content-Length: ${body.length}`) + body;
    const parsed = parseMessage(wire);
    if (!parsed.ok) throw new Error(parsed.error.reason);
    return parsed.value as SipRequest;
  };

  const report = (
    headers: readonly HeaderLine[],
    body: string,
    method = 'PUBLISH',
    uri = `sip:collector@${DOMAIN}`,
  ) => {
    const signed = exchange.receiveFrom('1001', 'one', method, uri, headers);
    // It was answered for its missing body; the same again with one, and a Via of its own.
    const request = withBody(signed.request, body);
    return exchange.parts.quality?.collect({
      ...{ request, uri: request.uri, domain: DOMAIN },
      user: exchange.users.find('1001', DOMAIN),
    });
  };

  beforeEach(() => {
    kept = [];
    const store = {
      addQuality: (callId: string, aor: string, one: QualityReport) => void kept.push([callId, aor, one]),
    };
    exchange = new TestExchange({}, { quality: new QualityCollector(store, () => 'tag') });
  });

  it('asks for a password as the server that it is', () => {
    const asked = exchange.receive('PUBLISH', `sip:${DOMAIN}`, [['From', `<sip:1001@${DOMAIN}>;tag=f`], ...lines]);
    expect(asked.last.status).toBe(401);
  });

  it('takes nothing from a stranger', () => {
    expect(exchange.receive('PUBLISH', `sip:${DOMAIN}`, lines).last.status).toBe(403);
    expect(kept).toEqual([]);
  });

  it('takes a PUBLISH, which is said once', () => {
    const answer = report(lines, REPORT);
    expect(answer).toMatchObject({
      status: 200,
      headers: [
        [H.SipEtag, 'tag'],
        [H.Expires, '0'],
      ],
    });
    expect(kept).toMatchObject([['6dg37f1890463', `1001@${DOMAIN}`, { kind: 'CallTerm', reporter: `1001@${DOMAIN}` }]]);
  });

  it('takes a NOTIFY to the exchange, and leaves those to phones alone', () => {
    expect(report(lines, REPORT, 'NOTIFY', `sip:${DOMAIN}`)?.status).toBe(200);
    expect(kept).toHaveLength(1);
    exchange.bind('1002', 'sip:1002@192.0.2.62:5060');
    exchange.receiveFrom('1001', 'one', 'NOTIFY', `sip:1002@${DOMAIN}`, lines);
    expect(exchange.out(0).request.method).toBe('NOTIFY');
  });

  test.each<[string, readonly HeaderLine[], string, number]>([
    ['a change of one', [...lines, ['SIP-If-Match', 'x']], REPORT, 412],
    [
      'another type',
      [
        ['Event', 'vq-rtcpxr'],
        ['Content-Type', 'text/plain'],
      ],
      REPORT,
      415,
    ],
    ['no sense', lines, 'hello', 400],
    ['too much', lines, `VQSessionReport\r\nCallID:a\r\n${'x'.repeat(17_000)}`, 413],
  ])('refuses %s', (_what, headers, body, status) => {
    expect(report(headers, body)?.status).toBe(status);
    expect(kept).toEqual([]);
  });
});

test('a BYE and the answer to it may say how it sounded', () => {
  const kept: [string, string, QualityReport][] = [];
  const exchange = new TestExchange({}, {}, (callId, aor, one) => void kept.push([callId, aor, one]));
  exchange.bind('1002', 'sip:1002@192.0.2.62:5060');
  const headers: HeaderLine[] = [['Call-ID', 'c1']];
  exchange.receiveFrom('1001', 'one', 'INVITE', `sip:1002@${DOMAIN}`, headers);
  exchange.out(0).answer(200, { toTag: 'callee' });
  exchange.receiveFrom('1001', 'one', 'BYE', `sip:1002@${DOMAIN}`, [
    ...headers,
    ['To', `<sip:1002@${DOMAIN}>;tag=callee`],
    ['P-RTP-Stat', 'PS=100,OS=16000,PR=95,OR=15200,PL=5,JI=3,LA=20,EN=PCMU'],
  ]);
  exchange.out(1).answer(200, { headers: [['X-RTP-Stat', 'PS=95;PR=100;PL=0;JI=x']] });
  expect(kept).toEqual([
    [
      ...['c1', aorOf('1001', DOMAIN)],
      {
        ...{ reporter: `1001@${DOMAIN}`, kind: 'P-RTP-Stat' },
        local: { lossPercent: 5, jitterMs: 3, roundTripMs: 20, codec: 'PCMU' },
      },
    ],
    ['c1', aorOf('1002', DOMAIN), { reporter: `1002@${DOMAIN}`, kind: 'X-RTP-Stat', local: { lossPercent: 0 } }],
  ]);
});
