import { describe, expect, test } from 'vitest';
import { addSummaries, readSummary, summaryText } from '../../../../../../proxy-core/sip/bodies/message-summary.ts';
import type { HeaderLine } from '../../../../../../proxy-core/sip/message/build.ts';
import { DOMAIN, type Incoming, source, TestExchange } from '../../../../../support/exchange-parts.ts';
import { Watcher } from '../../../../../support/watching.ts';

const MWI: HeaderLine = ['Event', 'message-summary'];
const NEW = 'Messages-Waiting: yes\r\nMessage-Account: sip:vm@h\r\nVoice-Message: 2/8 (1/0)\r\n';

describe('a message summary', () => {
  test('is read with its counts, unknown lines and single messages left out', () => {
    const text =
      'messages-waiting:YES\nVoice-Message: 2 / 8 ( 1 / 0 )\nFax-Message: 1/0\nX-Message: 9\n\nTo: <sip:a@h>\n';
    const voice = { fresh: 2, old: 8, urgentFresh: 1, urgentOld: 0 };
    const fax = { fresh: 1, old: 0, urgentFresh: 0, urgentOld: 0 };
    expect(readSummary(text)).toEqual({ ok: true, value: { isWaiting: true, counts: { voice, fax } } });
  });

  test.each(['', 'Voice-Message: 1/0', 'Messages-Waiting: perhaps', 'Messages-Waiting: no\r\nVoice-Message: many'])(
    'is refused: %j',
    (text) => expect(readSummary(text).ok).toBe(false),
  );

  test('of several places is added up', () => {
    const one = readSummary(NEW);
    const two = readSummary('Messages-Waiting: no\r\nVoice-Message: 0/1\r\nText-Message: 3/0');
    if (!one.ok || !two.ok) throw new Error('not read');
    expect(summaryText('sip:1001@h', addSummaries([one.value, two.value]))).toBe(
      'Messages-Waiting: yes\r\nMessage-Account: sip:1001@h\r\nVoice-Message: 2/9 (1/0)\r\nText-Message: 3/0 (0/0)\r\n',
    );
  });
});

describe('a mailbox', () => {
  const publish = (exchange: TestExchange, from: string, password: string, body = NEW): Incoming =>
    exchange.receiveFrom(
      ...([from, password, 'PUBLISH', `sip:1001@${DOMAIN}`] as const),
      [MWI, ['Content-Type', 'application/simple-message-summary'], ['To', `<sip:1001@${DOMAIN}>`]],
      source,
      body,
    );

  test('is watched by its owner, and told of by a voicemail that may', () => {
    const exchange = new TestExchange();
    exchange.users.add('vm', 'mail').setAdmin('vm');
    const watcher = new Watcher(exchange, '1001', 'one', [MWI]);
    watcher.answer();
    exchange.clock.advance(2_000);
    expect(publish(exchange, 'vm', 'mail').statuses).toEqual([200]);
    watcher.answer();
    expect(publish(exchange, '1002', 'two').statuses).toEqual([403]);
    const account = `Message-Account: sip:1001@${DOMAIN}\r\n`;
    expect(watcher.bodies).toEqual([
      `Messages-Waiting: no\r\n${account}Voice-Message: 0/0 (0/0)\r\n`,
      `Messages-Waiting: yes\r\n${account}Voice-Message: 2/8 (1/0)\r\n`,
    ]);
    // The same again is no news.
    exchange.clock.advance(2_000);
    expect(publish(exchange, '1001', 'one', 'Messages-Waiting: no').statuses).toEqual([200]);
    expect(watcher.notifies).toHaveLength(2);
  });

  test('is nobody else’s to watch', () => {
    const to: HeaderLine = ['To', `<sip:1002@${DOMAIN}>`];
    expect(new Watcher(new TestExchange(), '1001', 'one', [MWI, to]).first.statuses).toEqual([403]);
  });

  test('is one’s own where no number is given', () => {
    const watcher = new Watcher(new TestExchange(), '1001', 'one', [MWI, ['To', `<sip:${DOMAIN}>`]]);
    expect(watcher.bodies[0]).toContain(`sip:1001@${DOMAIN}`);
  });
});
