import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_HEADER_LINES } from '../../../../../proxy-core/sip/message/header-table.ts';
import type { SipMessage } from '../../../../../proxy-core/sip/message/message.ts';
import { H, headerId, headerName } from '../../../../../proxy-core/sip/message/names.ts';
import {
  deltaSeconds,
  MAX_MESSAGE,
  maxForwards,
  optionTags,
  parseMessage,
} from '../../../../../proxy-core/sip/message/parse.ts';
import { parseVia } from '../../../../../proxy-core/sip/message/via.ts';

const HEAD = [
  'Via: SIP/2.0/UDP a.test:5062;branch=z9hG4bK1;rport',
  'Via: SIP/2.0/TCP b.test;branch=z9hG4bK2, SIP/2.0/UDP c.test;branch=z9hG4bK3',
  'From: "Alice" <sip:a@x>;tag=1',
  'To: <sip:b@x>',
  'Call-ID: c@x',
  'CSeq: 7 INVITE',
  'Max-Forwards: 69',
  'k: 100rel, Timer',
  'X-Office: one',
  'Route: <sip:p1;lr>,<sip:p2;lr>',
  'Route: <sip:p3;lr>',
];
const wire = (lines: readonly string[] = HEAD, body = 'v=0', start = 'INVITE sip:b@x SIP/2.0'): string =>
  `${[start, ...lines, `l: ${body.length}`].join('\r\n')}\r\n\r\n${body}`;

function read(text: string): SipMessage {
  const parsed = parseMessage(text);
  if (!parsed.ok) throw new Error(parsed.error.reason);
  return parsed.value;
}

describe('a message', () => {
  it('gives what every layer reads, and the rest when asked', () => {
    const message = read(wire());
    expect(message).toMatchObject({
      kind: 'request',
      method: 'INVITE',
      uriText: 'sip:b@x',
      callId: 'c@x',
      cseq: 7,
      cseqMethod: 'INVITE',
    });
    expect([message.from.display, message.from.tag, message.to.tag, message.body]).toEqual([
      'Alice',
      '1',
      undefined,
      'v=0',
    ]);
    expect(message.via).toMatchObject({
      transport: 'UDP',
      host: 'a.test',
      port: 5062,
      branch: 'z9hG4bK1',
      rport: '',
      received: undefined,
    });
    expect(message.list(H.Via)).toHaveLength(3);
    expect(message.list(H.Route)).toEqual(['<sip:p1;lr>', '<sip:p2;lr>', '<sip:p3;lr>']);
    expect(message.headers.lines(H.Route)).toEqual(['<sip:p1;lr>,<sip:p2;lr>', '<sip:p3;lr>']);
    expect(message.headers.count(H.Route)).toBe(2);
    expect([message.headers.named('x-OFFICE'), message.headers.named('none'), message.header(H.Subject)]).toEqual([
      'one',
      undefined,
      undefined,
    ]);
    expect([maxForwards(message), optionTags(message, H.Supported)]).toEqual([69, ['100rel', 'timer']]);
  });

  it('is read with lone line feeds, and without the empty line that some forget', () => {
    expect(read(wire().replaceAll('\r\n', '\n')).body).toBe('v=0');
    expect(read(wire(HEAD, '').trimEnd()).callId).toBe('c@x');
  });

  it('ends where its Content-Length says, or with the datagram', () => {
    expect(read(`${wire()}more`).wire).toBe(wire());
    expect(read(wire().replace('l: 3', 'X: 3')).body).toBe('v=0');
  });

  it('may be a response', () => {
    expect(read(wire(HEAD, '', 'SIP/2.0 180 Ringing it'))).toMatchObject({
      kind: 'response',
      status: 180,
      reason: 'Ringing it',
    });
    expect(read(wire(HEAD, '', 'SIP/2.0 200'))).toMatchObject({ status: 200, reason: '' });
  });

  it('in full size is read, and one byte more is refused', () => {
    const room = MAX_MESSAGE - wire(HEAD, 'x'.repeat(60_000)).length + 60_000;
    expect(read(wire(HEAD, 'x'.repeat(room))).wire).toHaveLength(MAX_MESSAGE);
    expect(parseMessage(wire(HEAD, 'x'.repeat(room + 1)))).toMatchObject({ ok: false, error: { status: 413 } });
  });

  const without = (name: string): string[] => HEAD.filter((line) => !line.startsWith(name));
  it.each([
    ['', 400],
    ['\r\n', 400],
    ['INVITE', 400],
    ['INVITE sip:b@x\r\n\r\n', 400],
    [wire(without('Via')), 400],
    [wire(without('From')), 400],
    [wire(without('To')), 400],
    [wire(without('Call-ID')), 400],
    [wire(without('CSeq')), 400],
    [wire([...HEAD, 'To: <sip:c@x>']), 400],
    [wire([...HEAD, 'Max-Forwards: 1']), 400],
    [wire([...without('CSeq'), 'CSeq: 2147483648 INVITE']), 400],
    [wire([...without('CSeq'), 'CSeq: INVITE']), 400],
    [wire([...without('CSeq'), 'CSeq: 1']), 400],
    [wire([...without('Call-ID'), 'Call-ID: a b']), 400],
    [wire([...HEAD, 'no colon']), 400],
    [wire([...HEAD, ': no name']), 400],
    [wire([...HEAD, 'X: a\rTo: <sip:evil>']), 400],
    [wire([...HEAD, 'X: a\r']), 400],
    [wire(HEAD, '', 'INVITE sip:b@x \rSIP/2.0'), 400],
    [wire(HEAD, '', 'SIP/2.0 200 O\rK'), 400],
    [wire([' folded', ...HEAD]), 400],
    [wire(HEAD, '', 'IN(VITE sip:b@x SIP/2.0'), 400],
    [wire(HEAD, '', 'INVITE sip:b@x HTTP/1.1'), 400],
    [wire(HEAD, '', 'INVITE sip:b@x SIP/3.0'), 505],
    [wire(HEAD, '', 'SIP/2.0 99 x'), 400],
    [wire(HEAD, '', 'SIP/2.0 700 x'), 400],
    [wire(HEAD, '', 'SIP/2.0 2000 x'), 400],
    [wire(HEAD, '', 'SIP/3.0 200 x'), 400],
    [wire([...HEAD, ...Array<string>(MAX_HEADER_LINES).fill('X: y')]), 400],
    [wire().replace('l: 3', 'l: 4'), 400],
    [wire().replace('l: 3', 'l: 3x'), 400],
    [wire().replace('l: 3', 'l: 99999999999999999999'), 400],
    [wire().replace('l: 3', 'l: 70000'), 413],
  ])('is refused, with the status to answer: %j', (text, status) => {
    expect(parseMessage(text)).toMatchObject({ ok: false, error: { status } });
  });

  it('never makes the reader throw, however it is broken, and what is read stands in it', () => {
    const octets = fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
    const whole = (lines: string): string => lines.replace(/\r?\n/g, '\r\n');
    const damage = fc.record({ at: fc.nat(wire().length), cut: fc.nat(20), put: octets });
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 4 }), (damages) => {
        let text = wire();
        for (const { at, cut, put } of damages) text = text.slice(0, at) + put + text.slice(at + cut);
        const parsed = parseMessage(text);
        if (!parsed.ok) return;
        const message = parsed.value;
        expect(whole(`${text}\r\n`).startsWith(whole(message.wire))).toBe(true);
        for (let id = 1; id <= H.Join; id++) message.list(id as typeof H.Via);
        expect([message.to.uri, message.from.uri]).toBeDefined();
      }),
      { numRuns: 2000 },
    );
  });
});

describe('header names', () => {
  it('are known in any case and compact', () => {
    expect(['via', 'V', 'CALL-id', 'i', 'l', 'o', 'x-unknown', 'Vib', ''].map(headerId)).toEqual([
      H.Via,
      H.Via,
      H.CallId,
      H.CallId,
      H.ContentLength,
      H.Event,
      H.Other,
      H.Other,
      H.Other,
    ]);
    for (const id of Object.values(H)) if (id !== H.Other) expect(headerId(headerName(id))).toBe(id);
    expect(() => headerName(H.Other)).toThrow(RangeError);
  });

  it('are not mistaken for others a bit apart', () => {
    // "[" differs from "{" as a letter does from its capital.
    expect([headerId('Call\rID'), headerId('CALL\x0dID'), headerId('c\x53eq')]).toEqual([H.Other, H.Other, H.CSeq]);
  });
});

it.each([
  ['60', 60],
  ['0', 0],
  ['99999999999999', 0xffff_ffff],
  ['3600;x=1', 3600],
  [undefined, undefined],
  ['-1', undefined],
  ['soon', undefined],
  ['', undefined],
])('delta-seconds %j', (text, seconds) => {
  expect(deltaSeconds(text)).toBe(seconds);
});

it.each([
  '',
  'SIP/2.0',
  'SIP/2.0/UDP',
  'SIP/2.0/UDP ',
  'SIP/3.0/UDP a',
  'HTTP/2.0/UDP a',
  'SIP/2.0/U(P a',
  'SIP/2.0/UDP a:x',
  'SIP/2.0/UDP a b',
  'SIP/2.0/UDP a;;',
])('the Via %j is refused', (text) => {
  expect(parseVia(text).ok).toBe(false);
});

// A machine under load is given a second; what grows with the square of the length took four on an idle one.
it.each([
  ['sent-by', (blanks: string) => `Via: SIP/2.0/UDP h${blanks}x;branch=z9hG4bK1`],
  ['a folded header', (blanks: string) => `Via: SIP/2.0/UDP h;branch=z9hG4bK1${blanks};x\r\n ;y`],
])('60,000 blanks in %s hold nobody up', (_, via) => {
  const text = wire([via(' '.repeat(60_000)), ...HEAD.slice(2)]);
  const from = performance.now();
  parseMessage(text);
  expect(performance.now() - from).toBeLessThan(1000);
});
