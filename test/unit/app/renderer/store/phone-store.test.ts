import { beforeEach, describe, expect, test } from 'vitest';
import type { CallSnapshot, SoftphoneListener } from '../../../../../app/renderer/softphone/snapshots.ts';
import {
  CARD_ENDED_MS,
  CARD_MISSED_MS,
  createPhoneStore,
  LINE_ENDED_MS,
  type PhoneStore,
} from '../../../../../app/renderer/store/phone-store.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { callOf } from '../../../../support/window/people.ts';

let clock: FakeClock;
let store: PhoneStore;
let tell: SoftphoneListener;
let refuse: string | undefined;
/** What was written to callers. */
let written: (readonly string[])[];
let declined: string[];

beforeEach(() => {
  clock = new FakeClock();
  refuse = undefined;
  written = [];
  declined = [];
  const nothing = () => {};
  store = createPhoneStore({
    clock,
    write(...message) {
      if (refuse === undefined) written.push(message);
      return refuse;
    },
    softphone(listener) {
      tell = listener;
      return {
        call: () => (refuse ? { ok: false, reason: refuse } : { ok: true, callId: 'new' }),
        answer: nothing,
        decline: (id) => void declined.push(id),
        redirect: () => (refuse ? { ok: false, reason: refuse } : { ok: true }),
        hangUp: nothing,
        setMuted: nothing,
        hold: nothing,
        resume: nothing,
        transfer: () => (refuse ? { ok: false, reason: refuse } : { ok: true }),
        transferTo: () => ({ ok: true }),
        moveAway: () => ({ ok: true }),
        join: () => ({ ok: true }),
        leave: nothing,
        consent: nothing,
        sendDigit: nothing,
        record: nothing,
        registerNow: nothing,
      };
    },
  });
});

const shown = () => store.getState().calls.map((call) => call.id);
const ended = (more: Partial<CallSnapshot> = {}) => callOf({ state: 'ended', endedAt: clock.now(), ...more });

describe('an ended call', () => {
  test('stays on its card and in the line for a while, even when the softphone drops it at once', () => {
    tell.calls([callOf()]);
    tell.calls([ended()]);
    tell.calls([]);
    expect(shown()).toEqual(['call-1']);
    expect(store.getState().justEnded?.id).toBe('call-1');
    clock.advance(LINE_ENDED_MS);
    expect(store.getState().justEnded).toBeUndefined();
    expect(shown()).toEqual(['call-1']);
    clock.advance(CARD_ENDED_MS - LINE_ENDED_MS);
    expect(shown()).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  test('does not come back when the softphone still lists it after its time', () => {
    tell.calls([ended()]);
    const late = store.getState().calls;
    clock.advance(CARD_ENDED_MS);
    tell.calls(late);
    expect(shown()).toEqual([]);
    expect(store.getState().justEnded).toBeUndefined();
  });

  test('without a time of its end counts from when it was told', () => {
    const { endedAt: _, ...timeless } = ended();
    tell.calls([timeless]);
    clock.advance(CARD_ENDED_MS - 1);
    expect(shown()).toEqual(['call-1']);
  });

  test('is taken away for good', () => {
    tell.calls([ended()]);
    store.getState().dismiss('call-1');
    tell.calls([ended()]);
    expect(shown()).toEqual([]);
  });

  test('makes room for the next call from here, unless it was missed', () => {
    tell.calls([ended(), ended({ id: 'missed', direction: 'incoming' })]);
    expect(store.getState().call('1003')).toBe(true);
    expect(shown()).toEqual(['missed']);
  });

  test('keeps its place behind live ones, and the oldest go first', () => {
    const old = [1, 2, 3, 4, 5].map((n) => ended({ id: `old-${n}`, endedAt: clock.now() - n }));
    tell.calls([...old, callOf({ id: 'live' })]);
    expect(shown()).toEqual(['live', 'old-1', 'old-2', 'old-3', 'old-4']);
  });
});

describe('a call that rings', () => {
  const ringing = callOf({ state: 'incoming', direction: 'incoming' });

  test('is declined once the text to its caller is on its way, and only then', () => {
    tell.calls([ringing]);
    refuse = 'There is no connection.';
    expect(store.getState().declineWith('call-1', 'Later.')).toBe('There is no connection.');
    expect(declined).toEqual([]);
    refuse = undefined;
    expect(store.getState().declineWith('call-1', 'Later.')).toBeUndefined();
    expect([written, declined]).toEqual([[['sip:1002@office.internal', 'Later.', 'anna']], ['call-1']]);
    tell.calls([{ ...ringing, state: 'ended', endedAt: clock.now() }]);
    expect(store.getState().missed).toEqual([]);
    expect(store.getState().declineWith('call-1', 'Again.')).toMatch(/does not ring/);
    expect(written).toHaveLength(1);
  });

  test.each([
    [undefined, []],
    ['That is no number.', ['call-1']],
  ])('sent elsewhere with %s is no missed call, if it went', (reason, missed) => {
    tell.calls([ringing]);
    refuse = reason;
    expect(store.getState().sendElsewhere('call-1', '1003')).toBe(reason);
    tell.calls([{ ...ringing, state: 'ended', endedAt: clock.now() }]);
    expect(store.getState().missed).toEqual(missed);
  });
});

describe('a missed call', () => {
  const incoming = { direction: 'incoming' } as const;

  test('stays longer', () => {
    tell.calls([ended(incoming)]);
    expect(store.getState().missed).toEqual(['call-1']);
    clock.advance(CARD_MISSED_MS - 1);
    expect(shown()).toEqual(['call-1']);
    clock.advance(1);
    expect(shown()).toEqual([]);
  });

  test.each([
    ['was answered', { answeredAt: 1 }],
    ['was answered on another device', { notice: 'Answered on another device.' }],
    ['went out', { direction: 'outgoing' }],
  ] as const)('is none that %s', (_, more) => {
    tell.calls([ended({ ...incoming, ...more })]);
    expect(store.getState().missed).toEqual([]);
  });

  test('is none that was declined here', () => {
    tell.calls([callOf({ ...incoming, state: 'incoming' })]);
    store.getState().decline('call-1');
    tell.calls([ended(incoming)]);
    expect(store.getState().missed).toEqual([]);
  });
});

test('a refused call keeps the field and says why until the field changes', () => {
  refuse = 'There are too many calls at once.';
  store.getState().setDialled('1002');
  expect(store.getState().call('1002')).toBe(false);
  expect(store.getState()).toMatchObject({ dialled: '1002', dialProblem: refuse });
  store.getState().setDialled('1003');
  expect(store.getState().dialProblem).toBeUndefined();
});

test('the keypad closes with its call', () => {
  tell.calls([callOf()]);
  store.getState().openKeypad('call-1');
  tell.calls([callOf({ digits: '1' })]);
  expect(store.getState().keypadOf).toBe('call-1');
  tell.calls([ended()]);
  expect(store.getState().keypadOf).toBeUndefined();
});
