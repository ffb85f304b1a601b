/** Streams under each suite: order, loss, roll-over, replay, forgery, and what a hostile peer might send. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type MasterKey, SrtpReceiver, SrtpSender } from '../../../../../proxy-core/media/srtp/srtp.ts';
import { SRTP_SUITES, type SrtpSuite } from '../../../../../proxy-core/media/srtp/suites.ts';

function keyFor(suite: SrtpSuite, mki?: Buffer): MasterKey {
  return { suite, material: randomBytes(suite.keyLength + suite.saltLength), mki };
}

function rtp(sequence: number, { ssrc = 7, body = `sound ${sequence}` } = {}): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(0x80, 0);
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(sequence * 160, 4);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, Buffer.from(body)]);
}

function rtcp(ssrc = 7): Buffer {
  const packet = Buffer.from('80c8000600000000aabbccdd00112233445566778899aabbccddeeff', 'hex');
  packet.writeUInt32BE(ssrc, 4);
  return packet;
}

const must = (packet: Buffer | undefined): Buffer => packet ?? expect.fail('nothing may be sent');

describe.each(SRTP_SUITES.map((suite) => ({ suite, name: suite.name })))('$name', ({ suite }) => {
  it.each([
    ['without', undefined],
    ['with', Buffer.from([0, 1])],
  ])('carries RTP and RTCP %s a key identifier', (_, mki) => {
    const key = keyFor(suite, mki);
    const [sender, receiver] = [new SrtpSender(key), new SrtpReceiver(key)];
    const wire = must(sender.rtp(rtp(1)));
    expect(wire.length).toBe(rtp(1).length + suite.rtpTagLength + (mki?.length ?? 0));
    expect(wire.includes('sound')).toBe(false);
    expect(receiver.rtp(wire)).toEqual(rtp(1));
    const report = must(sender.rtcp(rtcp()));
    expect(report.length).toBe(rtcp().length + 4 + suite.rtcpTagLength + (mki?.length ?? 0));
    expect(receiver.rtcp(report)).toEqual(rtcp());
  });

  it('keeps the roll-over count through loss and wrong order around the wrap', () => {
    const key = keyFor(suite);
    const [sender, receiver] = [new SrtpSender(key), new SrtpReceiver(key)];
    const wires = new Map<number, Buffer>();
    for (let n = 65_000; n < 66_400; n++) wires.set(n, must(sender.rtp(rtp(n))));
    // 500 in a row are lost over the wrap, and then two come the wrong way round.
    for (const n of [65_000, 65_100, 65_600, 65_602, 65_601, 66_399]) {
      expect(receiver.rtp(must(wires.get(n)))).toEqual(rtp(n));
    }
  });

  it('takes nothing twice', () => {
    const key = keyFor(suite);
    const [sender, receiver] = [new SrtpSender(key), new SrtpReceiver(key)];
    const wires = [1, 2, 3].map((n) => must(sender.rtp(rtp(n))));
    const report = must(sender.rtcp(rtcp()));
    for (const wire of wires) expect(receiver.rtp(wire)).toBeDefined();
    for (const wire of wires) expect(receiver.rtp(wire)).toBeUndefined();
    expect(receiver.rtcp(report)).toBeDefined();
    expect(receiver.rtcp(report)).toBeUndefined();
  });

  it('refuses what was changed in any byte, and is not thrown out of step by it', () => {
    const key = keyFor(suite);
    const [sender, receiver] = [new SrtpSender(key), new SrtpReceiver(key)];
    const wire = must(sender.rtp(rtp(1)));
    const report = must(sender.rtcp(rtcp()));
    for (let at = 0; at < wire.length; at++) {
      const forged = Buffer.from(wire);
      forged.writeUInt8(forged.readUInt8(at) ^ 0x10, at);
      expect(receiver.rtp(forged)).toBeUndefined();
    }
    for (let at = 0; at < report.length; at++) {
      const forged = Buffer.from(report);
      forged.writeUInt8(forged.readUInt8(at) ^ 0x10, at);
      expect(receiver.rtcp(forged)).toBeUndefined();
    }
    expect(receiver.rtp(wire)).toEqual(rtp(1));
    expect(receiver.rtcp(report)).toEqual(rtcp());
  });

  it('passes over what is cut short', () => {
    const key = keyFor(suite);
    const [sender, receiver] = [new SrtpSender(key), new SrtpReceiver(key)];
    const wire = must(sender.rtp(rtp(1)));
    const report = must(sender.rtcp(rtcp()));
    for (let length = 0; length < wire.length; length++) expect(receiver.rtp(wire.subarray(0, length))).toBeUndefined();
    for (let length = 0; length < report.length; length++) {
      expect(receiver.rtcp(report.subarray(0, length))).toBeUndefined();
    }
  });

  it('never sends two packets under one number', () => {
    const sender = new SrtpSender(keyFor(suite));
    expect(sender.rtp(rtp(1))).toBeDefined();
    expect(sender.rtp(rtp(1, { body: 'something else' }))).toBeUndefined();
  });

  it('tells streams apart, and remembers only the latest of them', () => {
    const key = keyFor(suite);
    const [sender, receiver] = [new SrtpSender(key), new SrtpReceiver(key)];
    const first = must(sender.rtp(rtp(1, { ssrc: 1000 })));
    expect(receiver.rtp(first)).toBeDefined();
    for (let ssrc = 1; ssrc <= 15; ssrc++) expect(receiver.rtp(must(sender.rtp(rtp(1, { ssrc }))))).toBeDefined();
    expect(receiver.rtp(first)).toBeUndefined();
  });

  it('leaves CSRCs and a header extension readable', () => {
    const key = keyFor(suite);
    const [sender, receiver] = [new SrtpSender(key), new SrtpReceiver(key)];
    const [csrcs, extension] = ['0000000100000002', 'bede0001aabbccdd'];
    const plain = Buffer.from(`920012340000000000000007${csrcs}${extension}deadbeef`, 'hex');
    const wire = must(sender.rtp(plain));
    expect(wire.subarray(0, 28)).toEqual(plain.subarray(0, 28));
    expect(receiver.rtp(wire)).toEqual(plain);
  });

  it('refuses material of another length', () => {
    expect(() => new SrtpSender({ suite, material: Buffer.alloc(suite.keyLength) })).toThrow(RangeError);
  });
});
