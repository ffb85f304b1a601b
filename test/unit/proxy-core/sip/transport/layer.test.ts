import { describe, expect, it } from 'vitest';
import { buildRequest, buildResponse } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../../../../proxy-core/sip/message/parse.ts';
import { TransportLayer } from '../../../../../proxy-core/sip/transport/layer.ts';
import type {
  FlowId,
  Hop,
  Source,
  TransportName,
  TransportPort,
} from '../../../../../proxy-core/sip/transport/port.ts';

interface Sent {
  readonly hop: Hop;
  readonly wire: string;
}

function layer() {
  const sent: Sent[] = [];
  const requests: SipRequest[] = [];
  const responses: SipResponse[] = [];
  const flows: string[] = [];
  const aliases: string[] = [];
  const port: TransportPort = {
    send: (hop, wire) => void sent.push({ hop, wire }),
    sentBy: ({ transport, host }) => ({
      transport,
      sentBy: host.startsWith('10.9.') ? host : '10.0.0.1:5060',
      alias: transport === 'TLS',
    }),
    alias: (flow, host, at) => void aliases.push(`${flow} ${host} ${at}`),
    isReliable: (transport) => transport !== 'UDP',
  };
  const subject = new TransportLayer({
    port,
    random: (bytes) => 'ab'.repeat(bytes),
    sink: {
      requestReceived: (request) => void requests.push(request),
      responseReceived: (response) => void responses.push(response),
      flowClosed: (flow) => void flows.push(flow),
    },
  });
  return { subject, sent, requests, responses, flows, aliases };
}

const from = (host = '192.0.2.9', port = 40_000, transport: TransportName = 'UDP'): Source => ({
  transport,
  host,
  port,
  flow: 'flow' as FlowId,
  listener: 'udp://10.0.0.1:5060',
});

const wire = (via: string, more = ''): string =>
  `OPTIONS sip:b@10.0.0.1 SIP/2.0\r\n${via === '' ? '' : `Via: ${via}\r\n`}Max-Forwards: 70\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n${more}Content-Length: 2\r\n\r\nhi`;

describe('the Via of a request that comes (§18.2.1, RFC 3581 §4)', () => {
  it.each([
    ['from where it says', 'SIP/2.0/UDP 192.0.2.9:5080;branch=z9hG4bK1', 'SIP/2.0/UDP 192.0.2.9:5080;branch=z9hG4bK1'],
    [
      'from elsewhere',
      'SIP/2.0/UDP 10.1.1.1;branch=z9hG4bK1',
      'SIP/2.0/UDP 10.1.1.1;branch=z9hG4bK1;received=192.0.2.9',
    ],
    [
      'with a name',
      'SIP/2.0/UDP phone.test;branch=z9hG4bK1',
      'SIP/2.0/UDP phone.test;branch=z9hG4bK1;received=192.0.2.9',
    ],
    [
      'with rport',
      'SIP/2.0/UDP 192.0.2.9:5080;rport;branch=z9hG4bK1',
      'SIP/2.0/UDP 192.0.2.9:5080;rport=40000;branch=z9hG4bK1;received=192.0.2.9',
    ],
    [
      'with what the sender may not say',
      'SIP/2.0/UDP 192.0.2.9;received=8.8.8.8;branch=z9hG4bK1',
      'SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1',
    ],
    [
      'with a false rport and received',
      'SIP/2.0/UDP 10.1.1.1;rport=1;received=8.8.8.8;branch=z9hG4bK1',
      'SIP/2.0/UDP 10.1.1.1;rport=40000;received=192.0.2.9;branch=z9hG4bK1',
    ],
  ])('%s', (_name, via, stamped) => {
    const { subject, requests } = layer();
    const below = 'SIP/2.0/UDP 10.2.2.2;branch=z9hG4bKbelow';
    for (const text of [
      wire(via),
      wire(`${via}, ${below}`),
      wire(`${via}\r\nVia: ${below}`),
      wire(via.replace(' ', '\r\n ')),
    ]) {
      subject.received(text, from());
    }
    expect(requests.map(({ via: top }) => top.toString())).toEqual([stamped, stamped, stamped, stamped]);
    expect(requests[1]?.list(H.Via)).toEqual([stamped, below]);
    expect(requests[2]?.list(H.Via)).toEqual([stamped, below]);
    for (const request of requests) {
      expect([request.body, request.callId, request.header(H.CSeq), request.to.uriText]).toEqual([
        'hi',
        'c',
        '1 OPTIONS',
        'sip:b@x',
      ]);
      // What was shifted reads as what is read anew.
      const again = parseMessage(request.wire);
      expect(again.ok && again.value.list(H.Via)).toEqual(request.list(H.Via));
      expect(again.ok && again.value.body).toBe('hi');
    }
  });

  it('knows an IPv6 sender by its brackets', () => {
    const { subject, requests } = layer();
    subject.received(wire('SIP/2.0/UDP [2001:db8::9];branch=z9hG4bK1'), from('2001:db8::9'));
    subject.received(wire('SIP/2.0/UDP [2001:db8::8];branch=z9hG4bK1'), from('2001:db8::9'));
    expect(requests.map(({ via }) => via.received)).toEqual([undefined, '2001:db8::9']);
  });
});

describe('a request that cannot be read', () => {
  it.each([
    ['no From', wire('SIP/2.0/UDP a;branch=z9hG4bK1').replace(/From.*\r\n/, ''), 400],
    ['another version', wire('SIP/2.0/UDP a;branch=z9hG4bK1').replace('SIP/2.0\r\n', 'SIP/7.0\r\n'), 505],
    ['a body that is too large', wire('SIP/2.0/UDP a;branch=z9hG4bK1').replace('Length: 2', 'Length: 70000'), 413],
    ['a torn body', wire('SIP/2.0/UDP a;branch=z9hG4bK1').replace('Length: 2', 'Length: 3'), 400],
  ])('is answered to where it came from: %s', (_name, text, status) => {
    const { subject, sent, requests } = layer();
    subject.received(text, from());
    expect(requests).toEqual([]);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.wire).toMatch(new RegExp(`^SIP/2\\.0 ${status} `));
    expect(sent[0]?.wire).toContain('To: <sip:b@x>;tag=');
    expect([sent[0]?.hop.host, sent[0]?.hop.port]).toEqual(['192.0.2.9', 40_000]);
  });

  it.each([
    ['no Via', wire('')],
    [
      'an ACK',
      wire('SIP/2.0/UDP a')
        .replaceAll('OPTIONS', 'ACK')
        .replace(/From.*\r\n/, ''),
    ],
    ['a response', 'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.1:5060\r\n\r\n'],
    ['noise', '\x00\x01\x02 \n\n'],
    ['nothing', ''],
  ])('is not answered: %s', (_name, text) => {
    const { subject, sent, requests, responses } = layer();
    subject.received(text, from());
    expect([sent, requests, responses]).toEqual([[], [], []]);
  });
});

describe('a response that comes', () => {
  const response = (via: string): string =>
    `SIP/2.0 200 OK\r\nVia: ${via}\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>;tag=2\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`;

  it.each([
    ['ours', 'SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;received=10.0.0.1', 1],
    ['of another host', 'SIP/2.0/UDP 10.0.0.2:5060;branch=z9hG4bK1', 0],
    ['of another port', 'SIP/2.0/UDP 10.0.0.1:5061;branch=z9hG4bK1', 0],
    ['of another transport', 'SIP/2.0/TCP 10.0.0.1:5060;branch=z9hG4bK1', 0],
  ])('goes up only with our Via on top (§18.1.2): %s', (_name, via, count) => {
    const { subject, responses } = layer();
    subject.received(response(via), from());
    expect(responses).toHaveLength(count);
  });

  it('is ours by a Via that we have sent, whatever the port would say now', () => {
    const { subject, responses } = layer();
    const via = subject.viaFor({ transport: 'TCP', host: '192.0.2.1', port: 5060 }, 'z9hG4bKx');
    expect(via).toBe('SIP/2.0/TCP 10.0.0.1:5060;branch=z9hG4bKx;rport');
    subject.received(response(via), from());
    expect(responses).toHaveLength(1);
  });

  it('is ours by the latest 256 addresses, the very latest among them', () => {
    const { subject, responses } = layer();
    for (let n = 0; n <= 256; n++) {
      const host = `10.9.${n >> 8}.${n & 255}`;
      subject.received(response(subject.viaFor({ transport: 'UDP', host, port: 5060 }, 'z9hG4bKx')), from());
      expect(responses).toHaveLength(n + 1);
    }
    subject.received(response('SIP/2.0/UDP 10.9.0.0;branch=z9hG4bKx'), from());
    subject.received(response('SIP/2.0/UDP 10.9.0.1;branch=z9hG4bKx'), from());
    expect(responses).toHaveLength(258);
  });
});

describe('a response that goes (§18.2.2, RFC 3581 §4)', () => {
  const answerTo = (via: string) =>
    buildResponse(
      buildRequest({
        method: 'BYE',
        uri: 'sip:b@x',
        via,
        from: '<sip:a@x>;tag=1',
        to: '<sip:b@x>',
        callId: 'c',
        cseq: 1,
      }),
      200,
      { toTag: 't' },
    );
  it.each([
    ['to the port in sent-by', 'SIP/2.0/UDP 10.1.1.1:5070;branch=z9hG4bK1', from(), '192.0.2.9', 5070],
    ['to 5060 without one', 'SIP/2.0/UDP 10.1.1.1;branch=z9hG4bK1', from(), '192.0.2.9', 5060],
    [
      'to the port it came from with rport',
      'SIP/2.0/UDP 10.1.1.1:5070;rport;branch=z9hG4bK1',
      from(),
      '192.0.2.9',
      40_000,
    ],
    ['never to maddr', 'SIP/2.0/UDP 10.1.1.1:5070;maddr=8.8.8.8;branch=z9hG4bK1', from(), '192.0.2.9', 5070],
    [
      'on its connection',
      'SIP/2.0/TCP 10.1.1.1:5070;branch=z9hG4bK1',
      from('192.0.2.9', 40_000, 'TCP'),
      '192.0.2.9',
      5070,
    ],
    [
      'without a source by its Via',
      'SIP/2.0/UDP 10.1.1.1:5070;branch=z9hG4bK1;rport=9;received=192.0.2.7',
      undefined,
      '192.0.2.7',
      9,
    ],
    ['without a source by sent-by', 'SIP/2.0/TLS [2001:db8::1];branch=z9hG4bK1', undefined, '2001:db8::1', 5061],
  ])('%s', (_name, via, source, host, port) => {
    const { subject, sent } = layer();
    const failures: string[] = [];
    subject.sendResponse(answerTo(via), source, ({ reason }) => failures.push(reason));
    expect(failures).toEqual([]);
    expect([sent[0]?.hop.host, sent[0]?.hop.port, sent[0]?.hop.flow]).toEqual([host, port, source?.flow]);
  });

  it('fails without a source where the Via has a name', () => {
    const { subject, sent } = layer();
    const failures: string[] = [];
    subject.sendResponse(answerTo('SIP/2.0/UDP phone.test;branch=z9hG4bK1'), undefined, ({ reason }) =>
      failures.push(reason),
    );
    expect([sent.length, failures.length]).toEqual([0, 1]);
  });
});

describe('a datagram that the network would have to cut (§7.3.3, §18.1.1)', () => {
  const request = (bytes: number, count = 30): SipRequest => {
    const text = wire('SIP/2.0/UDP a;branch=z9hG4bK1', 'Supported: replaces\r\n'.repeat(count));
    const parsed = parseMessage(text.replace('Call-ID: c', `Call-ID: ${'c'.repeat(bytes - text.length + 1)}`));
    if (!parsed.ok || parsed.value.kind !== 'request' || parsed.value.wire.length !== bytes)
      throw new Error('no request');
    return parsed.value;
  };
  const hop = (transport: TransportName): Hop => ({ transport, host: '192.0.2.1', port: 5060 });

  it.each<[number, TransportName, number, boolean]>([
    [1300, 'UDP', 30, false],
    [1301, 'UDP', 30, true],
    [1600, 'UDP', 30, true],
    // Compact names would not be enough: it goes as it is.
    [1600, 'UDP', 1, false],
    [1600, 'TCP', 30, false],
  ])('of %i bytes by %s', (bytes, transport, count, isShorter) => {
    const { subject, sent } = layer();
    const whole = request(bytes, count);
    subject.send(whole, hop(transport), () => {});
    const went = sent[0]?.wire ?? '';
    if (!isShorter) expect(went).toBe(whole.wire);
    else {
      expect(went.length).toBeLessThanOrEqual(1300);
      const again = parseMessage(went);
      expect(again.ok && [again.value.body, again.value.list(H.Supported).length]).toEqual(['hi', count]);
    }
  });

  it('is a response as well', () => {
    const { subject, sent } = layer();
    const response = buildResponse(request(1500), 200, { headers: [[H.Subject, 'x'.repeat(1100)]] });
    expect(response.wire.length).toBeGreaterThan(1300);
    subject.sendResponse(response, from('192.0.2.9', 40_000, 'UDP'), () => {});
    subject.sendResponse(response, from('192.0.2.9', 40_000, 'TCP'), () => {});
    expect(sent.map((one) => one.wire.startsWith('SIP/2.0 200'))).toEqual([true, true]);
    expect(sent[1]?.wire).toBe(response.wire);
  });
});

describe('a connection that may be used both ways (RFC 5923)', () => {
  it('is offered over TLS where our certificate is one that others believe', () => {
    const { subject } = layer();
    expect(subject.viaFor({ transport: 'TLS', host: '192.0.2.1', port: 5061 }, 'z9hG4bKx')).toMatch(/;rport;alias$/);
    expect(subject.viaFor({ transport: 'TCP', host: '192.0.2.1', port: 5060 }, 'z9hG4bKx')).toMatch(/;rport$/);
  });

  it.each<[TransportName, string, string[]]>([
    ['TLS', 'SIP/2.0/TLS a.example:5071;branch=z9hG4bK1;alias', ['flow a.example 5071']],
    ['TLS', 'SIP/2.0/TLS a.example;branch=z9hG4bK1;alias', ['flow a.example 5061']],
    ['TLS', 'SIP/2.0/TLS a.example;branch=z9hG4bK1', []],
    ['TCP', 'SIP/2.0/TCP a.example;branch=z9hG4bK1;alias', []],
    ['UDP', 'SIP/2.0/UDP a.example;branch=z9hG4bK1;alias', []],
  ])('is asked for by %s: %s', (transport, via, expected) => {
    const { subject, aliases } = layer();
    subject.received(wire(via), from('192.0.2.9', 40_000, transport));
    expect(aliases).toEqual(expected);
  });
});
