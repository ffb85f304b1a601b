/** Lamps: what phones that watch others are shown, with calls, restarts, vanished watchers and the office's rules. */
import { beforeEach, describe, expect, test } from 'vitest';
import { noHandling } from '../../../proxy-core/server/divert/call-handling.ts';
import type { WatchRule } from '../../../proxy-core/server/events/watch-rules.ts';
import type { HeaderLine } from '../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../proxy-core/sip/message/message.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { FakeOffice, OFFICE } from '../../support/fake-office.ts';
import type { OutgoingRequest, TestPhone } from '../../support/sip-phone.ts';

const A = '192.0.2.11:5060';
const B = '192.0.2.12:5060';
const C = '192.0.2.13:5060';

let office: FakeOffice;
let anna: TestPhone;
let ben: TestPhone;
let watcher: TestPhone;

beforeEach(async () => {
  office = new FakeOffice();
  anna = await office.registered('1001', A);
  ben = await office.registered('1002', B);
  watcher = await office.registered('1003', C);
});

async function watch(event: string, number = '1002', headers: readonly HeaderLine[] = []): Promise<OutgoingRequest> {
  const uri = `sip:${number}@${OFFICE}`;
  const asked = watcher.send('SUBSCRIBE', uri, uri, [
    [H.Event, event],
    [H.Contact, watcher.contact],
    [H.Expires, '600'],
    ...headers,
  ]);
  await office.pass(100);
  return asked;
}

const notifies = (): SipRequest[] => watcher.requests.filter(({ method }) => method === 'NOTIFY');
const states = (): string[] => notifies().map((request) => request.header(H.SubscriptionState) ?? '');

/** Basic status and activities of each presence document. */
const lamps = (): string[] =>
  notifies().map(({ body }) => {
    const [, basic = 'none'] = /<basic>(\w+)<\/basic>/.exec(body) ?? [];
    return [basic, ...[...body.matchAll(/<rpid:([a-z-]+)\/>/g)].map(([, one]) => one)].join(' ');
  });

/** Version, whether full or partial, and the state of each dialog. */
const dialogs = (): string[] =>
  notifies().map(({ body }) => {
    const [, version = '', state = ''] = /version="(\d+)" state="(\w+)"/.exec(body) ?? [];
    return [version, state, ...[...body.matchAll(/<state[^>]*>(\w+)<\/state>/g)].map(([, one]) => one)].join(' ');
  });

async function talk(): Promise<OutgoingRequest> {
  const call = anna.call('1002');
  await office.pass(1_100);
  ben.incoming[0]?.respond(180);
  await office.pass(2_000);
  ben.incoming[0]?.respond(200);
  await office.pass(100);
  call.ack();
  await office.pass(2_000);
  return call;
}

describe('presence without any phone that publishes', () => {
  test('shows available, in a call, and offline', async () => {
    await watch('presence');
    const call = await talk();
    call.bye();
    await office.pass(2_000);
    ben.register(0);
    await office.pass(2_000);
    expect(lamps()).toEqual(['open', 'open on-the-phone', 'open', 'closed']);
  });

  test('shows do not disturb when the phone says so, and a call above it', async () => {
    await watch('presence');
    const body =
      `<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="${ben.aor}"><tuple id="a"><status>` +
      '<basic>open</basic></status><note>Do not disturb</note></tuple></presence>';
    const published = ben.publish('presence', 'application/pidf+xml', body);
    await office.pass(2_000);
    expect(published.statuses).toEqual([200]);
    await talk();
    expect(lamps()).toEqual(['open', 'open busy', 'open busy on-the-phone']);
  });
});

describe('dialog-info', () => {
  test.each([
    ['called', '1002', ['1 partial early', '2 partial confirmed', '3 partial terminated'], 'remote-bye'],
    [
      'calling',
      '1001',
      ['1 partial trying', '2 partial early', '3 partial confirmed', '4 partial terminated'],
      'local-bye',
    ],
  ])('follows a call of who is %s to its end, version by version', async (_who, number, told, event) => {
    await watch('dialog', number);
    const call = await talk();
    call.bye();
    await office.pass(2_000);
    expect(dialogs()).toEqual(['0 full', ...told]);
    expect(notifies().at(-1)?.body).toContain(`<state event="${event}">terminated</state>`);
  });

  test('tells of several changes in one', async () => {
    await watch('dialog');
    anna.call('1002');
    await office.pass(100);
    ben.incoming[0]?.respond(180);
    await office.pass(100);
    ben.incoming[0]?.respond(486);
    await office.pass(3_000);
    expect(dialogs().at(-1)).toMatch(/partial terminated$/);
    expect(dialogs()).toHaveLength(2);
  });

  test('keeps the parties to itself unless the office shows them', async () => {
    await watch('dialog');
    await talk();
    const last = notifies().at(-1)?.body ?? '';
    expect(last).toContain('confirmed');
    expect(last).not.toMatch(/1001|call-id|remote/);
  });

  test('shows them where the office wants so, also to those who watch already', async () => {
    await watch('dialog');
    office.rules.rules.set(`1002@${OFFICE}`, { watchers: 'everyone', listed: [], details: true });
    await talk();
    const last = notifies().at(-1)?.body ?? '';
    expect(last).toContain(
      `<remote><identity>sip:1001@${OFFICE}</identity><target uri="sip:1001@${OFFICE}"/></remote>`,
    );
    expect(last).toMatch(/ call-id="[^"]+" local-tag="[^"]+" remote-tag="[^"]+" direction="recipient"/);
  });

  test('a call that is there already is in the first document', async () => {
    await talk();
    await watch('dialog');
    expect(dialogs()).toEqual(['0 full confirmed']);
  });
});

describe('who may watch whom', () => {
  const rule = (parts: Partial<WatchRule>): void =>
    void office.rules.rules.set(`1002@${OFFICE}`, { watchers: 'everyone', listed: [], details: false, ...parts });

  test.each<[WatchRule['watchers'], readonly string[], number]>([
    ['everyone', [], 200],
    ['nobody', [], 403],
    ['listed', [], 403],
    ['listed', [`1003@${OFFICE}`], 200],
    ['listed', [`@${OFFICE}`], 200],
    ['listed', [`1004@${OFFICE}`, '@elsewhere.example'], 403],
  ])('%s %j: %i', async (watchers, listed, status) => {
    rule({ watchers, listed });
    expect((await watch('presence')).statuses).toEqual([status]);
    expect(notifies()).toHaveLength(status === 200 ? 1 : 0);
  });

  test('one may always watch himself, and an administrator all', async () => {
    rule({ watchers: 'nobody' });
    office.users.setAdmin('1003');
    expect((await watch('presence')).statuses).toEqual([200]);
    expect((await watch('dialog', '1003')).statuses).toEqual([200]);
  });

  test('whoever may no longer is told so at once', async () => {
    await watch('presence');
    rule({ watchers: 'nobody' });
    office.events?.subscriptions.rulesChanged();
    await office.pass(100);
    expect(states().at(-1)).toBe('terminated;reason=rejected');
    expect(notifies().at(-1)?.body).toBe('');
    await office.pass(100);
    expect(office.events?.size).toBe(0);
  });
});

describe('a restart of the exchange', () => {
  test('is not seen: dialogs go on with higher numbers, and all is told anew', async () => {
    const asked = await watch('dialog');
    office.cut();
    office.open();
    await office.pass(1_000);
    const [first, second] = notifies();
    expect(notifies()).toHaveLength(2);
    expect(second?.callId).toBe(first?.callId);
    expect(second?.cseq).toBeGreaterThan(first?.cseq ?? 0);
    expect(dialogs()[1]).toMatch(/^\d{2,} full$/);
    await talk();
    const versions = dialogs().map((one) => Number(one.split(' ')[0]));
    expect(versions.slice(2)).toEqual([1, 2].map((more) => (versions[1] ?? 0) + more));
    asked.again('SUBSCRIBE', [[H.Event, 'dialog']]);
    await office.pass(100);
    expect(asked.last.status).toBe(200);
    expect(office.events?.size).toBe(1);
  });

  test('ends what ran out meanwhile, and what nobody may watch any more', async () => {
    await watch('presence');
    await watch('dialog');
    office.rules.rules.set(`1002@${OFFICE}`, { watchers: 'nobody', listed: [], details: false });
    office.cut();
    office.open();
    expect([office.events?.size, office.subscriptions.kept.size]).toEqual([0, 0]);
  });

  test('keeps what phones have published', async () => {
    const body =
      '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:a"><tuple id="a"><status><basic>open</basic></status>' +
      '<note>DND</note></tuple></presence>';
    ben.publish('presence', 'application/pidf+xml', body);
    await office.pass(100);
    office.cut();
    office.open();
    await watch('presence');
    expect(lamps()).toEqual(['open busy']);
  });
});

test('a watcher who vanished costs nothing after the first NOTIFY that nobody answers', async () => {
  await watch('presence');
  office.network.detach(C);
  ben.register(0);
  await office.pass(45_000);
  expect([office.events?.size, office.subscriptions.kept.size]).toEqual([0, 0]);
});

test('a subscriber who wants to be told more seldom is (RFC 6446)', async () => {
  await watch('dialog;max-rate=0.1');
  anna.call('1002');
  await office.pass(1_500);
  ben.incoming[0]?.respond(180);
  await office.pass(5_000);
  ben.incoming[0]?.respond(486);
  await office.pass(2_000);
  expect(dialogs()).toEqual(['0 full']);
  await office.pass(3_000);
  expect(dialogs()).toEqual(['0 full', '1 partial terminated']);
});

test('who does not want to be disturbed is seen as busy, as soon as he says so at a phone', async () => {
  await watch('presence');
  ben.call('*78');
  await office.pass(3_000);
  ben.call('*79');
  await office.pass(3_000);
  expect(lamps()).toEqual(['open', 'open busy', 'open']);
  office.callHandling.set({ number: '1002', domain: OFFICE }, { ...noHandling, doNotDisturb: true });
  await office.pass(3_000);
  expect(lamps()).toHaveLength(4);
});

test('messages that wait are counted in the mailbox', async () => {
  ben.register(0);
  await office.pass(100);
  const uri = `sip:1002@${OFFICE}`;
  const asked = ben.send('SUBSCRIBE', uri, uri, [
    [H.Event, 'message-summary'],
    [H.Contact, ben.contact],
    [H.Expires, '600'],
  ]);
  anna.write('1002', 'Hello');
  await office.pass(3_000);
  ben.register();
  await office.pass(3_000);
  expect(asked.last.status).toBe(200);
  const summaries = ben.requests.filter(({ method }) => method === 'NOTIFY').map(({ body }) => body);
  expect(summaries.map((body) => /Messages-Waiting: (\w+)/.exec(body)?.[1])).toEqual(['no', 'yes', 'no']);
  expect(summaries[1]).toContain('Text-Message: 1/0');
  expect(ben.texts).toEqual(['Hello']);
});
