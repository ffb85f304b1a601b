/** The PROXY protocol, torn at every byte, with every byte spoilt, and with what no sender may write. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  crc32c,
  looksLikeProxyHeader,
  readProxyHeader,
} from '../../../../../proxy-core/node/transport/proxy-header.ts';

const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

function v2(command: number, family: number, addresses: string, tlvs: Buffer = Buffer.alloc(0), size?: number): Buffer {
  const body = Buffer.concat([Buffer.from(addresses.replaceAll(' ', ''), 'hex'), tlvs]);
  const head = Buffer.from([command, family, 0, 0]);
  head.writeUInt16BE(size ?? body.length, 2);
  return Buffer.concat([SIGNATURE, head, body]);
}

function tlv(type: number, value: Buffer): Buffer {
  const head = Buffer.from([type, 0, 0]);
  head.writeUInt16BE(value.length, 1);
  return Buffer.concat([head, value]);
}

const TCP4 = 'c0000207 c6336401 c350 13c4';
const TCP6 = '20010db8 00000000 00000000 00000007 20010db8 00000000 00000000 00000001 c350 13c5';
const MAPPED = '00000000 00000000 0000ffff c0000207 00000000 00000000 0000ffff c6336401 c350 13c5';

/** With the checksum that belongs there. */
function withChecksum(addresses: string, before: Buffer = Buffer.alloc(0)): Buffer {
  const whole = v2(0x21, 0x11, addresses, Buffer.concat([before, tlv(3, Buffer.alloc(4))]));
  whole.writeUInt32BE(crc32c(whole), whole.length - 4);
  return whole;
}

const good: readonly (readonly [string, Buffer, { host: string; port: number } | undefined])[] = [
  ['version 1', bytes('PROXY TCP4 192.0.2.7 198.51.100.1 50000 5060\r\n'), { host: '192.0.2.7', port: 50_000 }],
  [
    'version 1, IPv6',
    bytes('PROXY TCP6 2001:DB8:0::7 2001:db8::1 50000 5060\r\n'),
    { host: '2001:db8::7', port: 50_000 },
  ],
  [
    'version 1, IPv4 within IPv6',
    bytes('PROXY TCP6 ::ffff:192.0.2.7 ::ffff:c633:6401 1 5060\r\n'),
    { host: '192.0.2.7', port: 1 },
  ],
  ['version 1, unknown', bytes('PROXY UNKNOWN\r\n'), undefined],
  ['version 1, unknown with words', bytes('PROXY UNKNOWN ffff:f...f:ffff whatever 1 2\r\n'), undefined],
  [
    'version 1 at its longest',
    bytes(`PROXY TCP6 ${'ffff:'.repeat(7)}ffff ${'ffff:'.repeat(7)}ffff 65535 65535\r\n`),
    { host: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', port: 65_535 },
  ],
  ['version 2', v2(0x21, 0x11, TCP4), { host: '192.0.2.7', port: 50_000 }],
  ['version 2, IPv6', v2(0x21, 0x21, TCP6), { host: '2001:db8::7', port: 50_000 }],
  ['version 2, IPv4 within IPv6', v2(0x21, 0x21, MAPPED), { host: '192.0.2.7', port: 50_000 }],
  ['version 2, a local socket', v2(0x21, 0x31, '00'.repeat(216)), undefined],
  ['version 2, unspecified', v2(0x21, 0x00, ''), undefined],
  ['version 2, unspecified with bytes', v2(0x21, 0x00, 'ffffffff'), undefined],
  ['LOCAL', v2(0x20, 0x00, ''), undefined],
  ['LOCAL with addresses that mean nothing', v2(0x20, 0x11, TCP4), undefined],
  ['LOCAL of an unknown family', v2(0x20, 0xff, 'ffff'), undefined],
  [
    'fields: ALPN, authority, nothing, an unknown one',
    v2(
      0x21,
      0x11,
      TCP4,
      Buffer.concat([
        tlv(1, bytes('sip')),
        tlv(2, bytes('example.org')),
        tlv(4, Buffer.alloc(9)),
        tlv(0xe0, bytes('')),
      ]),
    ),
    { host: '192.0.2.7', port: 50_000 },
  ],
  ['a checksum', withChecksum(TCP4, tlv(5, bytes('id'))), { host: '192.0.2.7', port: 50_000 }],
];

describe('a header', () => {
  it.each(good)('is read: %s', (_name, header, source) => {
    expect(readProxyHeader(header)).toEqual({ state: 'whole', header: { length: header.length, source } });
    const followed = Buffer.concat([header, bytes('OPTIONS sip:a SIP/2.0\r\n\r\nPROXY TCP4')]);
    expect(readProxyHeader(followed)).toEqual({ state: 'whole', header: { length: header.length, source } });
  });

  it.each(good)('is waited for as long as it is torn: %s', (_name, header) => {
    for (let length = 0; length < header.length; length++)
      expect(readProxyHeader(header.subarray(0, length))).toEqual({ state: 'torn' });
  });

  it.each([
    ['nothing like it', bytes('OPTIONS sip:a SIP/2.0\r\n')],
    ['a first byte of something else', bytes('X')],
    ['a signature with one wrong byte', Buffer.concat([SIGNATURE.subarray(0, 11), Buffer.from([0x0b])])],
    ['small letters', bytes('proxy TCP4 192.0.2.7 198.51.100.1 50000 5060\r\n')],
    ['two blanks', bytes('PROXY  TCP4 192.0.2.7 198.51.100.1 50000 5060\r\n')],
    ['two blanks within', bytes('PROXY TCP4 192.0.2.7  198.51.100.1 50000 5060\r\n')],
    ['a blank at the end', bytes('PROXY TCP4 192.0.2.7 198.51.100.1 50000 5060 \r\n')],
    ['a tab', bytes('PROXY TCP4\t192.0.2.7 198.51.100.1 50000 5060\r\n')],
    ['a lone LF', bytes(`PROXY TCP4 192.0.2.7 198.51.100.1 50000 5060\n${'x'.repeat(100)}`)],
    ['a lone CR', bytes('PROXY TCP4 192.0.2.7 198.51.100.1 50000 5060\r \r\n')],
    ['another family', bytes('PROXY UDP4 192.0.2.7 198.51.100.1 50000 5060\r\n')],
    ['no family', bytes('PROXY \r\n')],
    ['an address of the other family', bytes('PROXY TCP4 2001:db8::7 198.51.100.1 50000 5060\r\n')],
    ['an IPv4 address where IPv6 was said', bytes('PROXY TCP6 192.0.2.7 198.51.100.1 50000 5060\r\n')],
    ['an address with a zone', bytes('PROXY TCP6 fe80::1%eth0 2001:db8::1 50000 5060\r\n')],
    ['an address with leading zeros', bytes('PROXY TCP4 192.0.02.7 198.51.100.1 50000 5060\r\n')],
    ['a short address', bytes('PROXY TCP4 192.2 198.51.100.1 50000 5060\r\n')],
    ['a name', bytes('PROXY TCP4 localhost 198.51.100.1 50000 5060\r\n')],
    ['no second address', bytes('PROXY TCP4 192.0.2.7 50000 5060\r\n')],
    ['no ports', bytes('PROXY TCP4 192.0.2.7 198.51.100.1\r\n')],
    ['a port too many', bytes('PROXY TCP4 192.0.2.7 198.51.100.1 1 2 3\r\n')],
    ['a port that is too high', bytes('PROXY TCP4 192.0.2.7 198.51.100.1 65536 5060\r\n')],
    ['a port with a leading zero', bytes('PROXY TCP4 192.0.2.7 198.51.100.1 05000 5060\r\n')],
    ['a negative port', bytes('PROXY TCP4 192.0.2.7 198.51.100.1 -1 5060\r\n')],
    ['a port in hexadecimal', bytes('PROXY TCP4 192.0.2.7 198.51.100.1 0x50 5060\r\n')],
    ['a line without an end', bytes(`PROXY UNKNOWN ${'x'.repeat(200)}`)],
    ['a line that ends too late', bytes(`PROXY UNKNOWN ${'x'.repeat(92)}\r\n`)],
    ['version 1 in the bytes of version 2', v2(0x11, 0x11, TCP4)],
    ['version 3', v2(0x31, 0x11, TCP4)],
    ['an unknown command', v2(0x22, 0x11, TCP4)],
    ['datagrams', v2(0x21, 0x12, TCP4)],
    ['an unknown family', v2(0x21, 0x41, TCP4)],
    ['addresses that are too short', v2(0x21, 0x11, TCP4.slice(0, -2))],
    ['no addresses', v2(0x21, 0x21, '')],
    ['an endless one', v2(0x21, 0x11, TCP4, Buffer.alloc(0), 65_535)],
    ['an endless LOCAL', v2(0x20, 0x00, '', Buffer.alloc(0), 65_535)],
    ['a torn field', v2(0x21, 0x11, TCP4, Buffer.from([1]))],
    ['a field that is longer than the header', v2(0x21, 0x11, TCP4, Buffer.from([1, 0, 9, 1]))],
    ['a wrong checksum', v2(0x21, 0x11, TCP4, tlv(3, Buffer.from([1, 2, 3, 4])))],
    ['a short checksum', v2(0x21, 0x11, TCP4, tlv(3, Buffer.from([1, 2, 3])))],
  ])('is refused: %s', (_name, header) => {
    expect(readProxyHeader(header)).toMatchObject({ state: 'refused' });
  });

  it('with a checksum is refused with any other bit', () => {
    const header = withChecksum(TCP4, tlv(5, bytes('id')));
    for (let bit = 8 * 16; bit < 8 * header.length; bit++) {
      const spoilt = Buffer.from(header);
      spoilt[bit >> 3] = (spoilt[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      // A bit of the lengths or types may make it torn or take the checksum away; it never gives another address.
      const reading = readProxyHeader(spoilt);
      if (reading.state === 'whole') expect(reading.header.source).toEqual({ host: '192.0.2.7', port: 50_000 });
    }
  });

  it('is never longer than what is there, whatever comes', () => {
    const starts = fc.constantFrom(
      Buffer.alloc(0),
      SIGNATURE,
      bytes('PROXY '),
      bytes('PROXY TCP4 '),
      v2(0x21, 0x11, TCP4),
    );
    fc.assert(
      fc.property(starts, fc.uint8Array({ maxLength: 300 }), (start, rest) => {
        const all = Buffer.concat([start, rest]);
        const reading = readProxyHeader(all);
        if (reading.state !== 'whole') return;
        expect(reading.header.length).toBeLessThanOrEqual(all.length);
        expect(readProxyHeader(all.subarray(0, reading.header.length))).toEqual(reading);
      }),
      { numRuns: 2000 },
    );
  });
});

it('has the checksum of RFC 3720, appendix B.4', () => {
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a91_36aa);
  expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8_ab43);
  expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, i) => i)))).toBe(0x46dd_794e);
});

it('is known where it may not come', () => {
  expect(looksLikeProxyHeader('PROXY TCP4 1')).toBe(true);
  expect(looksLikeProxyHeader(v2(0x21, 0x11, TCP4).toString('latin1'))).toBe(true);
  expect(looksLikeProxyHeader('PUBLISH sip:a SIP/2.0\r\n')).toBe(false);
  expect(looksLikeProxyHeader('\r\n\r\n')).toBe(false);
});
