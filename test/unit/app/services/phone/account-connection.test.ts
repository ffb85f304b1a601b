/** Which of a server's addresses an account uses, as DNS SRV or several address records give them (RFC 3263 §4.3). */
import { afterEach, expect, it } from 'vitest';
import { AccountConnection } from '../../../../../app/services/phone/account-connection.ts';
import { TimerWheel } from '../../../../../proxy-core/node/clock.ts';
import { randomHex } from '../../../../../proxy-core/node/random.ts';
import { FailedHops } from '../../../../../proxy-core/server/failed-hops.ts';
import { buildResponse } from '../../../../../proxy-core/sip/message/build.ts';
import type { Hop, TransportName } from '../../../../../proxy-core/sip/transport/port.ts';
import { freePort } from '../../../../support/ports.ts';
import { until } from '../../../../support/until.ts';
import { FarEnd, request } from './service-world.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** An account whose server has these ports of 127.0.0.1, best first. */
function connectionTo(transport: TransportName, ports: readonly number[]) {
  const asked: string[] = [];
  let heard = 0;
  const clock = new TimerWheel();
  const hops = ports.map((port): Hop => ({ transport, host: '127.0.0.1', port }));
  const connection = new AccountConnection({
    account: { id: 'acc', number: '1001', displayName: '', server: 'office.example', outboundProxy: '' },
    loopback: true,
    resolve: (uri) => {
      asked.push(uri.toString());
      return hops;
    },
    random: randomHex,
    failedHops: new FailedHops(clock, 60_000),
    clock,
    log: { info() {}, warn() {} },
    received: () => {
      heard++;
    },
    closed: () => {},
  });
  closers.push(() => connection.close());
  const tries = async (): Promise<void> => {
    const opened = await connection.open(1);
    if (!opened.ok) throw new Error(opened.reason);
    await connection.send(opened.flow.flowId, request(opened.flow, { method: 'REGISTER' }).wire);
  };
  return { asked, tries, heard: () => heard };
}

it('asks for the name as it was typed, and tries the next address when the last gave no sign of life', async () => {
  const server = await FarEnd.open();
  closers.push(() => server.close());
  const { asked, tries, heard } = connectionTo('UDP', [await freePort(), server.port]);
  await tries();
  await tries();
  const arrived = await server.next('the second REGISTER');
  expect(asked).toEqual(['sip:office.example', 'sip:office.example']);
  if (arrived.message.kind === 'request') arrived.reply(buildResponse(arrived.message, 200, { toTag: 'x' }).wire);
  await until('the answer', () => heard() > 0);
  // It stays with the one that answered.
  await tries();
  await server.next('the third REGISTER');
});

it('tries the next address also where the first refuses connections', async () => {
  const server = await FarEnd.open({ tcp: true });
  closers.push(() => server.close());
  const { tries } = connectionTo('TCP', [await freePort(), server.port]);
  await tries();
  expect((await server.next('the REGISTER')).via).toBe('TCP');
});
