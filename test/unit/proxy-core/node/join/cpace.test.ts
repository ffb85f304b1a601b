import { describe, expect, it } from 'vitest';
import { drawScalar, generatorOf, multiply, sessionKey } from '../../../../../proxy-core/node/join/cpace.ts';
import { pointOf } from '../../../../../proxy-core/node/join/elligator.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

// draft-irtf-cfrg-cpace, B.1: X25519 with SHA-512.
const secret = Buffer.from('Password');
const channel = hex('6f630b425f726573706f6e6465720b415f696e69746961746f72');
const session = hex('7e4b4791d6a8ef019b936c79fb7f2c57');
const generator = hex('64e8099e3ea682cfdc5cb665c057ebb514d06bf23ebc9f743b51b82242327074');
const a = hex('21b4f4bd9e64ed355c3eb676a28ebedaf6d8f17bdc365995b319097153044080');
const b = hex('848b0779ff415f0af4ea14df9dd1d3c29ac41d836c7808896c4eba19c51ac40a');
const pointA = hex('1b02dad6dbd29a07b6d28c9e04cb2f184f0734350e32bb7e62ff9dbcfdb63d15');
const pointB = hex('20cda5955f82c4931545bcbf40758ce1010d7db4db2a907013d79c7a8fcf957f');
const about = { a: Buffer.from('ADa'), b: Buffer.from('ADb') };
const key =
  'a051ee5ee2499d16da3f69f430218b8ea94a18a45b67f9e86495b382c33d14a5' +
  'c38cecc0cc834f960e39e0d1bf7d76b9ef5d54eecc5e0f386c97ad12da8c3d5f';

describe('CPace', () => {
  it('maps, multiplies and hashes as the draft has it', () => {
    const hash = hex('92806dc608984dbf4e4aae478c6ec453ae979cc01ecc1a2a7cf49f5cee56551b');
    expect(pointOf(hash)).toEqual(generator);
    expect(generatorOf({ secret, channel, session })).toEqual(generator);
    expect(multiply(a, generator)).toEqual(pointA);
    expect(multiply(b, generator)).toEqual(pointB);
    const [initiator, responder] = [
      { point: pointA, about: about.a },
      { point: pointB, about: about.b },
    ];
    expect(sessionKey(session, { scalar: a, peer: pointB }, initiator, responder)?.toString('hex')).toBe(key);
    expect(sessionKey(session, { scalar: b, peer: pointA }, initiator, responder)?.toString('hex')).toBe(key);
  });

  it('lengths above 127 are written in two bytes, and a long secret leaves no room for zeros', () => {
    const long = generatorOf({ secret: Buffer.alloc(200, 1), channel, session });
    expect(long).toHaveLength(32);
    expect(long).not.toEqual(generatorOf({ secret: Buffer.alloc(201, 1), channel, session }));
  });

  // Whoever could choose the key would need no code (RFC 7748 §6.1, the points of low order).
  it.each([
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ])('refuses the point %s', (point) => {
    expect(multiply(drawScalar(), hex(point))).toBeUndefined();
  });

  it('refuses what is no point at all', () => {
    expect(multiply(drawScalar(), Buffer.alloc(31))).toBeUndefined();
    expect(multiply(drawScalar(), Buffer.alloc(33))).toBeUndefined();
  });

  it('gives another key for anything that differs', () => {
    const run = (secretB: string, sessionB: Buffer, aboutB: string): boolean => {
      const [x, y] = [drawScalar(), drawScalar()];
      const own = multiply(x, generatorOf({ secret, channel, session })) ?? Buffer.alloc(0);
      const peer = multiply(y, generatorOf({ secret: Buffer.from(secretB), channel, session: sessionB }));
      if (peer === undefined) throw new Error('no point');
      const mine = { point: own, about: about.a };
      const here = sessionKey(session, { scalar: x, peer }, mine, { point: peer, about: about.b });
      const there = sessionKey(sessionB, { scalar: y, peer: own }, mine, { point: peer, about: Buffer.from(aboutB) });
      return here !== undefined && there !== undefined && here.equals(there);
    };
    expect(run('Password', session, 'ADb')).toBe(true);
    expect(run('password', session, 'ADb')).toBe(false);
    expect(run('Password', Buffer.alloc(16), 'ADb')).toBe(false);
    expect(run('Password', session, 'ADx')).toBe(false);
  });
});
