/** The test vectors of RFC 5769, and messages that are none. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { addressBytes, addressText, oneSpelling } from '../../../../../proxy-core/media/ice/address-bytes.ts';
import {
  ATTRIBUTE,
  isSigned,
  readAddress,
  readStun,
  writeAddress,
  writeStun,
} from '../../../../../proxy-core/media/ice/stun-message.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/\s+/g, ''), 'hex');
const PASSWORD = 'VOkJxbRl1RmTxUk/WvJxBt';
const ID = 'b7e7a701bc34d686fa87dfae';

const REQUEST = bytes(`00010058 2112a442 ${ID}
  80220010 5354554e 20746573 7420636c 69656e74  00240004 6e0001ff  80290008 932ff9b1 51263b36
  00060009 6576746a 3a683676 59202020  00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2  80280004 e57a3bcf`);
const IPV4 = bytes(`0101003c 2112a442 ${ID}
  8022000b 74657374 20766563 746f7220  00200008 0001a147 e112a643
  00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7  80280004 c07d4c96`);
const IPV6 = bytes(`01010048 2112a442 ${ID}
  8022000b 74657374 20766563 746f7220  00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9
  00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41  80280004 c8fb0b4c`);
const LONG_TERM = bytes(`00010060 2112a442 78ad3433c6ad72c029da412e
  00060012 e3839ee3 8388e383 aae38383 e382afe3 82b90000
  0015001c 662f2f34 39396b39 35346436 4f4c3334 6f4c3946 53547679 36347341
  0014000b 6578616d 706c652e 6f726700  00080014 f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666`);

describe('the vectors of RFC 5769', () => {
  it('the request', () => {
    const message = readStun(REQUEST) ?? expect.fail();
    expect(message).toMatchObject({ kind: 'request', method: 1, transactionId: ID });
    expect(message.attributes.get(ATTRIBUTE.USERNAME)?.toString()).toBe('evtj:h6vY');
    expect([isSigned(message, PASSWORD), isSigned(message, `${PASSWORD}x`)]).toEqual([true, false]);
  });

  it.each([
    ['IPv4', IPV4, '192.0.2.1'],
    ['IPv6', IPV6, '2001:db8:1234:5678:11:2233:4455:6677'],
  ])('the answer with %s', (_, wire, address) => {
    const message = readStun(wire) ?? expect.fail();
    expect(message.kind).toBe('success');
    expect(isSigned(message, PASSWORD)).toBe(true);
    const value = message.attributes.get(ATTRIBUTE.XOR_MAPPED_ADDRESS);
    expect(readAddress(value, ID)).toEqual({ address, port: 32853 });
    expect(writeAddress({ address, port: 32853 }, ID)).toEqual(value);
  });

  it('the request with a long-term credential', () => {
    const message = readStun(LONG_TERM) ?? expect.fail();
    const key = createHash('md5').update('マトリックス:example.org:TheMatrIX').digest();
    expect(isSigned(message, key)).toBe(true);
  });
});

describe('writing', () => {
  it('is read as it was written, for every class and method', () => {
    for (const kind of ['request', 'indication', 'success', 'error'] as const) {
      for (const method of [1, 3, 9, 0x5a, 0x7f]) {
        const wire = writeStun({ kind, method, transactionId: ID }, [[ATTRIBUTE.USERNAME, Buffer.from('abc')]], 'key');
        const message = readStun(wire) ?? expect.fail();
        expect(message).toMatchObject({ kind, method, transactionId: ID });
        expect(isSigned(message, 'key')).toBe(true);
        expect(message.attributes.get(ATTRIBUTE.USERNAME)?.toString()).toBe('abc');
      }
    }
  });
});

describe('what is no message', () => {
  it('has a byte changed anywhere', () => {
    // A fingerprint that is none any more is an attribute that nobody needs to know.
    for (let at = 0; at < REQUEST.length - 8; at++) {
      const spoilt = Buffer.from(REQUEST);
      spoilt[at] = (spoilt[at] ?? 0) ^ 0x5a;
      const message = readStun(spoilt);
      expect(message && isSigned(message, PASSWORD)).toBeFalsy();
    }
  });

  it('is cut short, or too long', () => {
    for (let length = 0; length < REQUEST.length; length++)
      expect(readStun(REQUEST.subarray(0, length))).toBeUndefined();
    expect(readStun(Buffer.concat([REQUEST, Buffer.alloc(4)]))).toBeUndefined();
  });

  it('counts nothing that stands behind the signature', () => {
    const wire = writeStun({ kind: 'request', method: 1, transactionId: ID }, [], 'key', false);
    const more = Buffer.concat([wire, Buffer.from([0, 0x25, 0, 0])]);
    more.writeUInt16BE(more.length - 20, 2);
    const message = readStun(more) ?? expect.fail();
    expect(message.attributes.has(ATTRIBUTE.USE_CANDIDATE)).toBe(false);
    expect(isSigned(message, 'key')).toBe(true);
  });
});

it.each([
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  ['192.0.2.1', '192.0.2.1'],
])('%s is spelt %s', (address, spelt) => {
  expect(oneSpelling(address)).toBe(spelt);
  const read = addressBytes(spelt);
  if (!spelt.includes('%')) expect(read && addressText(read)).toBe(spelt);
});
