/** Against RFC 5769, the test vectors for STUN, and what must not be answered. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerStun, mayBeStun } from '../../../../../proxy-core/node/transport/stun.ts';
import { until } from '../../../../support/until.ts';
import { atEnd, message, open } from './opened.ts';

const ID = 'b7e7a701bc34d686fa87dfae';
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const request = (attributes = '', cookie = '2112a442', type = '0001'): Buffer => {
  const body = hex(attributes);
  return Buffer.concat([hex(type), Buffer.from([body.length >> 8, body.length & 255]), hex(`${cookie}${ID}`), body]);
};

describe('a Binding request', () => {
  it.each([
    // The XOR-MAPPED-ADDRESS of RFC 5769 §2.2 and §2.3.
    ['192.0.2.1', 32_853, '0020 0008 0001a147e112a643'],
    ['2001:db8:1234:5678:11:2233:4455:6677', 32_853, '0020 0014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9'],
  ])('from %s is told where it came from', (host, port, attribute) => {
    const answer = answerStun(request(), host, port);
    const body = hex(attribute);
    expect(answer?.toString('hex')).toBe(
      Buffer.concat([hex('0101'), Buffer.from([0, body.length]), hex(`2112a442${ID}`), body]).toString('hex'),
    );
  });

  it('from a link-local address is answered without the name of the interface', () => {
    expect(answerStun(request(), 'fe80::1%br-lan', 5060)).toEqual(answerStun(request(), 'fe80::1', 5060));
  });

  it('from port 0, to which nothing can be sent, gets no answer', () => {
    expect(answerStun(request(), '192.0.2.1', 0)).toBeUndefined();
  });

  it('of RFC 3489 gets the plain address', () => {
    const answer = answerStun(request('', '00000001'), '192.0.2.1', 32_853);
    expect(answer?.toString('hex')).toBe(`0101000c00000001${ID}0001000800018055c0000201`);
  });

  it('may hold what one need not understand, and credentials that nobody asked for', () => {
    const answer = answerStun(request('8022 0003 61626300 0006 0001 61000000'), '192.0.2.1', 1);
    expect(answer?.readUInt16BE(0)).toBe(0x0101);
  });

  it('that wants something else understood gets a 420 that names it (RFC 5389 §7.3.1)', () => {
    const answer = answerStun(request('0024 0004 00000001 7777 0000'), '192.0.2.1', 1);
    expect(answer?.readUInt16BE(0)).toBe(0x0111);
    expect(answer?.readUInt16BE(2)).toBe((answer?.length ?? 0) - 20);
    expect(answer?.toString('latin1')).toContain('\x04\x14Unknown Attribute');
    expect(answer?.subarray(-8).toString('hex')).toBe('000a000400247777');
  });

  it.each([
    ['an indication', request('', '2112a442', '0011')],
    ['a response', request('', '2112a442', '0101')],
    ['an Allocate request', request('', '2112a442', '0003')],
    ['a torn header', request().subarray(0, 19)],
    ['a wrong length', Buffer.concat([request(), Buffer.alloc(4)])],
    ['a length that is no multiple of 4', Buffer.concat([hex('00010001'), hex(`2112a442${ID}00`)])],
    ['a torn attribute', request('0024 0008 00000001')],
    ['nothing', Buffer.alloc(0)],
  ])('is not answered where it is %s', (_name, data) => {
    expect(answerStun(data, '192.0.2.1', 1)).toBeUndefined();
  });

  it('is never answered with much more than came, nor with an error of ours', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (body) => {
        const padded = Buffer.concat([Buffer.from(body), Buffer.alloc(-body.length & 3)]);
        const answer = answerStun(request(padded.toString('hex')), '2001:db8::1', 1);
        expect(answer?.length ?? 0).toBeLessThanOrEqual(padded.length + 20 + 52);
      }),
      { numRuns: 1000 },
    );
  });
});

it('is told apart from SIP by its first byte', () => {
  expect([mayBeStun(request()), mayBeStun(Buffer.from(message())), mayBeStun(Buffer.alloc(0))]).toEqual([
    true,
    false,
    false,
  ]);
});

it('is not answered where nothing from there is wanted', async () => {
  let isBanned = true;
  const a = await open(['udp://127.0.0.1:0'], {}, undefined, { refuses: () => isBanned });
  const socket = createSocket('udp4');
  atEnd(() => socket.close());
  const answers: Buffer[] = [];
  socket.on('message', (data) => void answers.push(data));
  const ask = (cookie: string): void => socket.send(request('', cookie), a.hop().port, '127.0.0.1');
  ask('2112a442');
  socket.send(message(), a.hop().port, '127.0.0.1');
  await until('the message behind it', () => a.got.length === 1);
  isBanned = false;
  ask('00000001');
  await until('an answer', () => answers.length > 0);
  expect(answers[0]?.toString('hex', 4, 8)).toBe('00000001');
});

it.each(['127.0.0.1', '[::1]'])('is answered on the SIP port of %s, between messages', async (host) => {
  const a = await open([`udp://${host}:0`]);
  const socket = createSocket(host === '[::1]' ? 'udp6' : 'udp4');
  atEnd(() => socket.close());
  socket.bind(0, a.hop().host);
  await once(socket, 'listening');
  socket.send(request(), a.hop().port, a.hop().host);
  const [answer] = (await once(socket, 'message')) as [Buffer];
  expect(answer.subarray(0, 2).toString('hex')).toBe('0101');
  expect(answer.readUInt16BE(26) ^ 0x2112).toBe(socket.address().port);
  socket.send(message(), a.hop().port, a.hop().host);
  await until('the message', () => a.got.length === 1);
});
