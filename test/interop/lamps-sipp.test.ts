/** What the exchange tells of a call, of presence and of waiting messages, as sipp and baresip read it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { freePort } from '../support/ports.ts';
import {
  answer,
  answerInside,
  CALLEE,
  CALLER,
  CREDENTIALS,
  expectBody,
  expectRequest,
  maybe,
  receive,
  scenario,
  send,
} from '../support/sipp-scenario.ts';
import { until } from '../support/until.ts';
import { SippOffice } from './sipp-office.ts';

let office: SippOffice;
beforeEach(async () => {
  office = await SippOffice.open();
});
afterEach(() => office.close());

const OK = answerInside(200);

const subscribed = (count: number): Promise<unknown> =>
  until(`${count} subscriptions`, async () => {
    const { items } = await office.office.handle.admin.call('subscriptions.list', {});
    return items.length === count;
  });

/** Subscribes to another user, and expects what the steps say. */
const subscriber = (event: string, ...steps: readonly string[]): string => {
  const once = (cseq: number, more: readonly string[] = []): string =>
    send({ method: 'SUBSCRIBE', cseq, lines: [`Event: ${event}`, 'Expires: 300', ...more] });
  return scenario(once(1), receive(401), once(2, [CREDENTIALS]), receive(200), ...steps);
};

test('a lamp follows a call in steps of one version each', async () => {
  const watcher = office.start(
    subscriber(
      'dialog',
      ...[expectBody('NOTIFY', 1, 'version="0" state="full" entity="sip:1002@127.0.0.1"'), OK],
      ...[expectBody('NOTIFY', 2, 'version="1" state="partial"', 'direction="recipient"><state>early</state>'), OK],
      ...[expectBody('NOTIFY', 4, 'version="2" state="partial"', '<state>confirmed</state>'), OK],
      ...[expectBody('NOTIFY', 6, 'version="3" state="partial"', '<state event="remote-bye">terminated</state>'), OK],
    ),
    ...([await freePort(), 'u1', '1003'] as const),
  );
  await subscribed(1);
  const pause = '<pause milliseconds="1500"/>';
  const callee = await office.callee(
    scenario(
      expectRequest('INVITE'),
      answer(180),
      pause,
      answer(200),
      expectRequest('ACK'),
      expectRequest('BYE'),
      answerInside(200),
    ),
  );
  const invite = (cseq: number, more: readonly string[] = []): string => send({ method: 'INVITE', cseq, lines: more });
  const inside = { to: '[last_To:]', uri: '[next_url]', lines: ['[routes]'] };
  const caller = scenario(
    ...[invite(1), maybe(100), receive(407), send({ method: 'ACK', to: '[last_To:]', branchOf: 3 })],
    ...[invite(2, [CREDENTIALS]), maybe(100), receive(180), receive(200, ' rrs="true"')],
    ...[send({ method: 'ACK', cseq: 2, ...inside }), pause, send({ method: 'BYE', cseq: 3, ...inside }), receive(200)],
  );
  await office.run(caller, 'u1');
  expect(await callee.ended(), callee.output).toBe(0);
  expect(await watcher.ended(), watcher.output).toBe(0);
});

test('presence follows registration, over TCP too', async () => {
  const watch = async (transport: 'u1' | 't1') =>
    office.start(
      subscriber(
        'presence',
        ...[expectBody('NOTIFY', 1, 'entity="sip:1002@127.0.0.1"', '<basic>closed</basic>'), OK],
        ...[expectBody('NOTIFY', 3, '<basic>open</basic>'), OK],
      ),
      ...([await freePort(), transport, '1003'] as const),
    );
  const watchers = [await watch('u1'), await watch('t1')];
  await subscribed(2);
  await office.register('1002', 'sip:1002@127.0.0.1:9');
  for (const watcher of watchers) expect(await watcher.ended(), watcher.output).toBe(0);
});

test('a voicemail elsewhere tells a phone of messages', async () => {
  await office.office.handle.admin.call('users.setAdmin', { number: '1003', isAdmin: true });
  const own = { uri: CALLER, to: `<${CALLER}>` };
  const once = (cseq: number, more: readonly string[] = []): string =>
    send({ method: 'SUBSCRIBE', ...own, cseq, lines: ['Event: message-summary', 'Expires: 300', ...more] });
  const told = (...parts: string[]): string[] => [expectBody('NOTIFY', 1, ...parts), OK];
  const phone = office.start(
    scenario(
      ...[once(1), receive(401), once(2, [CREDENTIALS]), receive(200)],
      ...told('Messages-Waiting: no'),
      ...[expectBody('NOTIFY', 2, 'Messages-Waiting: yes', 'Voice-Message: 2/1 .1/0.'), OK],
    ),
    ...([await freePort(), 'u1', '1002'] as const),
  );
  const aor = `sip:1002@127.0.0.1:${office.office.port}`;
  const baresip = await Baresip.start({ aor, password: 'pass', modules: ['mwi'] });
  await until('baresip to hear of no messages', () => baresip.output.includes('Messages-Waiting: no'));
  await subscribed(2);
  const body = ['Messages-Waiting: yes', 'Voice-Message: 2/1 (1/0)'];
  const lines = ['Event: message-summary', 'Content-Type: application/simple-message-summary'];
  const publish = (cseq: number, more: readonly string[] = []): string =>
    send({ method: 'PUBLISH', uri: CALLEE, cseq, lines: [...lines, ...more], body });
  await office.run(scenario(publish(1), receive(401), publish(2, [CREDENTIALS]), receive(200)), 'u1', '1003', '1002');
  expect(await phone.ended(), phone.output).toBe(0);
  await until('baresip to hear of messages', () =>
    /Messages-Waiting: yes\s[\s\S]+Voice-Message: 2\/1/.test(baresip.output),
  );
  await baresip.close();
});

test('a phone that wants a lamp of every number is refused when it has enough', async () => {
  await office.close();
  office = await SippOffice.open({ settings: { subscriptionsPerUser: 1 } });
  const first = office.start(subscriber('presence', expectRequest('NOTIFY'), OK), await freePort(), 'u1');
  expect(await first.ended(), first.output).toBe(0);
  const once = (cseq: number, more: readonly string[] = []): string =>
    send({ method: 'SUBSCRIBE', cseq, lines: ['Event: presence', ...more] });
  await office.run(scenario(once(1), receive(401), once(2, [CREDENTIALS]), receive(403)), 'u1', '1001', '1003');
});
