/** RFC 4475 and RFC 5118 at the phone: thrown at one that is registered and in a call, which both go on. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { sdp } from '../unit/app/renderer/softphone/phone-world.ts';
import { FarEnd } from '../unit/app/services/phone/service-world.ts';
import { HardyPhone } from './hardy-phone.ts';
import { isFinalTo, registeredAt, requestOf } from './plain-peer.ts';
import { rfc4475 } from './rfc4475.ts';
import { rfc5118 } from './rfc5118.ts';

const lengths = new Map([...rfc4475, ...rfc5118].map(({ file, length }) => [`${file}.dat`, length]));
/** As they stand, and once more as if they were meant for this phone: then they get further. */
const messages = ['rfc4475', 'rfc5118'].flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder)).flatMap((file): [string, string][] => {
    const text = readFileSync(join(import.meta.dirname, folder, file), 'latin1');
    const length = lengths.get(file);
    const wire = length === undefined ? text : text.replace(/^Content-Length: \d+/m, `Content-Length: ${length}`);
    const aimed = wire.replace(/^([^ \r\n]+) +sip:\S+/, '$1 sip:1001@127.0.0.1:6000');
    return aimed === wire
      ? [[file, wire]]
      : [
          [file, wire],
          [`${file} to this phone`, aimed],
        ];
  }),
);

test('all of them are there', () => expect(messages.length).toBeGreaterThan(100));

test.each(messages)('%s leaves the call and the registration alone', async (_name, wire) => {
  const phone = await HardyPhone.open();
  await phone.take(wire);
  await phone.comesToRest();
});

test('each in turn over a real socket, at one phone in a call', async () => {
  const server = await FarEnd.open();
  const { phone, port } = await registeredAt(server);
  try {
    const ask = async (method: string, callId: string, tag = '', lines: readonly string[] = [], body = '') => {
      server.arrivals.length = 0;
      server.send(port, requestOf(server.port, method, callId, tag, lines, body));
      return until(`the answer to ${method}`, () =>
        server.arrivals.map(({ message }) => message).find(isFinalTo(callId, method)),
      );
    };
    const answered = ask('INVITE', 'the-call', '', ['Content-Type: application/sdp'], sdp('theirs'));
    const { id } = await phone.call('it to ring', ({ state }) => state === 'incoming');
    phone.softphone.answer(id);
    const { tag = '' } = (await answered).to;
    server.send(port, requestOf(server.port, 'ACK', 'the-call', tag));
    await phone.call('the call to be on', ({ state }) => state === 'active');
    for (const [at, [name, wire]] of messages.entries()) {
      server.send(port, wire);
      const answer = await ask('OPTIONS', `alive-${at}`).catch((cause: unknown) => {
        throw new Error(`after ${name}`, { cause });
      });
      expect(answer.status).toBe(200);
    }
    expect(phone.accounts[0]?.registration.state).toBe('registered');
    expect(phone.calls.find((call) => call.id === id)?.state).toBe('active');
    expect((await ask('BYE', 'the-call', tag)).status).toBe(200);
    await phone.ended(id);
  } finally {
    await phone.close();
    await server.close();
  }
});
