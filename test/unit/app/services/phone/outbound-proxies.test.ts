/** One outbound proxy or several, for all requests or for registration alone, on real sockets (RFC 3261 §8.1.2). */
import { afterEach, expect, it } from 'vitest';
import type { Account } from '../../../../../app/shared/bridge.ts';
import { TestOffice } from '../../../../support/exchange.ts';
import { NodePhone } from '../../../../support/node-phone.ts';
import { TcpRelay } from '../../../../support/tcp-relay.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A proxy that takes itself off the Route and passes all on; tells which requests came. */
async function openProxy(
  office: TestOffice,
): Promise<{ readonly port: number; readonly relay: TcpRelay; readonly asked: string[] }> {
  const asked: string[] = [];
  const relay = await TcpRelay.open(office.port, (text) => {
    for (const [, method = ''] of text.matchAll(/^([A-Z]+) sip:/gm)) asked.push(method);
    return text.replace(new RegExp(`^Route: <sip:127\\.0\\.0\\.1:${relay.port}[^>]*>\\r\\n`, 'gm'), '');
  });
  closers.push(() => relay.close());
  return { port: relay.port, relay, asked };
}

it.each([
  ['one', 'all'],
  ['one', 'registration'],
  ['several', 'all'],
  ['several', 'registration'],
] as const)('%s, for %s', async (number, proxyUse) => {
  const office = await TestOffice.open({ users: { 1001: 'pass', 1002: 'pass' } });
  closers.push(() => office.close());
  const [gone, proxy] = [await openProxy(office), await openProxy(office)];
  gone.relay.cut();
  const uris = (number === 'one' ? [proxy] : [gone, proxy]).map(({ port }) => `sip:127.0.0.1:${port};transport=tcp;lr`);
  const account: Account = {
    ...{ id: 'anna', number: '1001', displayName: '', server: `127.0.0.1:${office.port}` },
    ...{ outboundProxy: uris.join(', '), settings: { proxyUse } },
  };
  const anna = new NodePhone([account], { anna: 'pass' });
  closers.push(() => anna.close());
  await anna.registered('anna');
  expect(anna.accounts[0]?.connectedBy.map(({ port }) => port)).toEqual([proxy.port]);
  expect(proxy.asked).toContain('REGISTER');
  const ben = await NodePhone.register({ number: '1002', password: 'pass', server: `127.0.0.1:${office.port}` });
  closers.push(() => ben.close());
  const made = anna.softphone.call('1002');
  const { id } = await ben.answer();
  await anna.call('the answer', ({ state }) => state === 'active');
  expect(proxy.asked.includes('INVITE')).toBe(proxyUse === 'all');
  expect(gone.asked).toEqual([]);
  ben.softphone.hangUp(id);
  await anna.ended(made.ok ? made.callId : '');
});
