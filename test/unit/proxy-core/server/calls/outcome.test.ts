import { describe, expect, test } from 'vitest';
import type { Call, CallEnd } from '../../../../../proxy-core/server/calls/call.ts';
import { causeIn, causeOf, outcomeOf } from '../../../../../proxy-core/server/calls/outcome.ts';

const ended = (status: number, more: Partial<Call> = {}, end: Partial<CallEnd> = {}): Call =>
  ({
    ...{ answeredAt: 0, ringingAt: 0, isCancelled: false, end: { by: 'callee', status, reason: '', ...end } },
    ...more,
  }) as Call;

describe('the outcome', () => {
  test.each([
    [302, 'redirected', 127],
    [403, 'failed', 21],
    [404, 'not-found', 1],
    [408, 'unavailable', 102],
    [480, 'unavailable', 18],
    [484, 'not-found', 28],
    [486, 'busy', 17],
    [500, 'failed', 41],
    [503, 'failed', 41],
    [600, 'busy', 17],
    [603, 'declined', 21],
    [604, 'not-found', 1],
    [699, 'failed', 127],
  ])('of a %i is %s with cause %i', (status, outcome, cause) => {
    expect([outcomeOf(ended(status)), causeOf(ended(status))]).toEqual([outcome, cause]);
  });

  test.each([408, 480, 487])('of a phone that rang and then gave %i: nobody answered', (status) => {
    expect(outcomeOf(ended(status, { ringingAt: 1 }))).toBe('no-answer');
  });

  test('of a call that was given up, and of one that was talked on', () => {
    expect([outcomeOf(ended(487, { isCancelled: true })), causeOf(ended(487, { isCancelled: true }))]).toEqual([
      'cancelled',
      16,
    ]);
    expect([outcomeOf(ended(200, { answeredAt: 1 })), causeOf(ended(200, { answeredAt: 1 }))]).toEqual([
      'answered',
      16,
    ]);
    expect(causeOf(ended(200, { answeredAt: 1 }, { lost: 'gone' }))).toBe(31);
  });

  test('is told by the cause that a Reason names before the status', () => {
    expect(causeOf(ended(480, {}, { reason: 'Q.850;cause=31' }))).toBe(31);
  });
});

test.each([
  ['', undefined],
  ['Q.850;cause=16;text="Normal call clearing"', 16],
  ['SIP;cause=200;text="x", q.850 ; cause = 17', 17],
  ['SIP;cause=486', undefined],
  ['SIP;text="Q.850;cause=16"', undefined],
  ['Q.850;cause=999', undefined],
  ['Q.850;cause=1234', undefined],
  ['Q.850;text="busy"', undefined],
])('%s names the cause %s', (reason, cause) => {
  expect(causeIn(reason)).toBe(cause);
});
