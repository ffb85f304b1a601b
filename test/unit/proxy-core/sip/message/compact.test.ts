import { describe, expect, it } from 'vitest';
import { fitted } from '../../../../../proxy-core/sip/message/compact.ts';
import { H, headerId } from '../../../../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../../../../proxy-core/sip/message/parse.ts';

const WIRE = `INVITE sip:bob@10.0.0.2 SIP/2.0
Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1
VIA:  SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK0,
 SIP/2.0/UDP 10.0.0.8;branch=z9hG4bKa
Max-Forwards: 70
From: "A, B" <sip:alice@10.0.0.1>;tag=a
To: <sip:bob@10.0.0.2>
Call-ID: c
CSeq: 1 INVITE
Contact: <sip:alice@10.0.0.1>
Supported: replaces
Content-Type: application/sdp
Content-Encoding: identity
Subject: a: b
Refer-To: <sip:x@y>
Referred-By: <sip:x@y>
Event: dialog
Allow-Events: dialog
Session-Expires: 1800
Request-Disposition: fork
Accept-Contact: *;audio
Reject-Contact: *;video
X-Strange :  kept
X-Empty:
Content-Length: 9

Via: body`.replaceAll('\n', '\r\n');

/** With every name short. */
function shortest(): string {
  for (let bytes = 0; bytes < WIRE.length; bytes++) {
    const short = fitted(WIRE, bytes);
    if (short !== WIRE) return short;
  }
  throw new Error('nothing is shorter');
}

describe('compact names (RFC 3261 §7.3.3)', () => {
  it('say the same in fewer bytes', () => {
    const short = shortest();
    expect(short.length).toBeLessThan(WIRE.length);
    const before = parseMessage(WIRE);
    const after = parseMessage(short);
    if (!before.ok || !after.ok) throw new Error('unreadable');
    for (const id of Object.values(H)) {
      if (id !== H.Other) expect(after.value.headers.lines(id)).toEqual(before.value.headers.lines(id));
    }
    expect(after.value.headers.named('X-Strange')).toBe('kept');
    expect(after.value.headers.named('X-Empty')).toBe('');
    expect(after.value.body).toBe('Via: body');
    expect(fitted(short, short.length - 1)).toBe(short);
  });

  it('are all those that have been registered, and each is read', () => {
    const names = shortest()
      .split('\r\n')
      .flatMap((line) => /^([a-z]):/.exec(line)?.[1] ?? []);
    expect([...new Set(names)].sort().join('')).toBe('abcdefijklmorstuvx');
    expect(names.every((name) => headerId(name) !== H.Other)).toBe(true);
  });

  it('leave what cannot be read as it is', () => {
    for (const wire of ['', 'INVITE', 'INVITE sip:a SIP/2.0\r\nno colon\r\n\r\n'])
      expect(fitted(wire, wire.length - 1)).toBe(wire);
  });

  it('are written only where they bring a message to the size that is wanted', () => {
    const short = shortest();
    expect(fitted(WIRE, WIRE.length)).toBe(WIRE);
    expect(fitted(WIRE, short.length)).toBe(short);
    expect(fitted(WIRE, short.length - 1)).toBe(WIRE);
  });

  it('are no more than it takes, and those that few programs know come last', () => {
    for (let bytes = shortest().length; bytes < WIRE.length; bytes++) {
      const text = fitted(WIRE, bytes);
      expect(text.length).toBeLessThanOrEqual(bytes);
      const namesAre = (long: RegExp, short: RegExp): void => expect(long.test(text)).toBe(!short.test(text));
      namesAre(/^From: /m, /^f:/m);
      if (/^[kxv]:/m.test(text)) expect(text).not.toMatch(/^(?:From|To|Call-ID|Contact|Subject): /m);
      if (/^v:/m.test(text)) expect(text).not.toMatch(/^(?:Supported|Session-Expires): /m);
    }
    expect(fitted(WIRE, WIRE.length - 1)).toMatch(/^Via: SIP.*\r\nVIA: /m);
  });
});
