/** What scripts may have the phone do, with a store over a softphone that follows or does not. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { CallSnapshot, SoftphoneListener } from '../../../../../app/renderer/softphone/snapshots.ts';
import { createPhoneStore, type PhoneStore } from '../../../../../app/renderer/store/phone-store.ts';
import { followSteering, steer } from '../../../../../app/renderer/store/steering.ts';
import type { SteerCommand } from '../../../../../app/shared/steering.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { accountOf, anna, callOf, registered, soundOf } from '../../../../support/window/people.ts';

let clock: FakeClock;
let phone: PhoneStore;
let tell: SoftphoneListener;
let calls: CallSnapshot[];
let done: unknown[];
/** Whether the softphone does what it is told. */
let follows: boolean;
/** The accounts that calls went by. */
let by: (string | undefined)[];
let refuse: string | undefined;

beforeEach(() => {
  clock = new FakeClock();
  calls = [];
  done = [];
  by = [];
  follows = true;
  refuse = undefined;
  const change = (id: string, more: Partial<CallSnapshot>): void => {
    if (follows) queueMicrotask(() => set(...calls.map((call) => (call.id === id ? { ...call, ...more } : call))));
  };
  const attempt = (...what: unknown[]) => {
    done.push(what);
    return refuse === undefined ? ({ ok: true } as const) : ({ ok: false, reason: refuse } as const);
  };
  phone = createPhoneStore({
    clock,
    write: () => undefined,
    softphone(listener) {
      tell = listener;
      return {
        call(target, how) {
          by.push(how?.accountId);
          if (refuse !== undefined) return { ok: false, reason: refuse };
          if (follows)
            queueMicrotask(() => set(...calls, callOf({ id: 'new', state: 'calling', peer: peerOf(target) })));
          return { ok: true, callId: 'new' };
        },
        answer: (id) => change(id, { state: 'active', answeredAt: clock.now() }),
        redirect: (...args) => attempt('redirect', ...args),
        decline: (id) => change(id, { state: 'ended', notice: 'You declined.' }),
        hangUp: (id) => change(id, { state: 'ended' }),
        setMuted: (id, muted) => change(id, { muted }),
        hold: (id) => change(id, { held: true }),
        resume: (id) => change(id, { held: false }),
        transfer: (...args) => attempt('transfer', ...args),
        transferTo: (...args) => attempt('transferTo', ...args),
        moveAway: (...args) => attempt('moveAway', ...args),
        join: () => ({ ok: true }),
        leave: () => {},
        consent: () => {},
        sendDigit: (...args) => void attempt('digit', ...args),
        record: () => {},
        registerNow: () => {},
      };
    },
  });
});

const peerOf = (number: string) => ({ name: '', number, uri: `sip:${number}@office.internal` });
const set = (...next: CallSnapshot[]): void => {
  calls = next;
  tell.calls(next);
};
const act = (command: SteerCommand) => steer(phone, clock, command);
const active = (id: string, more: Partial<CallSnapshot> = {}) => callOf({ id, answeredAt: clock.now(), ...more });
const incoming = (id: string) => callOf({ id, direction: 'incoming', state: 'incoming', peer: peerOf(id) });

describe('the state', () => {
  test('tells accounts and calls', async () => {
    tell.accounts([registered(), accountOf({ state: 'failed', reason: 'The password is wrong.' })]);
    const quality = soundOf({ codec: 'opus', received: 1, sent: 1, jitterMs: 0 });
    set(active('a', { quality, heldByPeer: true }), callOf({ id: 'b', state: 'ended', notice: 'Busy.' }));
    clock.advance(12_900);
    const reply = await act({ do: 'state' });
    expect(reply).toEqual({
      ok: true,
      text: [
        'Account 1001 registered sip:1001@office.internal',
        'Account 1001 failed sip:1001@office.internal The password is wrong.',
        'Call a outgoing 1002 (Jana Dvořáková): active, 12 s, on hold by them, Opus',
      ].join('\n'),
      result: {
        version: 1,
        accounts: [
          {
            id: 'anna',
            number: '1001',
            name: 'Anna Lindqvist',
            address: 'sip:1001@office.internal',
            registration: 'registered',
            reason: null,
          },
          expect.objectContaining({ registration: 'failed', reason: 'The password is wrong.' }),
        ],
        calls: [
          {
            id: 'a',
            account: 'anna',
            direction: 'outgoing',
            state: 'active',
            peer: { name: 'Jana Dvořáková', number: '1002', uri: 'sip:1002@office.internal' },
            seconds: 12,
            held: false,
            heldByPeer: true,
            muted: false,
            inConference: false,
            digits: '',
            protection: null,
            codec: 'opus',
            reconnecting: null,
            notice: null,
          },
        ],
        ended: [expect.objectContaining({ id: 'b', state: 'ended', notice: 'Busy.' })],
      },
    });
  });

  test('of nothing', async () => {
    expect(await act({ do: 'state' })).toMatchObject({ ok: true, text: 'No account is signed in.\nNo call.' });
  });
});

describe('a call', () => {
  test('begins, and is the one that is told', async () => {
    set(active('old', { held: true }));
    expect(await act({ do: 'call', target: '1003' })).toMatchObject({
      ok: true,
      result: { call: { id: 'new', state: 'calling', peer: { number: '1003' } } },
    });
  });

  test('goes by the account that is named', async () => {
    tell.accounts([
      registered(),
      accountOf({ state: 'registered', expiresAt: 0 }, { ...anna, id: 'two', number: '2001' }),
    ]);
    for (const account of ['2001', 'two']) {
      set();
      await act({ do: 'call', target: '1003', account });
    }
    expect(by).toEqual(['two', 'two']);
    expect(await act({ do: 'call', target: '1003', account: '9' })).toEqual({
      ok: false,
      reason: 'There is no account 9.',
    });
  });

  test('that cannot begin gives its reason', async () => {
    refuse = 'Sign in first to make calls.';
    expect(await act({ do: 'call', target: '1003' })).toEqual({ ok: false, reason: 'Sign in first to make calls.' });
  });

  test('is answered, held, taken up, muted and ended', async () => {
    set(incoming('a'));
    const step = async (command: SteerCommand) => {
      const reply = await act(command);
      return reply.ok && 'call' in reply.result ? reply.result.call : reply;
    };
    expect(await step({ do: 'answer' })).toMatchObject({ state: 'active' });
    expect(await step({ do: 'hold' })).toMatchObject({ held: true });
    expect(await step({ do: 'hold' })).toMatchObject({ held: true });
    expect(await step({ do: 'resume' })).toMatchObject({ held: false });
    expect(await step({ do: 'mute' })).toMatchObject({ muted: true });
    expect(await step({ do: 'unmute' })).toMatchObject({ muted: false });
    expect(await step({ do: 'hangup' })).toMatchObject({ state: 'ended' });
  });

  test('that rings is declined by hanging up', async () => {
    set(incoming('a'));
    expect(await act({ do: 'hangup' })).toMatchObject({ ok: true, result: { call: { notice: 'You declined.' } } });
  });

  test('that ends instead of being answered says why', async () => {
    follows = false;
    set(incoming('a'));
    const reply = act({ do: 'answer' });
    set(callOf({ id: 'a', state: 'ended', notice: 'The caller hung up.' }));
    expect(await reply).toEqual({ ok: false, reason: 'The call has ended: The caller hung up.' });
  });

  test('that does not follow is told after a while', async () => {
    follows = false;
    set(active('a'));
    const reply = act({ do: 'hold' });
    await Promise.resolve();
    clock.advance(10_000);
    expect(await reply).toEqual({ ok: false, reason: 'The call did not follow in time.' });
  });

  test('gets digits, one after the other', async () => {
    set(active('a'));
    expect(await act({ do: 'dtmf', digits: '1*#d' })).toMatchObject({ ok: true });
    expect(done).toEqual(['1', '*', '#', 'D'].map((digit) => ['digit', 'a', digit]));
    expect(await act({ do: 'dtmf', digits: '1x' })).toMatchObject({ ok: false });
    expect(done).toHaveLength(4);
  });

  test('is handed on to a number, and to another call', async () => {
    set(active('a'), active('b', { held: true }));
    expect(await act({ do: 'transfer', target: '1003' })).toMatchObject({ ok: true });
    expect(await act({ do: 'transfer', target: 'b' })).toMatchObject({ ok: true });
    expect(done).toEqual([
      ['transfer', 'a', '1003'],
      ['transferTo', 'a', 'b'],
    ]);
    refuse = 'The other side cannot do that.';
    expect(await act({ do: 'transfer', target: '1003' })).toEqual({ ok: false, reason: refuse });
  });
});

describe('which call', () => {
  test.each([
    ['answer', 'No call rings here.'],
    ['hangup', 'There is no call.'],
    ['hold', 'There is no call that was answered.'],
  ] as const)('%s: none', async (what, reason) => {
    expect(await act({ do: what })).toEqual({ ok: false, reason });
  });

  test('of several that fit, one must be chosen', async () => {
    set(incoming('a'), incoming('b'));
    expect(await act({ do: 'answer' })).toEqual({
      ok: false,
      reason: 'There are 2 calls: choose one by --call-id (a with a, b with b).',
    });
    expect(await act({ do: 'answer', callId: 'b' })).toMatchObject({ ok: true, result: { call: { id: 'b' } } });
    expect(await act({ do: 'hangup', callId: 'c' })).toEqual({ ok: false, reason: 'There is no call c.' });
    expect(await act({ do: 'answer', callId: 'b' })).toEqual({
      ok: false,
      reason: 'That cannot be done with a call that is active.',
    });
  });

  test('is the one for which something changes', async () => {
    set(active('a', { held: true }), active('b'));
    expect(await act({ do: 'resume' })).toMatchObject({ ok: true, result: { call: { id: 'a' } } });
    set(active('a', { held: true }), active('b'));
    expect(await act({ do: 'hold' })).toMatchObject({ ok: true, result: { call: { id: 'b' } } });
    set(active('a', { held: true }), active('b'));
    expect(await act({ do: 'dtmf', digits: '1' })).toMatchObject({ ok: true, result: { call: { id: 'b' } } });
  });
});

test('a fault of ours is told to the one who asked', async () => {
  const replies: unknown[] = [];
  let ask: (asked: { id: string; command: SteerCommand }) => void = () => {};
  const system = {
    steer: (listener: typeof ask) => {
      ask = listener;
      return () => {};
    },
    steered: async (answer: unknown) => void replies.push(answer),
  };
  const broken = {
    ...phone,
    getState: () => {
      throw new Error('the store is gone');
    },
  };
  followSteering(broken, { system } as never, clock);
  ask({ id: '7', command: { do: 'state' } });
  await expect.poll(() => replies).toHaveLength(1);
  expect(replies).toEqual([{ id: '7', reply: { ok: false, reason: 'Tandem has a fault: the store is gone' } }]);
});
