/** No way to the other side, and what the exchange itself could not do. */
import { ANNA, request, response, type TraceScript } from '../../../../../support/trace-script.ts';
import { answeredHere, type Case, vias } from './case.ts';

const FAR = { host: '203.0.113.9', port: 5061 };

/** The only way there failed for this reason, as the transport and OpenSSL say it. */
const failed =
  (reason: string) =>
  (script: TraceScript): void => {
    script.in(ANNA, request({ to: 'x@far.example' }));
    script.out(FAR, request({ to: 'x@far.example', vias }), { transport: 'TLS' });
    script.wait(50).note('a target could not be reached', { hop: '203.0.113.9:5061', reason, callId: 'call-1' });
    script.out(ANNA, response(500, 'Server Internal Error', { to: 'x@far.example' }));
  };
const connection = (reason: string): ReturnType<typeof failed> =>
  failed(`The connection to 203.0.113.9:5061 failed: ${reason}`);
/** The request was on its way when the connection broke: what broke it only the transport knows. */
const broken =
  (reason: string) =>
  (script: TraceScript): void => {
    script.note(`The connection with 203.0.113.9:5061 was closed: ${reason}.`);
    failed('The connection ended before an answer came')(script);
  };
const limit =
  (status: number, reason: string, method = 'INVITE') =>
  (script: TraceScript): void =>
    answeredHere(script, status, reason, { method }, { 'Retry-After': '7' });

const there = 'the other side at 203.0.113.9:5061';

export const ways: readonly Case[] = [
  {
    key: 'tls.expired',
    happened: connection('certificate has expired'),
    says: `The certificate of ${there} has expired, so no TLS connection was made.`,
  },
  {
    key: 'tls.not-yet',
    happened: connection('certificate is not yet valid'),
    says: `The certificate of ${there} is not valid yet, so no TLS connection was made.`,
  },
  {
    key: 'tls.wrong-name',
    happened: connection('its certificate is for sip.other.example, not for far.example'),
    says: `The certificate of ${there} is for sip.other.example and not for far.example, so no TLS connection was made.`,
  },
  {
    key: 'tls.unknown-authority',
    happened: connection('self-signed certificate in certificate chain'),
    says: `The certificate of ${there} is signed by nobody whom this exchange knows, so no TLS connection was made.`,
    todo: /--tls-ca/,
  },
  {
    key: 'tls.client-certificate',
    happened: connection('tlsv13 alert certificate required'),
    says: `${there.replace('the', 'The')} wants a certificate from this exchange and does not take the one that it has, or got none.`,
  },
  {
    key: 'tls.failed',
    happened: connection('write EPROTO: wrong version number'),
    says: `The TLS connection to ${there} could not be set up: write EPROTO: wrong version number.`,
  },
  {
    key: 'connection.refused',
    happened: connection('connect ECONNREFUSED 203.0.113.9:5061'),
    says: `${there.replace('the', 'The')} refused the connection: nothing listens on that port.`,
  },
  {
    key: 'connection.refused',
    what: 'as the transport tells it',
    happened: broken('connect ECONNREFUSED 203.0.113.9:5061'),
    says: `${there.replace('the', 'The')} refused the connection: nothing listens on that port.`,
  },
  {
    key: 'connection.unreachable',
    happened: connection('connect EHOSTUNREACH 203.0.113.9:5061'),
    says: `This computer has no way to ${there}: the network there cannot be reached.`,
  },
  {
    key: 'connection.timeout',
    happened: connection('no connection within 5000 ms'),
    says: `No connection to ${there} came about in time.`,
  },
  {
    key: 'connection.none-left',
    happened: failed('203.0.113.9:5061 has no WebSocket open to us'),
    says: /has closed its window or lost its network: its WebSocket is gone/,
  },
  {
    key: 'connection.lost',
    happened: connection('read ECONNRESET'),
    says: `The connection to ${there} broke: read ECONNRESET.`,
  },
  {
    key: 'transport.no-listener',
    happened: (script) => {
      script.in(ANNA, request({ uri: 'sip:x@far.example;transport=tls' }));
      script.note('no address was found', { host: 'far.example', uri: 'sip:x@far.example;transport=tls' });
      script.out(ANNA, response(500, 'Server Internal Error'));
    },
    says: 'sip:x@far.example;transport=tls is to be reached over TLS, and this exchange does not listen on TLS, so nobody there could call back.',
  },
  {
    key: 'dns.unknown',
    happened: (script) => {
      script.in(ANNA, request({ to: 'x@fra.example' }));
      script.note('no address was found', { host: 'fra.example', uri: 'sip:x@fra.example' });
      script.out(ANNA, response(500, 'Server Internal Error', { to: 'x@fra.example' }));
    },
    says: 'The name fra.example could not be found in DNS, or DNS did not answer, so nothing was sent.',
  },
  {
    key: 'limit.relayed-calls',
    happened: limit(503, 'No Media Relay Left'),
    says: 'All ports for sound that passes through the exchange are in use, so the call was refused.',
  },
  {
    key: 'limit.relayed-calls',
    what: 'of one side',
    happened: limit(503, 'Too Many Relayed Calls'),
    says: '1001 (Ada) has as many calls whose sound passes through the exchange as one side may, and one more was refused.',
  },
  {
    key: 'limit.closing',
    happened: limit(503, 'Closing Down'),
    says: 'The exchange was being closed and began nothing new.',
  },
  {
    key: 'limit.transactions',
    happened: limit(503, 'Too Many Open Requests'),
    says: 'More requests were open than this exchange serves at one time; the caller was asked to come again in 7 seconds.',
  },
  {
    key: 'limit.memory',
    happened: limit(503, 'Too Many Requests Remembered'),
    says: 'The requests of the last half minute filled the memory that this exchange may use for them, so new ones were put off.',
  },
  {
    key: 'limit.overload',
    happened: limit(503, 'Overloaded'),
    says: 'This computer had more to do than it can, in memory or in time, so the exchange put new requests off.',
  },
  {
    key: 'limit.subscriptions',
    happened: limit(403, 'Too Many Subscriptions', 'SUBSCRIBE'),
    says: '1001 (Ada) watches as many lamps and states as one user may, and one more was refused.',
  },
  {
    key: 'limit.subscriptions',
    what: 'of all',
    happened: limit(503, 'Service Unavailable', 'SUBSCRIBE'),
    says: 'The exchange has as many subscriptions as it may.',
  },
  {
    key: 'route.fault',
    happened: (script) => {
      script.in(ANNA, request());
      script.note('the route file made a mistake: it threw an error', { callId: 'call-1' });
      script.out(ANNA, response(500, 'Server Internal Error'));
    },
    says: "The office's route file made a mistake when 1001 (Ada) called 1002: it threw an error.",
  },
  {
    key: 'exchange.cannot-pass-answer',
    happened: (script) => {
      script.in(ANNA, request());
      script.out(FAR, request({ vias }));
      script.in(FAR, response(403, 'Forbidden', { vias: vias.slice(0, 1) }));
      script.out(ANNA, response(502, 'Bad Gateway'));
    },
    says: 'The other side answered 1001 (Ada) with something that cannot be passed on.',
  },
  {
    key: 'exchange.fault',
    happened: (script) => {
      script.in(ANNA, request());
      script.note('a step of the pipeline failed', { callId: 'call-1', step: 'locate' });
      script.out(ANNA, response(500, 'Server Internal Error'));
    },
    says: 'The exchange itself made a mistake with the INVITE of 1001 (Ada).',
  },
];
