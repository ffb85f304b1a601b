/** What is said of a user, an address and a whole call. */
import { describe, expect, test } from 'vitest';
import { isWrong, whyAddress, whyCall, whyUser } from '../../../../../proxy-core/server/why/explain.ts';
import { nearNumbers } from '../../../../../proxy-core/server/why/near-numbers.ts';
import { ANNA, BEN, DOMAIN, request, response, TraceScript } from '../../../../support/trace-script.ts';
import { factsOf, registeredAt } from '../../../../support/why-facts.ts';
import { answeredHere, answeredThere } from './cases/case.ts';

const ben = registeredAt('1002', 'udp:192.0.2.8:5062', { userAgent: 'Desk 2' });
const ban = { address: '192.0.2.8', since: 0, until: Date.UTC(2026, 0, 5, 15), times: 1, reason: '20 wrong passwords' };

describe('a user', () => {
  test('who is not registered is told so before all else, with the calls that failed for other reasons behind', () => {
    const script = new TraceScript();
    answeredThere(script, 603, 'Decline');
    answeredHere(script.wait(60_000), 480, 'Temporarily Unavailable', { callId: 'later' });
    const departure = {
      at: script.now - 30_000,
      how: 'expired',
      userAgent: '',
      device: '',
      received: 'udp:192.0.2.8:5062',
    } as const;
    const reasons = whyUser('1002', DOMAIN, factsOf(script, { departures: { 1002: departure } }));
    expect(reasons.map(({ key }) => key)).toEqual(['user.not-registered', 'phone.declined']);
    expect(reasons[0]?.text).toMatch(
      /none of its phones is registered since 14:02, when the last one at 192\.0\.2\.8:5062 did not/,
    );
  });

  test('whose phone is at a banned address is told of the ban', () => {
    const reasons = whyUser('1002', DOMAIN, factsOf(new TraceScript(), { bindings: { 1002: [ben] }, bans: [ban] }));
    expect(reasons.map(({ key, text }) => [key, text])).toEqual([
      [
        'guard.banned',
        '192.0.2.8, where 1002 (Ben) has a phone, is banned until 15:00 because of 20 wrong passwords, so nothing that it sends is read.',
      ],
      ['user.registered', '1002 (Ben) is registered from Desk 2 (192.0.2.8:5062).'],
    ]);
  });

  test('whom nobody knows is told of with those near him', () => {
    const [reason] = whyUser('1003 '.trim().replace('3', '33'), DOMAIN, factsOf(new TraceScript()));
    expect(reason).toMatchObject({ key: 'number.unknown', values: { near: '1003' } });
  });
});

describe('an address', () => {
  test('of which nothing came, and one with which all is well, are told apart', () => {
    const script = new TraceScript();
    expect(whyAddress('192.0.2.99', factsOf(script))[0]?.text).toBe(
      'Nothing came from 192.0.2.99 in the time that is kept.',
    );
    answeredThere(script, 200, 'OK');
    script.in(ANNA, request({ method: 'ACK', toTag: 't' }));
    expect(whyAddress('192.0.2.7', factsOf(script))[0]?.text).toBe(
      'Nothing went wrong with 1 requests from or to 192.0.2.7.',
    );
  });

  test.each([
    ['ssl3_read_bytes:sslv3 alert certificate unknown', 'tls.not-believed'],
    ['tlsv1 alert unknown ca', 'tls.not-believed'],
    ['unsupported protocol', 'tls.too-old'],
    ['http request', 'tls.plain'],
    ['no shared cipher', 'tls.no-cipher'],
    ['peer did not return a certificate', 'tls.client-certificate'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls.client-certificate'],
    ['socket hang up', 'tls.handshake'],
  ])('whose TLS fails by "%s" is told of as %s', (reason, key) => {
    const script = new TraceScript();
    script.note(`No TLS connection with 192.0.2.7: ${reason}.`);
    script.note(`No TLS connection with 192.0.2.7: ${reason}.`);
    script.note('No TLS connection with 192.0.2.77: something else.');
    const reasons = whyAddress('192.0.2.7', factsOf(script));
    expect(reasons.map((one) => one.key)).toEqual([key]);
  });

  test('whose connection was closed is told why', () => {
    const script = new TraceScript();
    script.note('The connection with 192.0.2.7:40001 was closed: bytes that are no SIP message.');
    script.note('The connection with [2001:db8::7]:40001 was closed: nothing that is SIP came.');
    expect(whyAddress('192.0.2.7', factsOf(script))[0]).toMatchObject({
      key: 'connection.closed',
      text: 'A connection with 192.0.2.7 was closed: bytes that are no SIP message.',
    });
    expect(whyAddress('2001:db8::7', factsOf(script))[0]?.text).toBe(
      'A connection with 2001:db8::7 was closed: nothing that is SIP came.',
    );
  });
});

describe('a call', () => {
  test('in which nothing went wrong is told in a sentence too', () => {
    const script = new TraceScript();
    answeredThere(script, 200, 'OK', { rings: true });
    script.in(ANNA, request({ method: 'ACK', toTag: 't' }));
    script.wait(65_000);
    answeredThere(script, 200, 'OK', {
      request: { method: 'BYE', toTag: 't', cseq: 2, vias: ['SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKbye'] },
      answer: { method: 'BYE' },
    });
    expect(whyCall(factsOf(script))).toEqual([
      expect.objectContaining({
        key: 'call.fine',
        text: 'Nothing went wrong: the INVITE of 1001 (Ada) to 1002 (Ben) came at 14:02; it was answered after 20 seconds; 1001 (Ada) ended it after 85 seconds.',
      }),
    ]);
  });

  test('that was asked for a password and gave it has no fault in that', () => {
    const script = new TraceScript();
    answeredHere(
      script,
      407,
      'Proxy Authentication Required',
      {},
      { 'Proxy-Authenticate': 'Digest realm="office.example", nonce="a"' },
    );
    script.in(ANNA, request({ method: 'ACK' }));
    script.in(ANNA, request({ cseq: 2, vias: ['SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKagain'] }));
    const [first, second] = factsOf(script).stories;
    expect([first && isWrong(first, factsOf(script)), second && isWrong(second, factsOf(script))]).toEqual([
      false,
      true,
    ]);
  });

  test('that rang at two phones tells of the one that spoke for all', () => {
    const script = new TraceScript();
    const other = { host: '192.0.2.9', port: 5060 };
    const via = (branch: string): string[] => [
      `SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bK${branch};rport`,
      'SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKcaller;rport',
    ];
    script.in(ANNA, request());
    script.out(BEN, request({ vias: via('a') }));
    script.out(other, request({ vias: via('b') }));
    script.in(other, response(486, 'Busy Here', { vias: via('b') }));
    script.in(BEN, response(603, 'Decline', { vias: via('a') }));
    script.out(ANNA, response(603, 'Decline'));
    expect(whyCall(factsOf(script))[0]).toMatchObject({ key: 'phone.declined', messages: [2, 5] });
  });
});

test('thousands of guesses are one sentence, found at once', () => {
  const script = new TraceScript();
  for (let i = 0; i < 2_000; i++) {
    const words = {
      method: 'REGISTER',
      from: '1002',
      to: '1002',
      callId: `g${i}`,
      vias: [`SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKg${i}`],
    };
    const proof = `Digest username="1002", realm="${DOMAIN}", nonce="n", uri="sip:a", response="${String(i).padStart(32, '0')}"`;
    script.in(ANNA, request({ ...words, headers: { Authorization: proof } }));
    script.out(
      ANNA,
      response(401, 'Unauthorized', {
        ...words,
        headers: { 'WWW-Authenticate': `Digest realm="${DOMAIN}", nonce="m"` },
      }),
    );
  }
  const facts = factsOf(script);
  const before = performance.now();
  const reasons = whyAddress(ANNA.host, facts);
  expect(performance.now() - before).toBeLessThan(2_000);
  expect(reasons).toEqual([
    expect.objectContaining({
      key: 'password.wrong',
      text: 'The password for 1002 was wrong 2000 times from 192.0.2.7.',
    }),
  ]);
});

test('numbers near another are those of one slip', () => {
  const known = new Set(['1002', '1020', '102', '10023', '+49301', '2001', '9999']);
  const find = (number: string) => (known.has(number) ? { number, domain: DOMAIN, name: '' } : undefined);
  expect(nearNumbers('1200', find)).toEqual([expect.objectContaining({ number: '1020' })]);
  expect(
    nearNumbers('1022', find)
      .map(({ number }) => number)
      .sort(),
  ).toEqual(['1002', '102', '1020']);
  expect(nearNumbers('0049301', find)[0]?.number).toBe('+49301');
  expect(nearNumbers('1'.repeat(100), find)).toEqual([]);
});
