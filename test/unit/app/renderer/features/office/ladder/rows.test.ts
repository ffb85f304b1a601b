import { expect, test } from 'vitest';
import { type RowKind, rowsOf } from '../../../../../../../app/renderer/features/office/ladder/rows.ts';
import { arrowOf, ladderOf } from '../../../../../../support/window/busy-call.ts';

test('an arrow goes between the columns of its two sides', () => {
  const rows = rowsOf(ladderOf());
  expect(rows.map(({ from, to }) => [from, to])).toEqual([
    [0, 1],
    [1, 0],
    [1, 2],
    [2, 1],
    [1, 0],
  ]);
});

test.each<[RowKind, object]>([
  ['request', { method: 'INVITE' }],
  ['progress', { status: 180 }],
  ['success', { status: 202 }],
  ['redirect', { status: 302 }],
  ['challenge', { status: 401 }],
  ['challenge', { status: 407 }],
  ['challenge', { status: 423 }],
  ['failure', { status: 486 }],
  ['failure', { status: 603 }],
  ['unreadable', { handled: 'refused', method: 'INVITE' }],
  ['unreadable', { handled: 'unreadable' }],
])('is a %s: %j', (kind, of) => {
  expect(rowsOf(ladderOf([arrowOf(of)]))[0]?.kind).toBe(kind);
});

test('a pause is told from half a second on', () => {
  const rows = rowsOf(ladderOf([arrowOf({ delay: 499.9 }), arrowOf({ delay: 500 }), arrowOf({ delay: 31_000 })]));
  expect(rows.map(({ pause }) => pause)).toEqual([undefined, 500, 31_000]);
});
