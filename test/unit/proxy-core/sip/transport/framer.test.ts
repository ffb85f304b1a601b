import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamFramer } from '../../../../../proxy-core/sip/transport/framer.ts';

const message = (body = '', extra = ''): string =>
  `MESSAGE sip:b@x SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\n${extra}Content-Length: ${body.length}\r\n\r\n${body}`;

function framer(accepted = true) {
  const out: string[] = [];
  const sink = {
    message: (wire: string) => void out.push(wire),
    ping: () => void out.push('ping'),
    pong: () => void out.push('pong'),
  };
  const subject = new StreamFramer({ sink, accepted });
  return { out, push: (text: string) => subject.push(text), subject };
}

const bytes = () => fc.uint8Array({ maxLength: 60 }).map((octets) => Buffer.from(octets).toString('latin1'));

describe('a stream', () => {
  it.each([
    ['one message', [message('hello')]],
    ['two in one piece', [message(), message('body')]],
    ['a body that looks like a message', [message(message('inner'))]],
    ['a compact and folded Content-Length', ['A sip:b@x SIP/2.0\r\nl:\r\n  3\r\n\r\nxyz']],
    ['a response', ['SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n']],
    ['lone line feeds', ['A sip:b@x SIP/2.0\nl: 2\n\nok']],
  ])('gives %s', (_name, messages) => {
    const { out, push } = framer();
    expect(push(messages.join(''))).toBeUndefined();
    expect(out).toEqual(messages);
  });

  it('gives the same however it is torn', () => {
    const wires = fc.array(
      fc.oneof(
        fc.string().map((body) => message(body.replace(/[^ -~]/g, '?'))),
        fc.constant('\r\n\r\n'),
      ),
      {
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(wires, fc.array(fc.nat(400), { maxLength: 30 }), (parts, cuts) => {
        const text = parts.join('');
        const { out, push } = framer();
        let at = 0;
        for (const cut of cuts) {
          expect(push(text.slice(at, at + cut))).toBeUndefined();
          at += cut;
        }
        expect(push(text.slice(at))).toBeUndefined();
        expect(out).toEqual(parts.map((part) => (part === '\r\n\r\n' ? 'ping' : part)));
      }),
    );
  });

  it('takes a message of the full size, byte by byte, in a time that grows with its bytes', () => {
    const body = 'x'.repeat(65_535 - message('x'.repeat(60_000)).length + 60_000);
    const wire = message(body);
    const { out, push } = framer();
    for (const byte of wire) push(byte);
    expect(wire).toHaveLength(65_535);
    expect(out).toEqual([wire]);
    const endless = framer();
    endless.push('A sip:b@x SIP/2.0\r\nX: ');
    for (let i = 0; i < 60_000; i++) endless.push('y');
    expect(endless.push('y')).toBeUndefined();
  });
});

describe('keep-alives (RFC 5626 §4.4.1)', () => {
  it('tells ping and pong apart on a connection that the peer opened, torn or not', () => {
    const { out, push } = framer();
    push('\r\n\r\n');
    push('\r');
    push('\n\r');
    push('\n');
    push(`\r\n${message()}`);
    expect(out).toEqual(['ping', 'ping', 'pong', message()]);
  });

  it('takes each CRLF on a connection that we opened for an answer, and two at once for a ping', () => {
    const { out, push } = framer(false);
    push('\r\n');
    push('\r\n');
    push('\r\n\r\n');
    expect(out).toEqual(['pong', 'pong', 'ping']);
  });
});

describe('what cannot be read', () => {
  it.each([
    ['another protocol', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'bytes that are no SIP message'],
    ['another protocol, its first line alone', 'EHLO mail.test\r\n', 'bytes that are no SIP message'],
    ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\n\x00', 'bytes that are no SIP message'],
    ['a lone CR', '\rINVITE', 'bytes that are no SIP message'],
    ['no Content-Length', 'A sip:b@x SIP/2.0\r\nX: 1\r\n\r\n', 'a message without a readable Content-Length'],
    ['a negative one', 'A sip:b@x SIP/2.0\r\nl: -1\r\n\r\n', 'a message without a readable Content-Length'],
    [
      'two that differ',
      'A sip:b@x SIP/2.0\r\nl: 1\r\nContent-Length: 2\r\n\r\nab',
      'a message without a readable Content-Length',
    ],
    ['headers without a colon', 'A sip:b@x SIP/2.0\r\nnothing\r\n\r\n', 'a message without a readable Content-Length'],
    ['a first line that never ends', 'A'.repeat(9000), 'a first line that never ends'],
    ['headers that never end', `A sip:b@x SIP/2.0\r\n${'X: y\r\n'.repeat(12_000)}`, 'a message of more than 64 KiB'],
  ])('ends with a reason: %s', (_name, text, reason) => {
    for (const size of [text.length, 7]) {
      const { out, push } = framer();
      let fault: string | undefined;
      for (let at = 0; at < text.length && fault === undefined; at += size) fault = push(text.slice(at, at + size));
      expect(fault).toBe(reason);
      expect(push(message())).toBe(reason);
      expect(out).toEqual([]);
    }
  });

  it('hands up the headers of a message that is too large, for a 413', () => {
    const head = 'A sip:b@x SIP/2.0\r\nContent-Length: 70000\r\n\r\n';
    const { out, push } = framer();
    expect(push(`${head}xxx`)).toBe('a message of more than 64 KiB');
    expect(out).toEqual([head]);
  });

  it('never throws and never holds more than a message', () => {
    fc.assert(
      fc.property(fc.array(bytes(), { maxLength: 40 }), (pieces) => {
        const { push } = framer();
        for (const piece of pieces) push(piece);
      }),
    );
  });
});
