/** The port that the program was started to listen on: the first account has it, or says that it cannot. */
import { createSocket } from 'node:dgram';
import { afterEach, expect, it } from 'vitest';
import { createPhoneService, type PhoneService } from '../../../../../app/services/phone/phone-service.ts';
import { freePort } from '../../../../support/ports.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function serviceOn(sipPort: number): PhoneService {
  const service = createPhoneService({
    loopback: true,
    sipPort,
    emit: { sip: { received() {}, closed() {} }, media: { silence() {}, candidates() {}, trouble() {} } },
  });
  closers.push(() => service.close());
  const account = { number: '1001', displayName: '', server: '127.0.0.1:9', outboundProxy: '' };
  service.configure([
    { ...account, id: 'first' },
    { ...account, id: 'second' },
  ]);
  return service;
}

it('is the port of the first account, and of no other', async () => {
  const port = await freePort();
  const { sip } = serviceOn(port).handlers;
  const second = await sip.open({ accountId: 'second', regId: 1 });
  const first = await sip.open({ accountId: 'first', regId: 1 });
  expect(first).toMatchObject({ ok: true, flow: { localPort: port } });
  expect(second).toMatchObject({ ok: true });
  expect(second).not.toMatchObject({ flow: { localPort: port } });
});

it('taken by another program, gives a sentence', async () => {
  const port = await freePort();
  const other = createSocket('udp4');
  await new Promise<void>((resolve) => other.bind(port, '127.0.0.1', resolve));
  closers.push(() => new Promise<void>((resolve) => other.close(() => resolve())));
  expect(await serviceOn(port).handlers.sip.open({ accountId: 'first', regId: 1 })).toEqual({
    ok: false,
    reason: `The network cannot be used: port ${port} is taken by another program or not allowed.`,
  });
});
