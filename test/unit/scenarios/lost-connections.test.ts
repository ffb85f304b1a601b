/**
 * Connections that end: while their phone rings, while it is registered by them, while an answer waits to go back
 * (RFC 5626 §5.3, §6; RFC 7118 §5; RFC 3261 §18.2.2; RFC 3263 §5). Real sockets, for how they really end.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestOffice } from '../../support/exchange.ts';
import { freePort } from '../../support/ports.ts';
import { openSocketPhone, type SocketPhone } from '../../support/socket-phone.ts';
import { until } from '../../support/until.ts';

let office: TestOffice;
const closing: (() => unknown)[] = [];

beforeEach(async () => {
  const listen = ['udp', 'tcp', 'ws'].map((scheme) => `${scheme}://127.0.0.1:0`);
  office = await TestOffice.open({ listen, users: { 1001: 'one', 1002: 'two' }, settings: { phoneReturn: 400 } });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await office.close();
});

const listenerOf = (transport: string): string =>
  office.handle.listeners.find((one) => one.startsWith(`${transport.toLowerCase()}:`)) ?? '';

async function open(number: string, transport: 'UDP' | 'TCP' | 'WS'): Promise<SocketPhone> {
  const password = number === '1001' ? 'one' : 'two';
  const one = await openSocketPhone({ listener: listenerOf(transport), number, password });
  closing.push(one.close);
  return one;
}

/** @param flow device and number of the flow, such as `desk 1`; none without. */
async function registered(number: string, transport: 'UDP' | 'TCP' | 'WS', flow = ''): Promise<SocketPhone> {
  const one = await open(number, transport);
  const [device, regId] = flow.split(' ');
  const register = one.phone.register(
    600,
    one.phone.contact + (flow === '' ? '' : `;+sip.instance="<urn:uuid:${device}>";reg-id=${regId}`),
  );
  await until('the registration', () => register.responses.length > 0);
  expect(register.statuses).toEqual([200]);
  return one;
}

const ringing = ({ phone }: SocketPhone) =>
  until('the phone to ring', () => {
    const [call] = phone.incoming;
    call?.respond(180);
    return call;
  });

const answerTo = (call: { readonly statuses: number[] }, ms?: number) =>
  until('the answer', () => call.statuses.find((status) => status >= 200), ms);

const bindings = async (): Promise<string[]> =>
  (await office.handle.admin.call('location.show', { number: '1002' })).map(
    ({ received }) => received.split(':')[0] ?? '',
  );

describe('a phone whose connection ends while it rings', () => {
  test.each([
    ['WS', ''],
    ['WS', 'desk 1'],
    ['TCP', 'desk 1'],
  ] as const)('over %s (%s) rings no more: nobody waits for Timer C', async (transport, flow) => {
    const anna = await open('1001', 'UDP');
    const ben = await registered('1002', transport, flow);
    const call = anna.phone.call('1002');
    await ringing(ben);
    await until('the ringing', () => call.statuses.includes(180));
    await ben.close();
    expect(await answerTo(call, 3_000)).toBe(480);
  });

  test('is called by its next flow', async () => {
    const anna = await open('1001', 'UDP');
    const second = await registered('1002', 'TCP', 'desk 2');
    const first = await registered('1002', 'TCP', 'desk 1');
    const call = anna.phone.call('1002');
    await ringing(first);
    expect(second.phone.incoming).toEqual([]);
    await first.close();
    (await ringing(second)).respond(200);
    expect(await answerTo(call)).toBe(200);
  });

  test('is called again when it comes back at once', async () => {
    const anna = await open('1001', 'UDP');
    const before = await registered('1002', 'TCP', 'desk 1');
    const call = anna.phone.call('1002');
    await ringing(before);
    await before.close();
    const after = await registered('1002', 'TCP', 'desk 1');
    (await ringing(after)).respond(200);
    expect(await answerTo(call)).toBe(200);
    expect(call.statuses).not.toContain(480);
  });

  test('leaves the others ringing', async () => {
    const anna = await open('1001', 'UDP');
    const page = await registered('1002', 'WS');
    const desk = await registered('1002', 'UDP');
    const call = anna.phone.call('1002');
    await ringing(page);
    const other = await ringing(desk);
    await page.close();
    await until('the end of its registration', async () => (await bindings()).length === 1);
    expect(call.statuses.filter((status) => status > 180)).toEqual([]);
    other.respond(200);
    expect(await answerTo(call)).toBe(200);
  });
});

describe('a registration by a connection', () => {
  test.each([
    ['WS', ''],
    ['TCP', 'desk 1'],
  ] as const)('over %s (%s) ends with it, also for a start later', async (transport, flow) => {
    const ben = await registered('1002', transport, flow);
    await registered('1002', 'UDP');
    expect((await bindings()).sort()).toEqual([transport.toLowerCase(), 'udp'].sort());
    await ben.close();
    await until('the end of the registration', async () => (await bindings()).join() === 'udp');
    await office.stop();
    await office.start();
    expect(await bindings()).toEqual(['udp']);
  });

  test('stays without Outbound over TCP: such a phone may take connections', async () => {
    const ben = await registered('1002', 'TCP');
    const gone = await registered('1002', 'WS');
    await ben.close();
    await gone.close();
    await until('the end of the other', async () => (await bindings()).length === 1);
    expect(await bindings()).toEqual(['tcp']);
  });

  test('is kept over a restart, but not called; another flow of the same device is', async () => {
    const ben = await registered('1002', 'TCP', 'desk 1');
    await registered('1002', 'WS', 'page 1');
    await office.stop();
    await office.start();
    expect((await bindings()).sort()).toEqual(['tcp', 'ws']);
    const anna = await open('1001', 'UDP');
    expect(await answerTo(anna.phone.call('1002'), 3_000)).toBe(480);
    const desk = await registered('1002', 'UDP', 'desk 2');
    const call = anna.phone.call('1002');
    (await ringing(desk)).respond(200);
    expect(await answerTo(call, 3_000)).toBe(200);
    expect(ben.phone.incoming).toEqual([]);
  });
});

describe('an answer whose connection is gone', () => {
  /** A server that accepts what comes, and says what it was. */
  async function listening(host: string, port = 0): Promise<{ readonly port: number; readonly heard: string[] }> {
    const heard: string[] = [];
    const server = createServer((socket) => {
      socket.on('data', (data) => void heard.push(data.toString('latin1')));
      socket.on('error', () => undefined);
    });
    server.listen(port, host);
    await once(server, 'listening');
    closing.push(() => server.close());
    return { port: (server.address() as AddressInfo).port, heard };
  }

  /** Calls ben with this sent-by, and closes the connection while he rings. */
  async function calledFrom(sentBy: string): Promise<void> {
    const ben = await registered('1002', 'UDP');
    const socket = connect({ host: '127.0.0.1', port: Number(/\d+$/.exec(listenerOf('TCP'))?.[0]) });
    const lines = [
      'INVITE sip:1002@127.0.0.1 SIP/2.0',
      `Via: SIP/2.0/TCP ${sentBy};branch=z9hG4bKgone`,
      'From: <sip:trunk@abroad.example>;tag=x',
      'To: <sip:1002@127.0.0.1>',
      'Call-ID: gone',
      'CSeq: 1 INVITE',
      `Contact: <sip:trunk@${sentBy};transport=tcp>`,
      'Max-Forwards: 70',
      'Content-Length: 0',
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const incoming = await ringing(ben);
    socket.destroy();
    await once(socket, 'close');
    incoming.respond(200);
  }

  test('comes by a new one, to the address that it came from and the port of its Via', async () => {
    const { port, heard } = await listening('127.0.0.1');
    await calledFrom(`localhost:${port}`);
    await until('the answer', () => heard.some((text) => text.startsWith('SIP/2.0 200')));
  });

  test('where nobody is there, comes to where its Via says that he is', async () => {
    const port = await freePort();
    const { heard } = await listening('127.0.0.2', port);
    await calledFrom(`127.0.0.2:${port}`);
    await until('the answer', () => heard.some((text) => text.startsWith('SIP/2.0 200')));
  });
});
