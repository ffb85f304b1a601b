import { beforeEach, expect, test } from 'vitest';
import { nodeHashes } from '../../../../proxy-core/node/hashes.ts';
import { ModeSwitch } from '../../../../proxy-core/server/mode-switch.ts';
import { StatelessProxy } from '../../../../proxy-core/server/stateless.ts';
import { buildResponse, type HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import type { Hop, Source } from '../../../../proxy-core/sip/transport/port.ts';
import { DOMAIN, SELF, source, TestExchange } from '../../../support/exchange-parts.ts';

const URI = `sip:1001@${DOMAIN}`;
let exchange: TestExchange;
let proxy: ModeSwitch;
let sent: { request: SipRequest; hop: Hop }[];
let answers: { response: SipResponse; source: Source | undefined }[];
let own: SipRequest[];

beforeEach(() => {
  exchange = new TestExchange({ mode: 'stateless' });
  exchange.bind('1001', 'sip:1001@192.0.2.61:5066');
  sent = [];
  answers = [];
  own = [];
  const stateless = new StatelessProxy({
    parts: exchange.parts,
    transport: {
      viaFor: (hop, branch) => `SIP/2.0/${hop.transport} ${SELF};branch=${branch};rport`,
      send: (request, hop) => void sent.push({ request, hop }),
      sendResponse: (response, from) => void answers.push({ response, source: from }),
    },
    hash: nodeHashes.sha256,
    secret: 'secret',
  });
  proxy = new ModeSwitch(exchange.parts, stateless, {
    requestReceived: (request) => void own.push(request),
    responseReceived: () => undefined,
    flowClosed: () => undefined,
  });
});

const branch = (index: number): string | undefined => sent[index]?.request.via.branch;

test('a request that comes again is sent on with the same branch, another with another', () => {
  const invite = exchange.request('INVITE', URI);
  proxy.requestReceived(invite, source);
  proxy.requestReceived(invite, source);
  proxy.requestReceived(exchange.request('INVITE', URI), source);
  expect(sent.map(({ hop }) => hop.port)).toEqual([5066, 5066, 5066]);
  expect(branch(1)).toBe(branch(0));
  expect(branch(2)).not.toBe(branch(0));
});

test('its CANCEL and the ACK to its failure follow with its branch', () => {
  const invite = exchange.request('INVITE', URI);
  const same: HeaderLine[] = [
    ['Via', invite.header(H.Via) ?? ''],
    ['Call-ID', invite.callId],
  ];
  proxy.requestReceived(invite, source);
  proxy.requestReceived(exchange.request('CANCEL', URI, same), source);
  proxy.requestReceived(exchange.request('ACK', URI, [...same, ['To', `<${URI}>;tag=callee`]]), source);
  expect(sent.map(({ request }) => request.method)).toEqual(['INVITE', 'CANCEL', 'ACK']);
  expect(new Set([branch(0), branch(1), branch(2)]).size).toBe(1);
});

test('a response goes the way that its Vias tell', () => {
  proxy.requestReceived(exchange.request('INVITE', URI), source);
  const request = sent[0]?.request;
  if (request === undefined) throw new Error('nothing was sent');
  proxy.responseReceived(buildResponse(request, 200, { toTag: 'callee' }), source);
  expect(answers).toHaveLength(1);
  expect(answers[0]?.source).toBeUndefined();
  expect(answers[0]?.response.list(H.Via)).toHaveLength(1);
});

test('an answer of our own has a tag by which its ACK is known, and the ACK ends here', () => {
  const invite = exchange.request('INVITE', `sip:1999@${DOMAIN}`);
  proxy.requestReceived(invite, source);
  const answer = answers[0]?.response;
  expect(answer?.status).toBe(404);
  const ack = exchange.request('ACK', URI, [
    ['Via', invite.header(H.Via) ?? ''],
    ['To', answer?.header(H.To) ?? ''],
  ]);
  proxy.requestReceived(ack, source);
  expect(sent).toEqual([]);
});

test('users are challenged, strangers are no reason to relay', () => {
  proxy.requestReceived(exchange.request('INVITE', URI, [['From', `<sip:1002@${DOMAIN}>;tag=1`]]), source);
  proxy.requestReceived(exchange.request('INVITE', 'sip:a@192.0.2.99'), source);
  proxy.requestReceived(exchange.request('ACK', 'sip:a@192.0.2.99', [['To', '<sip:a@b.example>;tag=1']]), source);
  expect(answers.map(({ response }) => response.status)).toEqual([407, 403]);
  expect(sent).toEqual([]);
});

test('what is for the exchange itself takes transactions', () => {
  proxy.requestReceived(exchange.request('REGISTER', `sip:${DOMAIN}`), source);
  proxy.requestReceived(exchange.request('OPTIONS', `sip:${SELF}`), source);
  proxy.requestReceived(exchange.request('OPTIONS', URI, [['Max-Forwards', '0']]), source);
  expect(own.map(({ method }) => method)).toEqual(['REGISTER', 'OPTIONS', 'OPTIONS']);
  expect(sent).toEqual([]);
});

test('an answer that no request of ours led to is passed on to nobody', () => {
  proxy.requestReceived(exchange.request('INVITE', URI), source);
  const request = sent[0]?.request;
  if (request === undefined) throw new Error('nothing was sent');
  const [own = '', next = ''] = request.list(H.Via);
  const forged = [own, next.replace('192.0.2.50;', '192.0.2.99;')];
  const answered = buildResponse(
    exchange.request('INVITE', URI, [...forged.map((via): HeaderLine => ['Via', via]), ['Call-ID', request.callId]]),
    200,
  );
  proxy.responseReceived(answered, source);
  expect(answers).toEqual([]);
});

test('what cannot be sent to one address goes to the next, which is tried first from then on', () => {
  const hops: Hop[] = [91, 92].map((last) => ({ transport: 'UDP', host: `192.0.2.${last}`, port: 5060 }));
  exchange = new TestExchange({ mode: 'stateless' }, { resolve: () => hops });
  const tried: string[] = [];
  const stateless = new StatelessProxy({
    parts: exchange.parts,
    transport: {
      viaFor: (hop, name) => `SIP/2.0/${hop.transport} ${SELF};branch=${name}`,
      send: (_request, { host }, failed) => {
        tried.push(host);
        if (host.endsWith('91')) failed({ reason: 'refused' });
      },
      sendResponse: () => undefined,
    },
    hash: nodeHashes.sha256,
    secret: 'secret',
  });
  exchange.bind('1001', 'sip:1001@phone.example');
  for (let i = 0; i < 2; i++) stateless.request(exchange.request('INVITE', URI), source);
  expect(tried).toEqual(['192.0.2.91', '192.0.2.92', '192.0.2.92']);
});

test('the way to a phone behind a NAT is told although nothing was remembered', () => {
  exchange.bind('1001', { contact: 'sip:1001@10.0.0.7:5060', received: 'udp:203.0.113.9:41000' });
  proxy.requestReceived(exchange.request('INVITE', URI), source);
  expect(sent[0]?.hop).toMatchObject({ host: '203.0.113.9', port: 41_000 });
  const request = sent[0]?.request;
  if (request === undefined) throw new Error('nothing was sent');
  const phone: Source = { ...source, host: '203.0.113.9', port: 41_000 };
  const contact: HeaderLine = ['Contact', '<sip:1001@10.0.0.7:5060>'];
  proxy.responseReceived(buildResponse(request, 200, { toTag: 'callee', headers: [contact] }), phone);
  const way = exchange.parts.nat.flows.make(phone);
  expect(answers[0]?.response.header(H.Contact)).toBe(`<sip:1001@10.0.0.7:5060;nat=${way}>`);
});

test('who calls himself a scanner is banned here too, and an overloaded exchange puts off what is new', () => {
  proxy.requestReceived(exchange.request('INVITE', URI, [['User-Agent', 'friendly-scanner']]), source);
  expect(exchange.banned).toHaveLength(1);
  exchange.size.open = 1_000_000;
  proxy.requestReceived(exchange.request('INVITE', URI), source);
  proxy.requestReceived(exchange.request('BYE', URI), source);
  expect(answers.map(({ response }) => response.status)).toEqual([403, 503]);
  expect(sent).toHaveLength(1);
});
