/** Messages between phones with whole stacks: to all devices, kept while nobody is there, in order, told of to the sender. */
import { describe, expect, test } from 'vitest';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { FakeOffice } from '../../support/fake-office.ts';
import { roughFate } from '../../support/rough-network.ts';

const A = '192.0.2.11:5060';
const B = '192.0.2.12:5060';
const C = '192.0.2.13:5060';

const cpim = (wants: string, id = 'm1') => ({
  type: 'message/cpim',
  content:
    `From: <sip:1001@office.example>\r\nTo: <sip:1002@office.example>\r\nNS: imdn <urn:ietf:params:imdn>\r\n` +
    `imdn.Message-ID: ${id}\r\nimdn.Disposition-Notification: ${wants}\r\n\r\nContent-type: text/plain\r\n\r\nHello`,
});
const told = (texts: readonly string[]) =>
  texts.map((text) => /<(stored|delivered|failed)\/>/.exec(text)?.[1]).filter((word) => word !== undefined);

describe('to someone who is there', () => {
  test('every device gets it, the sender is answered by the first', async () => {
    const office = new FakeOffice();
    const sender = await office.registered('1001', A);
    const desk = await office.registered('1002', B);
    const mobile = await office.registered('1002', C);
    const sent = sender.write('1002', 'Hello');
    await office.pass(500);
    expect(sent.statuses).toEqual([200]);
    expect([desk.texts, mobile.texts]).toEqual([['Hello'], ['Hello']]);
    expect(office.messages.size).toBe(0);
  });

  test('devices of a lower q get it too', async () => {
    const office = new FakeOffice();
    const sender = await office.registered('1001', A);
    const desk = office.phone('1002', B);
    const mobile = office.phone('1002', C);
    desk.register(600, `${desk.contact};q=0.9`);
    mobile.register(600, `${mobile.contact};q=0.1`);
    await office.pass(100);
    sender.write('1002', 'Hello');
    await office.pass(500);
    expect([desk.texts, mobile.texts]).toEqual([['Hello'], ['Hello']]);
  });

  test('one that takes it is enough', async () => {
    const office = new FakeOffice();
    const sender = await office.registered('1001', A);
    const desk = await office.registered('1002', B);
    desk.answers.set('MESSAGE', 415);
    const mobile = await office.registered('1002', C);
    const sent = sender.write('1002', 'Hello');
    await office.pass(500);
    expect(sent.statuses).toEqual([200]);
    expect(mobile.texts).toEqual(['Hello']);
  });

  test('what all devices refuse for good is refused', async () => {
    const office = new FakeOffice();
    const sender = await office.registered('1001', A);
    (await office.registered('1002', B)).answers.set('MESSAGE', 415);
    const sent = sender.write('1002', 'Hello');
    await office.pass(500);
    expect(sent.statuses).toEqual([415]);
    expect(office.messages.size).toBe(0);
  });
});

describe('to someone who is away', () => {
  test('it is kept, and delivered once and in order on return, to all devices that are there', async () => {
    const office = new FakeOffice();
    const sender = await office.registered('1001', A);
    for (const text of ['one', 'two', 'three']) {
      const sent = sender.write('1002', text);
      await office.pass(100);
      expect(sent.statuses).toEqual([202]);
    }
    const desk = await office.registered('1002', B);
    await office.pass(10_000);
    const mobile = await office.registered('1002', C);
    desk.register();
    await office.pass(60_000);
    expect(desk.texts).toEqual(['one', 'two', 'three']);
    // They were delivered to the user before this phone came.
    expect(mobile.texts).toEqual([]);
    expect(office.messages.size).toBe(0);
    const [first] = desk.requests.filter(({ method }) => method === 'MESSAGE');
    expect(first?.from.uriText).toBe('sip:1001@office.example');
    expect(first?.header(H.Date)).toBe(new Date(1_700_000_000_000).toUTCString());
    expect(first?.header(H.ProxyAuthorization)).toBeUndefined();
    expect(office.faults).toEqual([]);
  });

  test('what comes while others wait is delivered behind them', async () => {
    const office = new FakeOffice();
    const sender = await office.registered('1001', A);
    sender.write('1002', 'one');
    sender.write('1002', 'two');
    await office.pass(100);
    const desk = office.phone('1002', B);
    desk.register();
    const sent = sender.write('1002', 'three');
    await office.pass(10_000);
    expect(sent.statuses.at(-1)).toBe(202);
    expect(desk.texts).toEqual(['one', 'two', 'three']);
    const live = sender.write('1002', 'four');
    await office.pass(500);
    expect(live.statuses).toEqual([200]);
  });

  test('the exchange may be cut off in between', async () => {
    const office = new FakeOffice();
    const sender = await office.registered('1001', A);
    sender.write('1002', 'Hello');
    await office.pass(100);
    office.cut();
    office.open();
    const desk = await office.registered('1002', B);
    await office.pass(3_000);
    expect(desk.texts).toEqual(['Hello']);
  });

  test('whose phone came back while the exchange was down is tried soon after its start', async () => {
    const office = new FakeOffice();
    const sender = await office.registered('1001', A);
    const desk = await office.registered('1002', B);
    desk.answers.set('MESSAGE', 480);
    const sent = sender.write('1002', 'Hello');
    await office.pass(500);
    expect(sent.statuses).toEqual([202]);
    desk.answers.clear();
    office.cut();
    office.open();
    await office.pass(3_000);
    expect(desk.texts).toEqual(['Hello', 'Hello']);
    expect(office.messages.size).toBe(0);
  });

  test.each([1, 2, 3, 4])('on a bad network nothing is lost and nothing comes out of order (seed %i)', async (seed) => {
    const office = new FakeOffice();
    const sender = await office.registered('1001', A);
    for (const text of ['one', 'two', 'three', 'four']) {
      sender.write('1002', text);
      await office.pass(200);
    }
    office.network.fate = roughFate(seed, 0.3, 0.2, 40);
    const desk = office.phone('1002', B);
    desk.register();
    await office.pass(120_000);
    expect(desk.texts).toEqual(['one', 'two', 'three', 'four']);
    expect(office.messages.size).toBe(0);
  });
});

describe('to a phone that is registered but cannot be reached', () => {
  test('the sender is told after some seconds that it is kept, and the phone gets it once when it is back', async () => {
    const office = new FakeOffice();
    const sender = await office.registered('1001', A);
    const desk = await office.registered('1002', B);
    office.network.detach(B);
    const sent = sender.write('1002', 'Hello');
    await office.pass(3_900);
    expect(sent.statuses).toEqual([]);
    await office.pass(200);
    expect(sent.statuses).toEqual([202]);
    await office.pass(60_000);
    const again = office.phone('1002', B);
    again.register();
    await office.pass(1_000);
    expect(desk.texts).toEqual([]);
    expect(again.texts).toEqual(['Hello']);
    await office.pass(100_000);
    expect(again.texts).toEqual(['Hello']);
  });

  test('it is tried again after pauses that grow', async () => {
    const office = new FakeOffice();
    const sender = await office.registered('1001', A);
    const desk = await office.registered('1002', B);
    desk.register(7200);
    desk.answers.set('MESSAGE', 480);
    await office.pass(100);
    sender.write('1002', 'Hello');
    const times: number[] = [];
    for (let second = 0; second < 1_800; second++) {
      await office.pass(1_000);
      if (desk.texts.length > times.length) times.push(second);
    }
    const pauses = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(pauses.length).toBeGreaterThan(3);
    expect(pauses[0]).toBeGreaterThanOrEqual(24);
    expect(pauses[0]).toBeLessThanOrEqual(37);
    expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
    desk.answers.clear();
    await office.pass(1_000_000);
    expect(office.messages.size).toBe(0);
  });
});

describe('the sender who asks is told (RFC 5438)', () => {
  test('that it is stored, and when it is delivered', async () => {
    const office = new FakeOffice();
    const sender = await office.registered('1001', A);
    sender.write('1002', cpim('positive-delivery, negative-delivery, processing'));
    await office.pass(500);
    expect(told(sender.texts)).toEqual(['stored']);
    expect(sender.texts[0]).toContain('<message-id>m1</message-id>');
    expect(sender.requests.at(-1)?.from.uriText).toBe('sip:1002@office.example');
    await office.registered('1002', B);
    await office.pass(5_000);
    expect(told(sender.texts)).toEqual(['stored', 'delivered']);
  });

  test('that it was never delivered, also when the sender is away at that time', async () => {
    const office = new FakeOffice();
    const sender = await office.registered('1001', A);
    const sent = sender.write('1002', cpim('negative-delivery'), [[H.Expires, '120']]);
    await office.pass(500);
    expect(sent.statuses).toEqual([202]);
    sender.register(0);
    await office.pass(200_000);
    expect(office.messages.kept.map(({ recipient }) => recipient)).toEqual(['1001@office.example']);
    const back = await office.registered('1001', A);
    await office.pass(5_000);
    expect(told(back.texts)).toEqual(['failed']);
    expect(office.messages.size).toBe(0);
  });

  test('and nothing where he did not ask, or the message was taken at once', async () => {
    const office = new FakeOffice();
    const sender = await office.registered('1001', A);
    sender.write('1002', cpim('display'));
    await office.pass(500);
    const desk = await office.registered('1002', B);
    await office.pass(5_000);
    sender.write('1002', cpim('positive-delivery', 'm2'));
    await office.pass(5_000);
    expect(desk.texts).toHaveLength(2);
    expect(sender.texts).toEqual([]);
  });
});

test('what has expired is not delivered any more', async () => {
  const office = new FakeOffice();
  const sender = await office.registered('1001', A);
  sender.write('1002', 'soon', [[H.Expires, '60']]);
  sender.write('1002', 'later');
  await office.pass(90_000);
  const desk = await office.registered('1002', B);
  await office.pass(5_000);
  expect(desk.texts).toEqual(['later']);
});
