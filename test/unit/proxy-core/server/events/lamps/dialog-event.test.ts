import { describe, expect, test } from 'vitest';
import type { Call, CallDevice, CallListener } from '../../../../../../proxy-core/server/calls/call.ts';
import type { WatchListener } from '../../../../../../proxy-core/server/events/event-package.ts';
import { dialogsOf } from '../../../../../../proxy-core/server/events/lamps/call-view.ts';
import { DialogEvents } from '../../../../../../proxy-core/server/events/lamps/dialog-event.ts';
import { UserNews } from '../../../../../../proxy-core/server/events/user-news.ts';
import { type Aor, aorOf, type User } from '../../../../../../proxy-core/server/stores.ts';
import { MemoryUsers } from '../../../../../support/memory-stores.ts';
import { MemoryRules } from '../../../../../support/office-events.ts';

const D = 'office.example';
const ANNA = aorOf('1001', D);
const BEN = aorOf('1002', D);

const party = (aor: Aor | undefined, number: string, name = '') => ({ aor, number, domain: D, name });
const device = (state: CallDevice['state'], aor = BEN): CallDevice => ({
  ...{ aor, contact: 'sip:x@h', label: '', userAgent: '', state, ringingAt: 0, status: 0 },
});

/** Anna calls Ben. */
const call = (parts: Partial<Call> = {}): Call => ({
  ...{ id: 7, callId: 'c', callerTag: 'a', calleeTag: undefined, callerDevice: '', callerAddress: '' },
  ...{ caller: party(ANNA, '1001', 'Anna <3'), callee: party(BEN, '1002', 'Ben'), state: 'trying', isCancelled: false },
  ...{ devices: [], answeredBy: undefined, aors: [ANNA, BEN], startedAt: 1, ringingAt: 0, answeredAt: 0, endedAt: 0 },
  ...{ end: undefined, isRestored: false, dialogs: [], sessionSeconds: 0 },
  ...parts,
});

describe('a call as each side has it', () => {
  const answered = { state: 'answered', answeredAt: 3, calleeTag: 'b', answeredBy: device('answered') } as const;
  const ended = (by: 'caller' | 'callee' | 'exchange', status: number) => ({ by, status, reason: '' });
  test.each<[string, Partial<Call>, string, string]>([
    ['nobody rings yet', {}, 'trying', 'none'],
    ['a device is tried', { devices: [device('trying')] }, 'trying', 'trying'],
    ['a device rings', { state: 'ringing', devices: [device('ended'), device('ringing')] }, 'early', 'early'],
    [
      'his devices have refused, another rings',
      { state: 'ringing', devices: [device('ended')] },
      'early',
      'terminated cancelled',
    ],
    ['he answered', { ...answered, devices: [device('answered')] }, 'confirmed', 'confirmed'],
    [
      'somebody else answered',
      { ...answered, devices: [device('ended')], answeredBy: device('answered', aorOf('1003', D)) },
      ...(['confirmed', 'terminated cancelled'] as const),
    ],
    [
      'the caller hung up',
      { ...answered, state: 'ended', devices: [device('ended')], end: ended('caller', 200) },
      ...(['terminated local-bye', 'terminated remote-bye'] as const),
    ],
    [
      'he was busy',
      { state: 'ended', devices: [device('ended')], end: ended('callee', 486) },
      ...(['terminated rejected', 'terminated rejected'] as const),
    ],
    [
      'the caller gave up',
      { state: 'ended', isCancelled: true, devices: [device('ended')], end: ended('caller', 487) },
      ...(['terminated cancelled', 'terminated cancelled'] as const),
    ],
    [
      'the exchange lost sight of it',
      { ...answered, state: 'ended', devices: [device('ended')], end: ended('exchange', 200) },
      ...(['terminated timeout', 'terminated timeout'] as const),
    ],
  ])('%s', (_what, parts, caller, callee) => {
    const shown = (aor: Aor): string => {
      const views = dialogsOf(call(parts), aor).map(({ state, event }) => `${state} ${event ?? ''}`.trim());
      return views.join(', ') || 'none';
    };
    expect([shown(ANNA), shown(BEN)]).toEqual([caller, callee]);
  });

  test('who calls himself has two dialogs', () => {
    const self = call({
      callee: party(ANNA, '1001'),
      aors: [ANNA],
      devices: [device('ringing', ANNA)],
      state: 'ringing',
    });
    expect(dialogsOf(self, ANNA).map(({ id, direction }) => `${id} ${direction}`)).toEqual([
      '7o initiator',
      '7i recipient',
    ]);
  });
});

describe('documents', () => {
  const users = new MemoryUsers(D).add('1001', 'x').add('1002', 'x').add('1003', 'x');
  function lamps() {
    const listeners: CallListener[] = [];
    const live = new Set<Call>();
    const rules = new MemoryRules();
    const calls = { of: () => live, listen: (one: CallListener) => void listeners.push(one) };
    const events = new DialogEvents({ users, rules, news: new UserNews(), calls });
    const told: string[] = [];
    const listener: WatchListener = { changed: () => void told.push('changed'), gone: () => void told.push('gone') };
    const watch = (number: string) => events.watch(BEN, users.find(number, D) as User, listener);
    const change = (one: Call): void => {
      for (const each of listeners) each.changed(one);
    };
    return { events, rules, watch, change, told, live };
  }
  const ringing = (id: number): Call => call({ id, state: 'ringing', devices: [device('ringing')] });
  const over = (id: number): Call =>
    call({ id, state: 'ended', devices: [device('ended')], end: { by: 'callee', status: 486, reason: '' } });

  test('are partial, and whole again for who missed what is forgotten', () => {
    const { watch, change } = lamps();
    const one = watch('1003');
    expect(one.document(true, 0)?.content).toMatch(
      /version="0" state="full" entity="sip:1002@office.example">\s*<\/dialog-info>/,
    );
    change(ringing(1));
    expect(one.document(false, 1)?.content).toContain('version="1" state="partial"');
    expect(one.document(false, 2)).toBeUndefined();
    for (let id = 1; id <= 30; id++) {
      change(ringing(id));
      change(over(id));
    }
    change(ringing(99));
    const late = one.document(false, 2)?.content ?? '';
    expect(late).toContain('version="2" state="full"');
    expect([...late.matchAll(/<dialog id="(\w+)"/g)].map(([, id]) => id)).toEqual(['99i']);
  });

  test('tell nobody of what nobody can see', () => {
    const { watch, change, told } = lamps();
    watch('1003');
    change(ringing(1));
    change(ringing(1));
    change(over(2));
    expect(told).toEqual(['changed']);
  });

  test('show the other party to who may see it, escaped, and to others nothing that leads to it', () => {
    const { watch, change, rules } = lamps();
    rules.rules.set(BEN, { watchers: 'everyone', listed: [], details: false });
    const [stranger, himself] = [watch('1003'), watch('1002')];
    change(ringing(1));
    expect(stranger.document(false, 1)?.content).toContain(
      '<dialog id="1i" direction="recipient"><state>early</state></dialog>',
    );
    expect(himself.document(false, 1)?.content).toContain(
      '<dialog id="1i" call-id="c" remote-tag="a" direction="recipient"><state>early</state>' +
        '<local><identity>sip:1002@office.example</identity><target uri="sip:1002@office.example"/></local>' +
        '<remote><identity display="Anna &#60;3">sip:1001@office.example</identity><target uri="sip:1001@office.example"/></remote></dialog>',
    );
  });

  test('name the dialog that rings, which a pickup needs, and then the one that was answered', () => {
    const { watch, change } = lamps();
    const himself = watch('1002');
    const devices = [device('ended'), { ...device('ringing'), tag: 'b2' }, { ...device('ringing'), tag: 'b3' }];
    change(call({ state: 'ringing', devices }));
    expect(himself.document(true, 1)?.content).toContain(' call-id="c" local-tag="b2" remote-tag="a"');
    change(call({ ...{ state: 'answered', calleeTag: 'b3', answeredAt: 3 }, devices, answeredBy: devices[2] }));
    expect(himself.document(true, 2)?.content).toContain(' call-id="c" local-tag="b3" remote-tag="a"');
  });

  test('of who is watched no more are not made', () => {
    const { watch, change, told, events } = lamps();
    const one = watch('1003');
    expect(events.watching(BEN)).toBe(1);
    one.end();
    change(ringing(1));
    expect([events.watching(BEN), told]).toEqual([0, []]);
  });
});
