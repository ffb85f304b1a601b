import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isAuthenticRequest, StunGuard } from '../../../../proxy-core/media/stun-guard.ts';

const attribute = (type: number, value: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
};

/** A binding request as a browser sends it: attributes that nobody knows among the others, signed, with more after it. */
function request(username: string, password: string, { type = 1, cookie = 0x2112a442, tail = true } = {}): Buffer {
  const body = Buffer.concat([
    attribute(0x0006, Buffer.from(username)),
    attribute(0xc057, Buffer.from([0, 1, 0, 10])),
    attribute(0x0024, Buffer.from([1, 2, 3, 4])),
  ]);
  const head = Buffer.alloc(20, 7);
  head.writeUInt16BE(type, 0);
  head.writeUInt32BE(cookie, 4);
  head.writeUInt16BE(body.length + 24, 2);
  const signed = Buffer.concat([head, body]);
  const integrity = attribute(0x0008, createHmac('sha1', password).update(signed).digest());
  const whole = Buffer.concat([signed, integrity, tail ? attribute(0x8022, Buffer.alloc(4)) : Buffer.alloc(0)]);
  whole.writeUInt16BE(whole.length - 20, 2);
  return whole;
}

const GOOD = request('local:remote', 'secret');

describe('binding requests', () => {
  it('are taken when they carry our name and a good signature', () => {
    expect(isAuthenticRequest(GOOD, 'local:remote', 'secret')).toBe(true);
    expect(isAuthenticRequest(request('local:remote', 'secret', { tail: false }), 'local:remote', 'secret')).toBe(true);
  });

  it.each<[string, Buffer]>([
    ['another name', request('local:other', 'secret')],
    ['another password', request('local:remote', 'wrong')],
    ['another type of message', request('local:remote', 'secret', { type: 0x0101 })],
    ['another cookie', request('local:remote', 'secret', { cookie: 1 })],
    ['no attributes', Buffer.concat([Buffer.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]), Buffer.alloc(12)])],
    ['a changed byte', Buffer.from(GOOD.map((byte, i) => (i === 45 ? byte ^ 1 : byte)))],
    ['a byte too many', Buffer.concat([GOOD, Buffer.from([0])])],
    ['nothing', Buffer.alloc(0)],
  ])('are refused with %s', (_name, data) => {
    expect(isAuthenticRequest(data, 'local:remote', 'secret')).toBe(false);
  });

  it('are refused wherever they are cut', () => {
    for (let cut = 0; cut < GOOD.length; cut++) {
      expect(isAuthenticRequest(GOOD.subarray(0, cut), 'local:remote', 'secret')).toBe(false);
    }
  });
});

describe('the guard', () => {
  const guard = () => new StunGuard({ localUfrag: 'local', localPassword: 'secret', remoteUfrag: 'remote' });
  const DTLS = Buffer.from([22, 254, 253]);

  it('lets other packets through only from where a good request came', () => {
    const g = guard();
    expect(g.admits(DTLS, '127.0.0.1', 5000)).toBe(false);
    expect(g.admits(request('local:remote', 'wrong'), '127.0.0.1', 5000)).toBe(false);
    expect(g.admits(DTLS, '127.0.0.1', 5000)).toBe(false);
    expect(g.admits(GOOD, '127.0.0.1', 5000)).toBe(true);
    expect(g.admits(DTLS, '127.0.0.1', 5000)).toBe(true);
    expect(g.admits(DTLS, '127.0.0.1', 5001)).toBe(false);
  });

  it('knows 127.0.0.1 only, and a few ports of it', () => {
    const g = guard();
    expect(g.admits(GOOD, '192.0.2.1', 5000)).toBe(false);
    const admitted = Array.from({ length: 100 }, (_, i) => g.admits(GOOD, '127.0.0.1', 5000 + i));
    expect(admitted.filter(Boolean)).toHaveLength(16);
    expect(g.admits(GOOD, '127.0.0.1', 5000)).toBe(true);
    expect(g.admits(Buffer.alloc(0), '127.0.0.1', 5000)).toBe(false);
  });
});
