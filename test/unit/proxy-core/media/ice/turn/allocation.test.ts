/** An address on a relay, its life and what a server may do wrong, under a fake clock. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  ATTRIBUTE,
  type Attribute,
  errorCode,
  isSigned,
  readStun,
  type StunMessage,
  word,
  writeAddress,
  writeStun,
} from '../../../../../../proxy-core/media/ice/stun-message.ts';
import { Allocation } from '../../../../../../proxy-core/media/ice/turn/allocation.ts';
import type { TurnLinkEvents } from '../../../../../../proxy-core/media/ice/turn/link.ts';
import { StreamFrames } from '../../../../../../proxy-core/media/ice/turn/stream-frames.ts';
import { FakeClock } from '../../../../../support/fake-clock.ts';

const RELAYED = { address: '203.0.113.1', port: 50_000 };
const PEER = { address: '198.51.100.7', port: 4000 };
const KEY = createHash('md5').update('anna:office.example:secret').digest();
const NAMES = new Map([
  [3, 'allocate'],
  [4, 'refresh'],
  [9, 'bind'],
]);

/** A server that asks for the password first, and then does what `answer` says, by default what it should. */
function world(answer: (request: StunMessage, name: string) => Buffer | undefined | 'as usual' = () => 'as usual') {
  const clock = new FakeClock();
  const requests: string[] = [];
  const data: Buffer[] = [];
  let events: TurnLinkEvents | undefined;
  let nonce = 'nonce-1';
  let closed = false;
  const asks = (message: StunMessage, code: number): Buffer =>
    writeStun({ ...message, kind: 'error' }, [
      errorCode(code, ''),
      [ATTRIBUTE.REALM, Buffer.from('office.example')],
      [ATTRIBUTE.NONCE, Buffer.from(nonce)],
    ]);
  const usual = (message: StunMessage): Buffer => {
    if (!isSigned(message, KEY)) return asks(message, 401);
    if (message.attributes.get(ATTRIBUTE.NONCE)?.toString() !== nonce) return asks(message, 438);
    const attributes: Attribute[] = [
      [ATTRIBUTE.XOR_RELAYED_ADDRESS, writeAddress(RELAYED, message.transactionId)],
      [ATTRIBUTE.LIFETIME, word(600)],
    ];
    return writeStun({ ...message, kind: 'success' }, attributes, KEY);
  };
  const serve = (wire: Buffer): void => {
    const message = readStun(wire);
    if (!message) return void data.push(wire);
    const name = NAMES.get(message.method) ?? '?';
    requests.push(name);
    const said = answer(message, name);
    const reply = said === 'as usual' ? usual(message) : said;
    if (reply) events?.message(reply);
  };
  const allocation = new Allocation({
    clock,
    random: (below) => Math.floor(Math.random() * below),
    username: 'anna',
    password: 'secret',
    family: 4,
    link: (given) => {
      events = given;
      return {
        isReliable: false,
        // As a network does, not within the call.
        send: (wire) => void clock.after(1, () => serve(wire)),
        close: () => {
          closed = true;
        },
      };
    },
  });
  const open = async () => {
    const opened = allocation.open();
    clock.advance(20_000);
    return opened;
  };
  const newNonce = (): void => {
    nonce = 'nonce-2';
  };
  return { clock, requests, data, allocation, open, newNonce, events: () => events, isClosed: () => closed };
}

describe('an address on a relay', () => {
  it('is given to who knows the password', async () => {
    const { open, requests } = world();
    expect(await open()).toEqual({ relayed: RELAYED, mapped: undefined });
    expect(requests).toEqual(['allocate', 'allocate']);
  });

  it('is renewed in time, also under another nonce', async () => {
    const { open, requests, clock, newNonce } = world();
    await open();
    newNonce();
    clock.advance(600_000);
    expect(requests.slice(2)).toEqual(['refresh', 'refresh']);
    clock.advance(600_000);
    expect(requests.slice(4)).toEqual(['refresh']);
  });

  it('is given back, and nothing is left', async () => {
    const { open, requests, clock, allocation, isClosed } = world();
    await open();
    allocation.send(Buffer.from('a'), PEER);
    clock.advance(10);
    allocation.close();
    clock.advance(10);
    expect(requests.at(-1)).toBe('refresh');
    expect([isClosed(), clock.waiting]).toEqual([true, 0]);
  });

  it.each<[string, Parameters<typeof world>[0]]>([
    ['is silent', () => undefined],
    ['never takes the password', (message) => writeStun({ ...message, kind: 'error' }, [errorCode(401, '')])],
    ['has no room', (message) => writeStun({ ...message, kind: 'error' }, [errorCode(486, '')], KEY)],
    [
      'gives a group',
      (message) =>
        isSigned(message, KEY)
          ? writeStun(
              { ...message, kind: 'success' },
              [[ATTRIBUTE.XOR_RELAYED_ADDRESS, writeAddress({ address: '239.0.0.1', port: 1 }, message.transactionId)]],
              KEY,
            )
          : 'as usual',
    ],
    [
      'proves nothing',
      (message) =>
        isSigned(message, KEY)
          ? writeStun({ ...message, kind: 'success' }, [
              [ATTRIBUTE.XOR_RELAYED_ADDRESS, writeAddress(RELAYED, message.transactionId)],
            ])
          : 'as usual',
    ],
  ])('is not there where the server %s', async (_, answer) => {
    const { open, clock, requests } = world(answer);
    expect(await open()).toBeUndefined();
    expect(clock.waiting).toBe(0);
    expect(requests.length).toBeLessThanOrEqual(6);
  });
});

describe('a channel', () => {
  it('carries both ways, from the packet on that asked for it, and is renewed', async () => {
    const { open, allocation, clock, data, requests, events } = world();
    await open();
    const heard: unknown[] = [];
    allocation.listen((packet, from) => heard.push([packet.toString(), from]));
    allocation.send(Buffer.from('one'), PEER);
    clock.advance(10);
    allocation.send(Buffer.from('two'), PEER);
    clock.advance(10);
    expect(data.map((wire) => [wire.readUInt16BE(0), wire.subarray(4).toString()])).toEqual([
      [0x4000, 'one'],
      [0x4000, 'two'],
    ]);
    events()?.message(Buffer.concat([Buffer.from([0x40, 0, 0, 3]), Buffer.from('you ')]));
    expect(heard).toEqual([['you', PEER]]);
    clock.advance(245_000);
    expect(requests.filter((name) => name === 'bind')).toHaveLength(2);
  });

  it('that the server refuses carries nothing and is asked for once', async () => {
    const { open, allocation, clock, data, requests } = world((message, name) =>
      name === 'bind' ? writeStun({ ...message, kind: 'error' }, [errorCode(403, '')], KEY) : 'as usual',
    );
    await open();
    for (let i = 0; i < 5; i++) {
      allocation.send(Buffer.from('x'), PEER);
      clock.advance(100);
    }
    expect(data).toEqual([]);
    expect(requests.filter((name) => name === 'bind')).toHaveLength(1);
  });

  it('is not made for ever more peers', async () => {
    const { open, allocation, clock, requests } = world();
    await open();
    for (let i = 0; i < 500; i++) allocation.send(Buffer.from('x'), { ...PEER, port: 1000 + i });
    clock.advance(100);
    expect(requests.filter((name) => name === 'bind')).toHaveLength(64);
  });

  it('stands rubbish, and tells of what nobody bound', async () => {
    const { open, allocation, events } = world();
    await open();
    const heard: Buffer[] = [];
    allocation.listen((packet) => heard.push(packet));
    for (const wire of ['', '40', '400000ff01', '4fff0001ff', 'ffff', '00170000'])
      events()?.message(Buffer.from(wire, 'hex'));
    expect(heard).toEqual([]);
  });
});

describe('a stream from a relay', () => {
  const stun = writeStun({ kind: 'success', method: 3, transactionId: 'ab'.repeat(12) }, []);
  const channel = Buffer.from([0x40, 0, 0, 3, 1, 2, 3, 0]);

  it('is cut into messages wherever it breaks', () => {
    const whole = Buffer.concat([stun, channel, stun]);
    for (let at = 0; at <= whole.length; at++) {
      const frames = new StreamFrames();
      const got = [...(frames.push(whole.subarray(0, at)) ?? []), ...(frames.push(whole.subarray(at)) ?? [])];
      expect(got).toEqual([stun, channel.subarray(0, 7), stun]);
    }
  });

  it('is none where it begins otherwise', () => {
    expect(new StreamFrames().push(Buffer.from('HTTP/1.1 200 OK'))).toEqual([]);
    expect(new StreamFrames().push(Buffer.from([0xff, 0, 0, 0]))).toBeUndefined();
  });
});
