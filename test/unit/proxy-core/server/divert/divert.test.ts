/** Calls go where the called user wants them: do not disturb and the four forwards, in every way that a call can end. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type CallHandling, noHandling } from '../../../../../proxy-core/server/divert/call-handling.ts';
import type { RouteStep } from '../../../../../proxy-core/server/route/api.ts';
import { H, type HeaderId } from '../../../../../proxy-core/sip/message/names.ts';
import { DOMAIN, type Incoming, TestExchange } from '../../../../support/exchange-parts.ts';

const phone = (number: string, last: number): string => `sip:${number}@192.0.2.${last}:5060`;
const uriOf = (number: string): string => `sip:${number}@${DOMAIN}`;
const ABROAD = 'sip:somebody@198.51.100.7';

let exchange: TestExchange;

/** 1002 has a phone at .62, 1003 at .63, 1004 at .64, 1005 none. */
function office(parts: ConstructorParameters<typeof TestExchange>[1] = {}, settings = {}): TestExchange {
  const made = new TestExchange(settings, parts);
  for (const number of ['1003', '1004', '1005']) made.users.add(number, number);
  for (const [number, last] of [
    ['1002', 62],
    ['1003', 63],
    ['1004', 64],
  ] as const)
    made.bind(number, phone(number, last));
  return made;
}

beforeEach(() => {
  exchange = office();
});

const wish = (number: string, handling: Partial<CallHandling>): void =>
  exchange.callHandling.set({ number, domain: DOMAIN }, { ...noHandling, ...handling });
const call = (number = '1002'): Incoming => exchange.receive('INVITE', uriOf(number));
const uris = (): string[] => exchange.sent.map(({ request }) => request.uriText);
const lines = (index: number, header: HeaderId): string[] => exchange.out(index).request.headers.lines(header);

describe('do not disturb', () => {
  test('nobody rings, and the caller hears why', () => {
    wish('1002', { doNotDisturb: true });
    const invite = call();
    expect(invite.statuses).toEqual([480]);
    expect(invite.last.reason).toBe('Do Not Disturb');
    expect(uris()).toEqual([]);
  });

  test('goes where calls go when busy, if that is set', () => {
    wish('1002', { doNotDisturb: true, forwards: { busy: '1003' } });
    const invite = call();
    expect(uris()).toEqual([phone('1003', 63)]);
    expect(lines(0, H.Diversion)).toEqual([`<${uriOf('1002')}>;reason=do-not-disturb;counter=1`]);
    exchange.out(0).answer(200);
    expect(invite.statuses).toEqual([100, 181, 200]);
  });

  test('messages and the rest of a call come through', () => {
    wish('1002', { doNotDisturb: true });
    exchange.receive('MESSAGE', uriOf('1002'));
    exchange.receive('OPTIONS', uriOf('1002'));
    exchange.receive('INVITE', uriOf('1002'), [['Replaces', 'other;to-tag=a;from-tag=b']]);
    expect(uris()).toEqual([phone('1002', 62), phone('1002', 62), phone('1002', 62)]);
  });
});

describe('always', () => {
  test('the devices of the other ring at once; the caller is told, and stays who he is', () => {
    wish('1002', { forwards: { always: '1003' } });
    const invite = call();
    expect(uris()).toEqual([phone('1003', 63)]);
    const { request } = exchange.out(0);
    expect(request.from.toString()).toBe(invite.request.from.toString());
    expect(request.to.uriText).toBe(uriOf('1002'));
    expect(lines(0, H.Diversion)).toEqual([`<${uriOf('1002')}>;reason=unconditional;counter=1`]);
    expect(lines(0, H.HistoryInfo)).toEqual([
      `<${uriOf('1002')}>;index=1`,
      `<${uriOf('1003')};cause=302>;index=1.1;mp=1`,
    ]);
    exchange.out(0).answer(180);
    exchange.out(0).answer(200);
    expect(invite.statuses).toEqual([100, 181, 180, 200]);
  });

  test('the 181 tells the way to a caller who can read it', () => {
    wish('1002', { forwards: { always: '1003' } });
    const invite = exchange.receive('INVITE', uriOf('1002'), [['Supported', 'timer, HistInfo']]);
    const notice = invite.responses.find(({ status }) => status === 181);
    expect(notice?.headers.lines(H.HistoryInfo)).toHaveLength(2);
    expect(notice?.to.tag).toBeDefined();
  });

  test('from one to the next, each leaving its trace', () => {
    wish('1002', { forwards: { always: '1003' } });
    wish('1003', { forwards: { always: '1004' } });
    call();
    expect(uris()).toEqual([phone('1004', 64)]);
    expect(lines(0, H.Diversion)).toEqual([
      `<${uriOf('1003')}>;reason=unconditional;counter=1`,
      `<${uriOf('1002')}>;reason=unconditional;counter=1`,
    ]);
    expect(lines(0, H.HistoryInfo).at(-1)).toBe(`<${uriOf('1004')};cause=302>;index=1.1.1;mp=1.1`);
  });

  test('goes on where the history of the call ends', () => {
    wish('1002', { forwards: { always: '1003' } });
    exchange.receive('INVITE', uriOf('1002'), [
      ['History-Info', `<sip:9@elsewhere.example>;index=1, <${uriOf('1002')}?Reason=SIP%3Bcause%3D302>;index=1.2;mp=1`],
      ['Diversion', '<sip:9@elsewhere.example>;reason=unconditional'],
    ]);
    expect(exchange.out(0).request.list(H.HistoryInfo).at(-1)).toBe(`<${uriOf('1003')};cause=302>;index=1.2.1;mp=1.2`);
    expect(exchange.out(0).request.list(H.Diversion)).toHaveLength(2);
    expect(lines(0, H.Diversion)[0]).toContain(uriOf('1002'));
  });

  test.each([
    ['is away', '1005', 480],
    ['does not exist any more', '1999', 404],
  ])('to someone who %s', (_what, to, status) => {
    wish('1002', { forwards: { always: to } });
    expect(call().statuses).toEqual([status]);
  });

  test('who takes the calls can still call the other, and everybody himself', () => {
    wish('1002', { forwards: { always: '1003' } });
    exchange.receiveFrom('1003', '1003', 'INVITE', uriOf('1002'));
    exchange.receiveFrom('1002', 'two', 'INVITE', uriOf('1002'));
    expect(uris()).toEqual([phone('1002', 62), phone('1002', 62)]);
  });

  test('a circle that was there already ends', () => {
    wish('1002', { forwards: { always: '1003' } });
    wish('1003', { forwards: { always: '1002' } });
    const invite = call();
    expect(invite.statuses).toEqual([482]);
    expect(uris()).toEqual([]);
  });

  test('a call is forwarded so often and no more, elsewhere included', () => {
    wish('1002', { forwards: { always: '1003' } });
    const diverted = (counter: number) =>
      exchange.receive('INVITE', uriOf('1002'), [['Diversion', `<sip:9@elsewhere.example>;counter=${counter}`]]);
    expect(diverted(4).statuses).toEqual([100, 181]);
    const last = diverted(5);
    expect(last.statuses).toEqual([480]);
    expect(last.last.reason).toBe('Forwarded Too Often');
  });
});

describe('when busy', () => {
  test.each([486, 600, 603])('after %i the other rings, and his answer counts', (status) => {
    wish('1002', { forwards: { busy: '1003' } });
    const invite = call();
    exchange.out(0).answer(180);
    exchange.out(0).answer(status);
    expect(uris()).toEqual([phone('1002', 62), phone('1003', 63)]);
    expect(lines(1, H.HistoryInfo)).toEqual([
      `<${uriOf('1002')}?Reason=SIP%3Bcause%3D486>;index=1`,
      `<${uriOf('1003')};cause=486>;index=1.1;mp=1`,
    ]);
    exchange.out(1).answer(480);
    expect(invite.statuses).toEqual([100, 180, 181, 480]);
  });

  test('not while another of the devices rings', () => {
    exchange.bind('1002', phone('1002', 62), phone('1002', 72));
    wish('1002', { forwards: { busy: '1003' } });
    call();
    exchange.out(0).answer(486);
    expect(uris()).toHaveLength(2);
    exchange.out(1).answer(486);
    expect(uris()[2]).toBe(phone('1003', 63));
  });

  test.each([404, 415, 488, 403])('%i is for the caller to hear', (status) => {
    wish('1002', { forwards: { busy: '1003', 'no-answer': '1003', unreachable: '1003' } });
    const invite = call();
    exchange.out(0).answer(status);
    expect(invite.statuses).toEqual([100, status]);
  });

  test('the wishes of the other count in turn', () => {
    wish('1002', { forwards: { busy: '1003' } });
    wish('1003', { forwards: { busy: '1004' } });
    const invite = call();
    exchange.out(0).answer(486);
    exchange.out(1).answer(486);
    expect(uris()).toEqual([phone('1002', 62), phone('1003', 63), phone('1004', 64)]);
    exchange.out(2).answer(200);
    expect(invite.statuses).toEqual([100, 181, 181, 200]);
  });

  test('two who take each other’s calls are each called once', () => {
    wish('1002', { forwards: { busy: '1003' } });
    wish('1003', { forwards: { busy: '1002' } });
    const invite = call();
    exchange.out(0).answer(486);
    exchange.out(1).answer(486);
    expect(uris()).toHaveLength(2);
    expect(invite.statuses).toEqual([100, 181, 482]);
  });
});

describe('on no answer', () => {
  beforeEach(() => wish('1002', { forwards: { 'no-answer': '1003' }, noAnswerSeconds: 15 }));

  test('after the time that is set the other rings, and the first is called back', () => {
    const invite = call();
    exchange.out(0).answer(180);
    exchange.clock.advance(14_900);
    expect(uris()).toHaveLength(1);
    exchange.clock.advance(200);
    expect(uris()).toEqual([phone('1002', 62), phone('1003', 63)]);
    expect(exchange.out(0).cancels).toHaveLength(1);
    exchange.out(0).answer(487);
    exchange.out(1).answer(180);
    exchange.out(1).answer(200);
    expect(invite.statuses).toEqual([100, 180, 181, 180, 200]);
  });

  test('one who answers in that very moment has the call', () => {
    const invite = call();
    exchange.out(0).answer(180);
    exchange.clock.advance(15_100);
    exchange.out(0).answer(200);
    expect(invite.statuses).toEqual([100, 180, 181, 200]);
    expect(exchange.out(1).cancels).toHaveLength(1);
  });

  test('a phone that stops ringing by itself has not answered', () => {
    call();
    exchange.out(0).answer(180);
    exchange.out(0).answer(480);
    expect(uris()[1]).toBe(phone('1003', 63));
    expect(lines(1, H.Diversion)[0]).toContain('reason=no-answer');
  });

  test('the caller who hangs up ends it all', () => {
    const invite = call();
    exchange.out(0).answer(180);
    exchange.receiveRequest(
      exchange.request('CANCEL', uriOf('1002'), [['Call-ID', invite.request.callId]]),
      undefined,
      invite,
    );
    exchange.out(0).answer(487);
    exchange.clock.advance(60_000);
    expect(uris()).toHaveLength(1);
    expect(invite.last.status).toBe(487);
  });

  test('once answered, nothing more happens', () => {
    const invite = call();
    exchange.out(0).answer(200);
    exchange.clock.advance(60_000);
    expect(uris()).toHaveLength(1);
    expect(invite.statuses).toEqual([100, 200]);
    expect(exchange.parts.openWork.count).toBe(0);
  });

  test('with no breadth to spare the other rings once the first has been called back', () => {
    const invite = exchange.receive('INVITE', uriOf('1002'), [['Max-Breadth', '1']]);
    exchange.out(0).answer(180);
    exchange.clock.advance(15_100);
    expect(uris()).toHaveLength(1);
    exchange.out(0).answer(487);
    expect(uris()).toEqual([phone('1002', 62), phone('1003', 63)]);
    exchange.out(1).answer(200);
    expect(invite.last.status).toBe(200);
  });

  test('what failed before does not speak for the other', () => {
    const invite = call();
    exchange.out(0).answer(180);
    exchange.clock.advance(15_100);
    exchange.out(1).answer(500);
    exchange.out(0).answer(603);
    expect(invite.last.status).toBe(500);
  });
});

describe('when not reachable', () => {
  beforeEach(() => {
    wish('1005', { forwards: { unreachable: '1003' } });
    wish('1002', { forwards: { unreachable: '1003' } });
  });

  test('without any device the other rings at once', () => {
    const invite = call('1005');
    expect(uris()).toEqual([phone('1003', 63)]);
    expect(lines(0, H.Diversion)).toEqual([`<${uriOf('1005')}>;reason=unavailable;counter=1`]);
    expect(invite.statuses).toEqual([100, 181]);
  });

  test.each([480, 503, 408])('after %i of a phone that never rang', (status) => {
    call();
    exchange.out(0).answer(status);
    expect(uris()[1]).toBe(phone('1003', 63));
  });

  test('not after it rang', () => {
    const invite = call();
    exchange.out(0).answer(180);
    exchange.out(0).answer(480);
    expect(invite.statuses).toEqual([100, 180, 480]);
  });

  test('a phone that says nothing at all', () => {
    call();
    exchange.out(0).listener.timeout();
    expect(uris()[1]).toBe(phone('1003', 63));
  });
});

describe('outside the office', () => {
  test('nobody is called for a user who may not', () => {
    wish('1002', { forwards: { always: ABROAD } });
    expect(call().statuses).toEqual([480]);
    expect(uris()).toEqual([]);
  });

  test('the office pays for whom it allows, with the caller’s own name', () => {
    wish('1002', { forwards: { always: ABROAD }, mayForwardOutside: true });
    const invite = call();
    expect(uris()).toEqual([ABROAD]);
    expect(exchange.out(0).request.from.toString()).toBe(invite.request.from.toString());
    expect(lines(0, H.Diversion)).toHaveLength(1);
  });

  test('who was called by sips is not sent anywhere else', () => {
    wish('1002', { forwards: { always: '1003' } });
    expect(exchange.receive('INVITE', `sips:1002@${DOMAIN}`).statuses).toEqual([480]);
    expect(uris()).toEqual([]);
  });
});

describe('with a step of the office', () => {
  const asked: string[] = [];
  const step: RouteStep = ({ uri, user }) => {
    asked.push(`${uri.user} for ${user?.number ?? 'a stranger'}`);
    if (uri.user === '030123') return { send: ABROAD };
    if (uri.user === '0190') return { reject: 403, reason: 'Not That' };
    if (uri.user === '700') return Promise.resolve({ send: ['1003', '1004'] });
    return undefined;
  };

  beforeEach(() => {
    asked.length = 0;
    exchange = office({ route: { step } });
  });

  test('it is asked as for a call of the user who forwards', () => {
    wish('1002', { forwards: { always: '030123' }, mayForwardOutside: true });
    call();
    expect(asked).toEqual(['1002 for a stranger', '030123 for 1002']);
    expect(uris()).toEqual([ABROAD]);
  });

  test('where it leads abroad the user has to be allowed all the same', () => {
    wish('1002', { forwards: { always: '030123' } });
    expect(call().statuses).toEqual([480]);
    expect(uris()).toEqual([]);
  });

  test('what it refuses is refused', () => {
    wish('1002', { forwards: { busy: '0190' }, mayForwardOutside: true });
    const invite = call();
    exchange.out(0).answer(486);
    expect(invite.last.reason).toBe('Not That');
    expect(invite.statuses).toEqual([100, 403]);
  });

  test('it may take its time, and name several', async () => {
    wish('1002', { forwards: { busy: '700' } });
    const invite = call();
    exchange.out(0).answer(486);
    expect(invite.statuses).toEqual([100]);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect(uris().slice(1)).toEqual([phone('1003', 63), phone('1004', 64)]);
    exchange.out(2).answer(200);
    expect(invite.statuses).toEqual([100, 181, 200]);
  });

  test('a caller who hangs up meanwhile is let go', async () => {
    wish('1002', { forwards: { busy: '700' } });
    const invite = call();
    exchange.out(0).answer(486);
    exchange.receiveRequest(
      exchange.request('CANCEL', uriOf('1002'), [['Call-ID', invite.request.callId]]),
      undefined,
      invite,
    );
    expect(invite.last.status).toBe(487);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect(uris()).toHaveLength(1);
  });
});

describe('whom a phone sends a caller on to', () => {
  const move = (to: string): void => void exchange.out(0).answer(302, { headers: [[H.Contact, `<${uriOf(to)}>`]] });

  test('may have sent his calls on in turn', () => {
    wish('1003', { forwards: { always: '1004' } });
    const invite = call();
    move('1003');
    expect(uris().slice(1)).toEqual([phone('1004', 64)]);
    expect(lines(1, H.Diversion)).toEqual([`<${uriOf('1003')}>;reason=unconditional;counter=1`]);
    exchange.out(1).answer(200);
    expect(invite.statuses).toEqual([100, 200]);
  });

  test('may not want to be disturbed', () => {
    wish('1003', { doNotDisturb: true });
    const invite = call();
    move('1003');
    expect(invite.statuses).toEqual([100, 480]);
    expect(uris()).toHaveLength(1);
  });

  test('may send them back, which ends there', () => {
    wish('1003', { forwards: { always: '1002' } });
    const invite = call();
    move('1003');
    expect(invite.statuses).toEqual([100, 482]);
    expect(uris()).toHaveLength(1);
  });

  test('is left to the caller where the office takes its time', () => {
    exchange = office({ route: { step: ({ uri }) => (uri.user === '1004' ? Promise.resolve(undefined) : undefined) } });
    wish('1003', { forwards: { always: '1004' } });
    const invite = call();
    move('1003');
    expect(invite.last.status).toBe(302);
    expect(invite.last.list(H.Contact)).toEqual([`<${uriOf('1003')}>`]);
  });
});

test('in a group that the office calls, who does not want to be disturbed is left out', () => {
  exchange = office({ route: { step: () => ({ send: ['1002', '1003', '1004'] }) } });
  wish('1003', { doNotDisturb: true });
  wish('1004', { forwards: { always: '1005' } });
  call('700');
  expect(uris()).toEqual([phone('1002', 62), phone('1004', 64)]);
  wish('1002', { doNotDisturb: true });
  wish('1004', { doNotDisturb: true });
  expect(call('700').statuses).toEqual([480]);
});

test('a device by its own address is called as it is', () => {
  wish('1002', { doNotDisturb: true });
  exchange.bind('1002', { contact: phone('1002', 62), instance: 'urn:uuid:1' });
  exchange.receive('INVITE', `${uriOf('1002')};gr=urn:uuid:1`);
  expect(uris()).toEqual([phone('1002', 62)]);
});

test('nothing of all this happens to whoever set nothing', () => {
  wish('1003', { doNotDisturb: true });
  const invite = call('1002');
  exchange.out(0).answer(486);
  expect(invite.statuses).toEqual([100, 486]);
  expect(lines(0, H.HistoryInfo)).toEqual([]);
});
