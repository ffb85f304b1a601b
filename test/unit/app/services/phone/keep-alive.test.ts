import { expect, it } from 'vitest';
import { KeepAlive } from '../../../../../app/services/phone/keep-alive.ts';
import {
  ATTRIBUTE,
  BINDING,
  readStun,
  writeAddress,
  writeStun,
} from '../../../../../proxy-core/media/ice/stun-message.ts';
import { countingHex, FakeClock } from '../../../../support/fake-clock.ts';

function kept(kind: 'stream' | 'datagram') {
  const clock = new FakeClock();
  const sent: string[] = [];
  const dead: string[] = [];
  const hex = countingHex();
  const keepAlive = new KeepAlive({
    ...{ clock, kind },
    // Always the whole interval.
    random: (bytes) => (bytes === 2 ? 'ffff' : hex(bytes)),
    send: (bytes) => sent.push(bytes),
    dead: (reason) => dead.push(reason),
  });
  return { clock, sent, dead, keepAlive };
}

/** The answer of a server that sees us there, to the question sent last. */
function seenAt(question: string | undefined, address: string, port: number): Buffer {
  const asked = readStun(Buffer.from(question ?? '', 'latin1'));
  if (asked?.kind !== 'request') throw new Error('no question was sent');
  const { transactionId } = asked;
  return writeStun({ kind: 'success', method: BINDING, transactionId }, [
    [ATTRIBUTE.XOR_MAPPED_ADDRESS, writeAddress({ address, port }, transactionId)],
  ]);
}

it('sends two empty lines on a connection, and expects an answer only of those who give them', () => {
  const { clock, sent, dead, keepAlive } = kept('stream');
  clock.advance(30_000);
  expect(sent).toEqual(['\r\n\r\n']);
  clock.advance(60_000);
  expect(dead).toEqual([]);
  keepAlive.ponged();
  clock.advance(29_000);
  keepAlive.ponged();
  clock.advance(35_000);
  expect(dead).toEqual([]);
  clock.advance(2_000);
  expect(dead).toEqual(['The server answers no signs of life.']);
  const count = sent.length;
  clock.advance(120_000);
  expect([sent.length, clock.waiting]).toEqual([count, 0]);
});

it('obeys the time that the server gives', () => {
  const { clock, sent, keepAlive } = kept('stream');
  keepAlive.promised(10);
  clock.advance(30_000);
  sent.length = 0;
  keepAlive.ponged();
  clock.advance(10_000);
  expect(sent.length).toBe(1);
});

it('asks on UDP how it is seen, several times, and gives the way up where nobody answers', () => {
  const { clock, sent, dead, keepAlive } = kept('datagram');
  clock.advance(30_000);
  // Not of a server that never promised to answer.
  expect(sent).toEqual(['\r\n\r\n']);
  keepAlive.promised(undefined);
  sent.length = 0;
  clock.advance(28_000);
  expect(sent).toHaveLength(1);
  clock.advance(7_400);
  expect([sent.length, new Set(sent).size, dead.length]).toEqual([4, 1, 0]);
  clock.advance(200);
  expect(dead).toHaveLength(1);
});

it('tells when a router gave us another place, and heeds nobody who was not asked', () => {
  const { clock, sent, dead, keepAlive } = kept('datagram');
  keepAlive.promised(25);
  clock.advance(29_000);
  keepAlive.stun(seenAt(sent.at(-1), '192.0.2.1', 4_000));
  keepAlive.stun(seenAt(sent.at(-1), '192.0.2.9', 4_000));
  keepAlive.stun(Buffer.from([0, 1, 0, 0]));
  expect(dead).toEqual([]);
  clock.advance(25_000);
  keepAlive.stun(seenAt(sent.at(-1), '192.0.2.1', 4_001));
  expect(dead).toEqual(['The network gave this phone another address.']);
});
