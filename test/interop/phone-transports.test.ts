/** The phone at a real Kamailio: calls over TCP, TLS and WebSocket, and whom it believes there. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Account } from '../../app/shared/bridge.ts';
import { makeCertificate } from '../support/certificates.ts';
import { Kamailio } from '../support/kamailio.ts';
import type { KamailioDoors } from '../support/kamailio-doors.ts';
import { NodePhone } from '../support/node-phone.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

const password = 'one-for-all';
let dir: string;
let doors: KamailioDoors;
let kamailio: Kamailio;
const phones: NodePhone[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-transports-'));
  const made = await makeCertificate({ names: ['127.0.0.1'] });
  doors = {
    ...{ tlsPort: await freePort(), wsPort: await freePort() },
    ...{ cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') },
  };
  writeFileSync(doors.cert, made.cert);
  writeFileSync(doors.key, made.key);
  kamailio = await Kamailio.start({ password, doors });
});
afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.close();
  await kamailio.close();
  rmSync(dir, { recursive: true, force: true });
});

const accountOf = (number: string, outboundProxy = ''): Account => ({
  ...{ id: number, number, displayName: '', server: `127.0.0.1:${kamailio.port}`, outboundProxy },
});

function open(account: Account): NodePhone {
  const phone = new NodePhone([account], { [account.id]: password });
  phones.push(phone);
  return phone;
}

const ways = (phone: NodePhone): string =>
  (phone.accounts[0]?.connectedBy ?? []).map(({ transport, port }) => `${transport} ${port}`).join();

/** One calls the other, who hangs up. */
async function callEachOther(caller: NodePhone, callee: NodePhone, number: string): Promise<void> {
  const made = caller.softphone.call(number);
  if (!made.ok) throw new Error(made.reason);
  const theirs = await callee.answer();
  await caller.call('the answer', ({ id, state }) => id === made.callId && state === 'active');
  callee.softphone.hangUp(theirs.id);
  await Promise.all([caller.ended(made.callId), callee.ended(theirs.id)]);
}

it('calls over TCP and over a WebSocket, both ways', async () => {
  const tcp = open(accountOf('1001', `sip:127.0.0.1:${kamailio.port};transport=tcp;lr`));
  const ws = open(accountOf('1002', `ws://127.0.0.1:${doors.wsPort}`));
  await Promise.all([tcp.registered('1001'), ws.registered('1002')]);
  expect([ways(tcp), ways(ws)]).toEqual([`TCP ${kamailio.port}`, `WS ${doors.wsPort}`]);
  await callEachOther(tcp, ws, '1002');
  await callEachOther(ws, tcp, '1001');
});

it('calls over TLS once the person trusts its certificate, and not with another one', async () => {
  const account = accountOf('1001', `sip:127.0.0.1:${doors.tlsPort};transport=tls;lr`);
  const tls = open(account);
  const udp = open(accountOf('1002'));
  const problem = await until('the question', () => tls.accounts[0]?.certificate);
  expect(problem.why).toBe('unknown');
  tls.setAccounts([{ ...account, trusted: [problem.offered] }]);
  await Promise.all([tls.registered('1001'), udp.registered('1002')]);
  expect(ways(tls)).toBe(`TLS ${doors.tlsPort}`);
  await callEachOther(tls, udp, '1002');
  await callEachOther(udp, tls, '1001');

  const other = await makeCertificate({ names: ['127.0.0.1'] });
  writeFileSync(doors.cert, other.cert);
  writeFileSync(doors.key, other.key);
  await kamailio.restart();
  const changed = await until('the warning', () => tls.accounts[0]?.certificate);
  expect([changed.why, ways(tls)]).toEqual(['changed', '']);
});
