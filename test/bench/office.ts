/** An office of many users with a phone each, in a data directory of its own. */
import { randomBytes } from 'node:crypto';
import type { SqliteLocationStore } from '../../proxy-core/node/store/location.ts';
import { openStore } from '../../proxy-core/node/store/open.ts';
import { applyRegistration } from '../../proxy-core/server/registrar.ts';
import { readRegistration } from '../../proxy-core/server/registration.ts';
import { defaultSettings } from '../../proxy-core/server/settings.ts';
import { aorOf } from '../../proxy-core/server/stores.ts';
import { parseMessage } from '../../proxy-core/sip/message/parse.ts';
import type { FlowId, Source } from '../../proxy-core/sip/transport/port.ts';
import { dataWith } from './servers.ts';

const AT_ONCE = 1_000;

/** `count` users from 1000 on, and a phone of each registered for two hours. */
export async function dataWithPhones(program: string, count: number): Promise<string> {
  const data = await dataWith(program, phoneNumbers(count));
  const store = await openStore({ dataDir: data });
  try {
    await registerAll(store.location, count);
  } finally {
    store.close();
  }
  return data;
}

const phoneNumbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(1_000 + index));

/** Has `count` phones register as if their REGISTERs came from the network, texts that hold on to the message and all. */
export async function registerAll(location: SqliteLocationStore, count: number): Promise<void> {
  let waiting: Promise<void>[] = [];
  for (const [index, number] of phoneNumbers(count).entries()) {
    waiting.push(registerOne(location, number, `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`));
    if (waiting.length < AT_ONCE) continue;
    await Promise.all(waiting);
    waiting = [];
  }
  await Promise.all(waiting);
}

function registerOne(location: SqliteLocationStore, number: string, host: string): Promise<void> {
  const token = randomBytes(12).toString('hex');
  const wire = Buffer.from(
    `REGISTER sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP ${host}:5062;branch=z9hG4bK${token};rport\r\nMax-Forwards: 70\r\n` +
      `From: <sip:${number}@127.0.0.1>;tag=${token}\r\nTo: <sip:${number}@127.0.0.1>\r\nCall-ID: ${token}@${host}\r\n` +
      `CSeq: 2 REGISTER\r\nContact: <sip:${number}@${host}:5062;ob>\r\nExpires: 7200\r\n` +
      'User-Agent: Example Desk Phone/4.2\r\nContent-Length: 0\r\n\r\n',
    'latin1',
  ).toString('latin1');
  const request = parseMessage(wire);
  if (!request.ok || request.value.kind !== 'request') throw new Error('no REGISTER');
  const listener = 'udp://127.0.0.1:5060';
  const source: Source = { transport: 'UDP', host, port: 5062, flow: `${listener}>${host}:5062` as FlowId, listener };
  const registration = readRegistration(request.value, source);
  if (!registration.ok) throw new Error('no registration');
  const now = Date.now();
  const aor = aorOf(number, '127.0.0.1');
  const asked = { aor, registration: registration.value, device: '', now, settings: defaultSettings };
  const bindings = applyRegistration({ ...asked, known: location.lookup(aor, now) });
  if (!bindings.ok) throw new Error('refused');
  return location.replace(aor, bindings.value);
}
