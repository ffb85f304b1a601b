/** Kamailio's presence server, read by our phone's subscriber and told by our publisher, over a restart that forgets all. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Kamailio } from '../support/kamailio.ts';
import { NodePhone, type NodePhoneOptions } from '../support/node-phone.ts';
import { freePort } from '../support/ports.ts';
import { Sipp } from '../support/sipp.ts';
import { CALLER, CREDENTIALS, receive, scenario, send } from '../support/sipp-scenario.ts';
import { until } from '../support/until.ts';

let kamailio: Kamailio;
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  kamailio = await Kamailio.start({ password: 'secret', presence: { longest: 8 } });
});

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  await kamailio.close();
});

async function phone(number: string, more: Partial<NodePhoneOptions>, transport = 'udp'): Promise<NodePhone> {
  const server = `sip:127.0.0.1:${kamailio.port};transport=${transport}`;
  const made = await NodePhone.register({ number, password: 'secret', server, ...more });
  open.push(made);
  return made;
}

const shows = (watcher: NodePhone, state: string): Promise<unknown> =>
  until(`1002 to be ${state}`, () => watcher.news.people[0]?.state === state, 20_000).catch((error) => {
    throw new Error(`${error.message}; ${JSON.stringify(watcher.news)}\n${watcher.heard.slice(-4).join('\n')}`);
  });

const people = [{ target: '1002', name: 'Ben' }];

test.each(['tcp', 'udp'])('is read as the right state, over a restart of Kamailio (%s)', async (transport) => {
  const anna = await phone('1001', { people }, transport);
  const ben = await phone('1002', { calls: { publish: 'always' } }, transport);
  await shows(anna, 'available');
  ben.reconfigure({ calls: { publish: 'always', doNotDisturb: true } });
  await shows(anna, 'do-not-disturb');
  expect(anna.news.people[0]).toMatchObject({ name: 'Ben', number: '1002', note: 'Do not disturb' });
  const heard = anna.heard.length;
  await kamailio.restart();
  await until(
    'to be told by the new one',
    () => anna.heard.slice(heard).some((line) => line.startsWith('NOTIFY')),
    20_000,
  );
  await shows(anna, 'do-not-disturb');
  ben.reconfigure({ calls: { publish: 'always' } });
  await shows(anna, 'available');
  await phone('1003', { calls: { autoAnswer: 'always' } }, transport);
  const { id } = await ben.talkTo('1003');
  await shows(anna, 'in-call');
  ben.softphone.hangUp(id);
  await shows(anna, 'available');
  await ben.close();
  await shows(anna, 'offline');
});

/** sipp publishes for `number`, with its password. */
async function publish(number: string, event: string, type: string, body: readonly string[]): Promise<void> {
  const lines = [`Event: ${event}`, 'Expires: 8', `Content-Type: ${type}`];
  const once = (cseq: number, more: readonly string[]): string =>
    send({ method: 'PUBLISH', uri: CALLER, to: `<${CALLER}>`, cseq, lines: [...lines, ...more], body });
  const dir = mkdtempSync(join(tmpdir(), 'sipp-publish-'));
  writeFileSync(join(dir, 'publish.xml'), scenario(once(1, []), receive(407), once(2, [CREDENTIALS]), receive(200)));
  writeFileSync(join(dir, 'users.csv'), `SEQUENTIAL\n${number};;[authentication username=${number} password=secret]\n`);
  const files = ['-sf', join(dir, 'publish.xml'), '-inf', join(dir, 'users.csv')];
  const at = ['-i', '127.0.0.1', '-p', String(await freePort()), '-m', '1', '-timeout', '10s'];
  const sipp = Sipp.start([...files, ...at, `127.0.0.1:${kamailio.port}`]);
  expect(await sipp.ended(), sipp.output).toBe(0);
  await sipp.close();
  rmSync(dir, { recursive: true });
}

const dialogInfo = (state: string): string[] => [
  '<?xml version="1.0"?>',
  '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full" entity="sip:1002@127.0.0.1">',
  '<dialog id="d1" call-id="c1" local-tag="bens" remote-tag="carls" direction="recipient">',
  `<state>${state}</state>`,
  '<remote><identity display="Carl">sip:1003@127.0.0.1</identity><target uri="sip:1003@127.0.0.1:5099"/></remote>',
  '</dialog></dialog-info>',
];

test('tells of calls that ring, with what a pickup needs, and of waiting messages', async () => {
  const anna = await phone('1001', { people, calls: { voicemail: '*97' } });
  await publish('1002', 'dialog', 'application/dialog-info+xml', dialogInfo('early'));
  await shows(anna, 'ringing');
  expect(anna.news.people[0]?.ringing).toEqual({
    caller: 'Carl',
    target: 'sip:1003@127.0.0.1:5099',
    replaces: { callId: 'c1', toTag: 'carls', fromTag: 'bens', earlyOnly: true },
  });
  await publish('1001', 'message-summary', 'application/simple-message-summary', [
    'Messages-Waiting: yes',
    'Voice-Message: 2/1',
  ]);
  await until('messages to wait', () => anna.news.mailboxes[0]?.fresh === 2);
  expect(anna.news.mailboxes).toEqual([{ accountId: 'phone-1001', isWaiting: true, fresh: 2, old: 1 }]);
  // What was published is over after its eight seconds.
  await until('the call to be over', () => anna.news.people[0]?.state !== 'ringing', 15_000);
});
