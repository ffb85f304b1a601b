import { describe, expect, test } from 'vitest';
import { Roster } from '../../../../../../proxy-core/server/events/colleagues/roster.ts';

const ROOM = 10_000;
const here = { name: 'Anna', state: 'available', isForAll: true } as const;
const numbersIn = (texts: readonly string[]): string[] => texts.map((text) => JSON.parse(text)[0]);

/** All pieces from a change on, as one who is told them one after the other. */
function told(roster: Roster, from: number, room: number): { numbers: string[]; gone: string[]; pieces: number } {
  const numbers: string[] = [];
  const gone: string[] = [];
  for (let pieces = 1, at = from; pieces < 10_000; pieces++) {
    const piece = roster.piece(at, room);
    numbers.push(...numbersIn(piece.open));
    gone.push(...piece.gone);
    at = piece.upTo;
    if (!piece.hasMore) return { numbers, gone, pieces };
  }
  throw new Error('without an end');
}

describe('a roster', () => {
  test('tells all, and then only what is otherwise', () => {
    const roster = new Roster();
    for (const number of ['1', '2', '3']) roster.put(number, here);
    expect(roster.piece(0, ROOM)).toMatchObject({ isFull: true, upTo: 3, hasMore: false });
    expect(roster.put('2', here)).toBe(false);
    expect(roster.put('2', { ...here, state: 'in-call' })).toBe(true);
    expect(roster.piece(3, ROOM)).toMatchObject({ isFull: false, upTo: 4, open: ['["2","Anna","c"]'] });
    expect(roster.piece(4, ROOM)).toMatchObject({ isFull: false, open: [], gone: [] });
    expect(told(roster, 0, ROOM).numbers).toEqual(['1', '3', '2']);
  });

  test('is told in pieces, and whoever changes meanwhile comes again behind them', () => {
    const roster = new Roster();
    for (let i = 0; i < 100; i++) roster.put(`${i}`, here);
    const first = roster.piece(0, 200);
    expect(first).toMatchObject({ isFull: true, hasMore: true });
    roster.put('0', { ...here, state: 'offline' });
    roster.put('99', undefined);
    const rest = told(roster, first.upTo, 200);
    expect(rest.pieces).toBeGreaterThan(5);
    expect([rest.numbers.length, rest.numbers.at(-1), rest.gone]).toEqual([100 - first.open.length, '0', ['99']]);
    expect(told(roster, 0, 200).numbers).toHaveLength(99);
  });

  test('forgets who went long ago, and tells all to whoever was not told of it', () => {
    const roster = new Roster();
    roster.put('stays', here);
    const before = roster.revision;
    for (let i = 0; i < 1_500; i++) {
      roster.put(`${i}`, here);
      roster.put(`${i}`, undefined);
    }
    expect(roster.piece(before, ROOM)).toMatchObject({ isFull: true, gone: [] });
    expect(numbersIn(roster.piece(before, ROOM).open)).toEqual(['stays']);
    expect(told(roster, roster.revision - 1, ROOM).gone).toEqual(['1499']);
    expect([...roster.numbers()].length).toBeLessThan(1_100);
  });

  test('takes back who comes again', () => {
    const roster = new Roster();
    roster.put('1', here);
    roster.put('1', undefined);
    expect(roster.put('1', undefined)).toBe(false);
    expect(roster.put('1', here)).toBe(true);
    expect(told(roster, 1, ROOM)).toMatchObject({ numbers: ['1'], gone: [] });
  });

  test('keeps those apart of whom not all may know, and says since when they look so from outside', () => {
    const roster = new Roster();
    roster.put('1', { ...here, isForAll: false });
    roster.put('1', { ...here, isForAll: false, state: 'in-call' });
    const [closed] = roster.piece(0, ROOM).closed;
    expect(closed).toMatchObject({
      text: '["1","Anna","c"]',
      hidden: '["1","Anna","-"]',
      revision: 2,
      hiddenRevision: 1,
    });
    expect(roster.put('1', { ...here, isForAll: false, state: 'in-call' }, true)).toBe(true);
    expect(roster.piece(2, ROOM).closed[0]).toMatchObject({ hiddenRevision: 3 });
  });

  test('costs no more for what has changed often', () => {
    const roster = new Roster();
    for (let i = 0; i < 4_000; i++) roster.put(`${i}`, here);
    for (let i = 0; i < 20_000; i++)
      roster.put(`${i % 50}`, { ...here, state: i % 100 < 50 ? 'in-call' : 'available' });
    const last = roster.revision;
    expect(told(roster, last - 10, ROOM).numbers).toHaveLength(10);
    expect(told(roster, 0, ROOM).numbers).toHaveLength(4_000);
  });
});
