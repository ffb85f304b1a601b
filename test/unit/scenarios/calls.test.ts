/** What the exchange knows of the calls that pass through it: every way to begin and to end one. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Call } from '../../../proxy-core/server/calls/call.ts';
import { outcomeOf } from '../../../proxy-core/server/calls/outcome.ts';
import { recordOf, savedOf } from '../../../proxy-core/server/calls/record.ts';
import type { Settings } from '../../../proxy-core/server/settings.ts';
import { aorOf } from '../../../proxy-core/server/stores.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { FakeOffice, OFFICE } from '../../support/fake-office.ts';
import type { OutgoingRequest, TestPhone } from '../../support/sip-phone.ts';

const A = '192.0.2.11:5060';
const B = '192.0.2.12:5060';
const B2 = '192.0.2.13:5060';
const ANNA = aorOf('1001', OFFICE);
const BEN = aorOf('1002', OFFICE);

let office: FakeOffice;
let anna: TestPhone;
let ben: TestPhone;
let seen: string[];
let calls: Call[];

async function open(settings: Partial<Settings> = {}): Promise<void> {
  office = new FakeOffice(settings);
  seen = [];
  calls = [];
  office.calls?.listen({
    changed: (call) => {
      seen.push(call.state);
      if (!calls.includes(call)) calls.push(call);
    },
  });
  anna = await office.registered('1001', A);
  ben = await office.registered('1002', B);
}

beforeEach(() => open());

const of = (aor: typeof ANNA): Call[] => [...(office.calls?.of(aor) ?? [])];

function only(): Call {
  const [call, ...more] = calls;
  if (call === undefined || more.length > 0) throw new Error(`${calls.length} calls`);
  return call;
}

/** How it ended, by whom, with what. */
const ending = ({ end, ...call }: Call): unknown[] => [outcomeOf({ ...call, end } as Call), end?.by, end?.status];

async function talk(phone = ben): Promise<OutgoingRequest> {
  const call = anna.call('1002');
  await office.pass(100);
  phone.incoming[0]?.respond(180);
  await office.pass(2_000);
  phone.incoming[0]?.respond(200);
  await office.pass(100);
  call.ack();
  await office.pass(100);
  return call;
}

function nothingLeft(): void {
  expect(office.calls?.size).toBe(0);
  expect([of(ANNA), of(BEN)]).toEqual([[], []]);
  expect(office.faults).toEqual([]);
}

describe('an answered call', () => {
  test.each([
    ['the caller', 'caller'],
    ['the callee', 'callee'],
  ])('is followed from its first INVITE until %s hangs up', async (_who, by) => {
    const out = await talk();
    const call = only();
    expect(seen).toEqual(['trying', 'ringing', 'answered']);
    expect(of(ANNA)).toEqual([call]);
    expect(of(BEN)).toEqual([call]);
    expect(call.caller).toEqual({ aor: ANNA, number: '1001', domain: OFFICE, name: '' });
    expect(call.callee).toEqual({ aor: BEN, number: '1002', domain: OFFICE, name: '' });
    expect(call.callerAddress).toBe(`udp:${A}`);
    expect(call.devices.map(({ aor, contact, state }) => [aor, contact, state])).toEqual([
      [BEN, `sip:1002@${B}`, 'answered'],
    ]);
    expect(call.answeredBy).toBe(call.devices[0]);
    await office.pass(5_000);
    if (by === 'caller') out.bye();
    else ben.incoming[0]?.bye();
    await office.pass(100);
    expect(seen).toEqual(['trying', 'ringing', 'answered', 'ended']);
    expect(ending(call)).toEqual(['answered', by, 200]);
    const { startedAt, ringingAt, answeredAt, endedAt } = call;
    expect(ringingAt).toBeGreaterThanOrEqual(startedAt);
    expect(answeredAt - ringingAt).toBeGreaterThanOrEqual(2_000);
    expect(endedAt - answeredAt).toBeGreaterThanOrEqual(5_000);
    nothingLeft();
  });

  test('that two devices took at the same moment is over with the last dialog', async () => {
    const desk = await office.registered('1002', B2);
    const out = anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(200);
    desk.incoming[0]?.respond(200);
    await office.pass(100);
    expect(out.statuses).toEqual([100, 200, 200]);
    const call = only();
    expect(call.devices.map(({ state }) => state)).toEqual(['answered', 'answered']);
    out.bye();
    await office.pass(100);
    expect(call.state).toBe('answered');
    ben.incoming[0]?.bye();
    await office.pass(100);
    expect(call.state).toBe('ended');
    nothingLeft();
  });
});

describe('a call that nobody takes', () => {
  test.each([
    [486, 'busy'],
    [600, 'busy'],
    [603, 'declined'],
    [500, 'failed'],
    [480, 'unavailable'],
  ])('ends with %i as %s', async (status, outcome) => {
    anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(status, { headers: [[H.Reason, 'Q.850;cause=17;text="User busy"']] });
    await office.pass(100);
    expect(ending(only())).toEqual([outcome, 'callee', status]);
    expect(only().end?.reason).toBe('Q.850;cause=17;text="User busy"');
    expect(seen).toEqual(['trying', 'ended']);
    nothingLeft();
  });

  test.each([
    ['1999', 'not-found', 404],
    ['1003', 'unavailable', 480],
  ])('to %s ends as %s', async (number, outcome, status) => {
    anna.call(number);
    await office.pass(100);
    expect(ending(only())).toEqual([outcome, 'exchange', status]);
    expect(only().devices).toEqual([]);
    nothingLeft();
  });

  test('is given up by the caller, who says why', async () => {
    const out = anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(180);
    await office.pass(100);
    out.cancel();
    await office.pass(100);
    expect(ending(only())).toEqual(['cancelled', 'caller', 487]);
    // The second one: nothing rings at the callee any more.
    expect(seen).toEqual(['trying', 'ringing', 'ringing', 'ended']);
    nothingLeft();
  });

  test('is answered after all when the 200 crosses the CANCEL', async () => {
    const out = anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(180);
    await office.pass(100);
    out.cancel();
    ben.incoming[0]?.respond(200);
    await office.pass(100);
    expect(only().state).toBe('answered');
    out.bye();
    await office.pass(100);
    expect(ending(only())).toEqual(['answered', 'caller', 200]);
  });

  test('rings until Timer C and counts as not answered', async () => {
    anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(180);
    await office.pass(182_000);
    expect(ending(only())).toEqual(['no-answer', 'exchange', 487]);
    nothingLeft();
  });

  test('goes to a phone that says nothing', async () => {
    office.network.detach(B);
    anna.call('1002');
    await office.pass(33_000);
    expect(ending(only())).toEqual(['unavailable', 'exchange', 408]);
    expect(only().devices.map(({ status }) => status)).toEqual([408]);
    nothingLeft();
  });

  test('is redirected, in redirect mode', async () => {
    await open({ mode: 'redirect' });
    anna.call('1002');
    await office.pass(100);
    expect(ending(only())).toEqual(['redirected', 'exchange', 302]);
    nothingLeft();
  });

  test('is none without the right password', async () => {
    office.phone('1003', '192.0.2.99:5060', 'guess').call('1002');
    await office.pass(100);
    expect(calls).toEqual([]);
  });
});

describe('two devices', () => {
  let desk: TestPhone;

  beforeEach(async () => {
    desk = await office.registered('1002', B2);
  });

  test('ring; one answers, and the other was answered elsewhere', async () => {
    const out = anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(180);
    desk.incoming[0]?.respond(180);
    await office.pass(100);
    desk.incoming[0]?.respond(200);
    await office.pass(100);
    const call = only();
    expect(seen).toEqual(['trying', 'ringing', 'ringing', 'answered']);
    expect(call.answeredBy?.contact).toBe(`sip:1002@${B2}`);
    const other = call.devices.find((device) => device !== call.answeredBy);
    expect([other?.state, other?.status, (other?.ringingAt ?? 0) > 0]).toEqual(['ended', 487, true]);
    out.bye();
    await office.pass(100);
    expect(ending(call)).toEqual(['answered', 'caller', 200]);
    nothingLeft();
  });

  test('one is busy: the call rings on', async () => {
    anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(180);
    desk.incoming[0]?.respond(486);
    await office.pass(100);
    expect(only().state).toBe('ringing');
    expect(of(BEN)).toHaveLength(1);
    ben.incoming[0]?.respond(480);
    await office.pass(100);
    expect(ending(only())).toEqual(['busy', 'callee', 486]);
    nothingLeft();
  });

  test('one says 6xx for both', async () => {
    anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(180);
    desk.incoming[0]?.respond(603);
    await office.pass(100);
    expect(ending(only())).toEqual(['declined', 'callee', 603]);
    nothingLeft();
  });

  test('one sends the call on to somebody else, who has a part in it then', async () => {
    const clara = await office.registered('1003', '192.0.2.15:5060');
    anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(486);
    desk.incoming[0]?.respond(302, { headers: [[H.Contact, `<sip:1003@${OFFICE}>`]] });
    await office.pass(100);
    expect(of(BEN)).toEqual([]);
    clara.incoming[0]?.respond(200);
    await office.pass(100);
    expect(of(aorOf('1003', OFFICE))).toEqual([only()]);
    expect(only().callee.aor).toBe(BEN);
    expect(only().answeredBy?.aor).toBe(aorOf('1003', OFFICE));
  });
});

describe('a call whose BYE never comes', () => {
  test('is over when both sides are still there after the longest time', async () => {
    await open({ longestCall: 300_000 });
    await talk();
    await office.pass(250_000);
    expect(only().state).toBe('answered');
    await office.pass(60_000);
    expect(ending(only())).toEqual(['answered', 'exchange', 200]);
    expect(only().end?.lost).toBe('too-long');
    nothingLeft();
  });

  test('lives longer for every re-INVITE', async () => {
    await open({ longestCall: 300_000 });
    const out = await talk();
    await office.pass(250_000);
    out.again('INVITE');
    await office.pass(100);
    ben.incoming[1]?.respond(200);
    await office.pass(250_000);
    expect(only().state).toBe('answered');
    await office.pass(60_000);
    expect(only().end?.lost).toBe('too-long');
  });

  test('is over with its session timer, which an UPDATE sets anew', async () => {
    const out = anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(200, { headers: [[H.SessionExpires, '120;refresher=uac']] });
    await office.pass(100);
    out.ack();
    await office.pass(140_000);
    expect(only().state).toBe('answered');
    await office.pass(13_000);
    expect(only().end?.lost).toBe('session-timer');
    nothingLeft();
  });

  test('is over when a phone is no longer registered', async () => {
    await talk();
    await office.locations.replace(BEN, []);
    await office.pass(61_000);
    expect(only().state).toBe('answered');
    await office.pass(60_000);
    expect(only().end?.lost).toBe('gone');
    nothingLeft();
  });

  test('gives way where there are too many', async () => {
    await open({ callsPerUser: 2 });
    for (let count = 0; count < 3; count++) {
      anna.call('1002');
      await office.pass(100);
      ben.incoming[count]?.respond(200);
      await office.pass(100);
    }
    expect(calls.map(({ end }) => end?.lost)).toEqual(['crowded', undefined, undefined]);
    expect(of(ANNA)).toHaveLength(2);
  });
});

describe('a call over which the exchange is started anew', () => {
  const restart = (): Call => {
    // As it is kept on disk.
    const saved = JSON.parse(JSON.stringify(savedOf(only())));
    office.cut();
    office.open();
    calls = [];
    seen = [];
    office.calls?.listen({
      changed: (call) => {
        seen.push(call.state);
        calls.push(call);
      },
    });
    expect(office.calls?.restore(saved)).toBe(true);
    const [call] = of(ANNA);
    if (call === undefined) throw new Error('not restored');
    return call;
  };

  test.each(['caller', 'callee'])('is known again, and ends when the %s hangs up', async (by) => {
    const out = await talk();
    const before = only();
    await office.pass(5_000);
    const call = restart();
    expect(of(BEN)).toEqual([call]);
    expect([call.id, call.state, call.isRestored, call.answeredAt]).toEqual([
      ...[before.id, 'answered', true, before.answeredAt],
    ]);
    if (by === 'caller') out.bye();
    else ben.incoming[0]?.bye();
    await office.pass(100);
    expect(seen).toEqual(['ended']);
    expect(ending(call)).toEqual(['answered', by, 200]);
    expect(recordOf(call)).toMatchObject({ isInterrupted: true, seconds: 5, endedBy: by, answeredBy: 0 });
    nothingLeft();
  });

  test('is over some day, as any other', async () => {
    await talk();
    const call = restart();
    await office.locations.replace(BEN, []);
    await office.pass(125_000);
    expect(call.end?.lost).toBe('gone');
    nothingLeft();
  });

  test('keeps its session timer', async () => {
    const out = anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(200, { headers: [[H.SessionExpires, '90']] });
    await office.pass(100);
    out.ack();
    const call = restart();
    await office.pass(123_000);
    expect(call.end?.lost).toBe('session-timer');
  });
});

describe('a record', () => {
  test('of a call that was answered on one of two devices has both', async () => {
    const desk = await office.registered('1002', B2);
    const out = anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(180);
    desk.incoming[0]?.respond(180);
    await office.pass(3_000);
    desk.incoming[0]?.respond(200);
    await office.pass(100);
    out.ack();
    await office.pass(10_000);
    desk.incoming[0]?.bye();
    await office.pass(100);
    const record = recordOf(only());
    expect(record).toMatchObject({
      ...{ outcome: 'answered', status: 200, cause: 16, endedBy: 'callee', seconds: 10, lost: undefined },
      ...{ isInterrupted: false, quality: [], caller: { aor: ANNA, number: '1001' }, callee: { aor: BEN } },
    });
    expect(record.devices.map(({ contact, isElsewhere }) => [contact, isElsewhere])).toEqual(
      expect.arrayContaining([
        [`sip:1002@${B}`, true],
        [`sip:1002@${B2}`, undefined],
      ]),
    );
    expect(record.devices[record.answeredBy ?? -1]?.contact).toBe(`sip:1002@${B2}`);
    expect(record.devices.every(({ ringingAt }) => ringingAt > 0)).toBe(true);
  });

  test('of a call that nobody took has no talk in it', async () => {
    anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(486);
    await office.pass(100);
    expect(recordOf(only())).toMatchObject({
      ...{ outcome: 'busy', status: 486, cause: 17, seconds: 0, answeredAt: 0, ringingAt: 0, answeredBy: undefined },
      devices: [{ contact: `sip:1002@${B}`, status: 486, ringingAt: 0 }],
    });
  });
});

test('a listener that throws keeps neither the call nor other listeners', async () => {
  const heard: string[] = [];
  office.calls?.listen({
    changed: () => {
      throw new Error('of a listener');
    },
  });
  office.calls?.listen({ changed: ({ state }) => void heard.push(state) });
  const out = await talk();
  expect(out.statuses).toEqual([100, 180, 200]);
  expect(heard).toEqual(['trying', 'ringing', 'answered']);
});

test('ids grow', async () => {
  anna.call('1999');
  anna.call('1999');
  await office.pass(100);
  const first = calls.map(({ id }) => id);
  expect(first[1]).toBeGreaterThan(first[0] ?? 0);
});
