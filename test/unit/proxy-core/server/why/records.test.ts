/** Calls of which only the record is left. */
import { describe, expect, test } from 'vitest';
import type { CallRecord, RecordDevice } from '../../../../../proxy-core/server/calls/record.ts';
import { aorOf } from '../../../../../proxy-core/server/stores.ts';
import { badSound, whyRecord } from '../../../../../proxy-core/server/why/records.ts';
import { DOMAIN, TraceScript } from '../../../../support/trace-script.ts';
import { factsOf } from '../../../../support/why-facts.ts';

const began = Date.UTC(2026, 0, 5, 10, 3);
const party = (number: string, name = '') => ({ aor: aorOf(number, DOMAIN), number, domain: DOMAIN, name });
const device = (more: Partial<RecordDevice> = {}): RecordDevice => ({
  ...{ aor: aorOf('1002', DOMAIN), contact: 'sip:1002@192.0.2.8', label: '', userAgent: 'Desk 2' },
  ...{ ringingAt: 0, status: 0 },
  ...more,
});
const record = (more: Partial<CallRecord>): CallRecord => ({
  ...{ id: 1, callId: 'c', caller: party('1001', 'Ada'), callerDevice: '', callerAddress: '', callee: party('1002') },
  ...{ startedAt: began, ringingAt: 0, answeredAt: 0, endedAt: began + 20_000, seconds: 0, outcome: 'failed' },
  ...{ status: 500, cause: 41, reason: '', endedBy: 'caller', lost: undefined, isInterrupted: false, devices: [] },
  ...{ answeredBy: undefined, quality: [] },
  ...more,
});

const rang = { ringingAt: began + 1_000 };

describe('a record', () => {
  test.each<[string, Partial<CallRecord>, string]>([
    ['record.busy', { outcome: 'busy', status: 486, devices: [device({ status: 486 })] }, 'Desk 2 of 1002 was busy'],
    [
      'record.declined',
      {
        outcome: 'declined',
        status: 603,
        reason: 'SIP;cause=603;text="No"',
        devices: [device({ status: 603, label: 'hall' })],
      },
      'hall of 1002 turned it away; it said: "No"',
    ],
    [
      'record.cancelled',
      { outcome: 'cancelled', devices: [device(rang)] },
      'hung up before anybody took it, while one phone rang',
    ],
    ['record.cancelled', { outcome: 'cancelled', devices: [device()] }, 'hung up before any phone rang'],
    ['record.no-answer', { outcome: 'no-answer', ...rang, devices: [device(rang)] }, 'nobody picked up in 19 seconds'],
    ['record.not-found', { outcome: 'not-found', status: 404 }, 'nobody had that number'],
    ['record.unavailable', { outcome: 'unavailable', status: 480 }, 'no phone of 1002 was registered'],
    [
      'record.unavailable',
      { outcome: 'unavailable', status: 408, devices: [device()] },
      'no phone of 1002 could be reached',
    ],
    ['record.redirected', { outcome: 'redirected', status: 302 }, 'the caller was told to call elsewhere'],
    ['record.failed', { outcome: 'failed', status: 500 }, 'it failed with 500'],
    [
      'record.fine',
      { outcome: 'answered', status: 200, seconds: 61, endedBy: 'callee' },
      'was answered, lasted 61 seconds and was ended by 1002',
    ],
    [
      'record.lost',
      { outcome: 'answered', status: 200, lost: 'gone' },
      'was taken, but nobody hung up: one of the two phones was registered no more',
    ],
    [
      'record.lost',
      { outcome: 'answered', status: 200, lost: 'restart' },
      'was taken, but nobody hung up: the exchange was stopped',
    ],
  ])('%s %o', (key, more, what) => {
    const reason = whyRecord(record(more), factsOf(new TraceScript()));
    expect([reason.key, reason.text]).toEqual([
      key,
      `1001 (Ada) called 1002 at 10:03, and ${what}; the messages of that call are not kept any more.`,
    ]);
    expect(reason.todo).toMatch(/^[A-Z].*\.$/);
    expect(reason.at).toBe(began);
  });
});

describe('bad sound', () => {
  const told = (...local: readonly object[]): string | undefined =>
    badSound(
      record({
        ...{ outcome: 'answered', status: 200 },
        quality: local.map((metrics) => ({ reporter: `1002@${DOMAIN}`, kind: 'CallTerm', local: metrics })),
      }),
      factsOf(new TraceScript()),
    )?.text;
  const begin = 'In the call of 1001 (Ada) to 1002 at 10:03 the phone of 1002 heard badly';

  test('is told where a phone complained of it, with its figures', () => {
    expect(told({ lossPercent: 6.2, discardPercent: 2, mosListening: 2.14 })).toBe(
      `${begin}: 8 % of the sound lost and a mark of 2.1 out of 5.`,
    );
    expect(told({ lossPercent: 0.1 }, { mosConversation: 1.8 })).toBe(`${begin}: a mark of 1.8 out of 5.`);
  });

  test('is not made up where all was well, or nobody said anything', () => {
    expect(told({ lossPercent: 0.5, mosListening: 4.2 })).toBeUndefined();
    expect(told({})).toBeUndefined();
    expect(told()).toBeUndefined();
  });
});
