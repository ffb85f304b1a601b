/**
 * An office in which everybody watches the lamps of forty others: memory for each subscription, and CPU time and rate of
 * the notifications when calls begin and end. The phones answer at once; what they cost is not counted.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TimerWheel } from '../../../proxy-core/node/clock.ts';
import { nodeHashes } from '../../../proxy-core/node/hashes.ts';
import { randomHex } from '../../../proxy-core/node/random.ts';
import { openStore, type Store } from '../../../proxy-core/node/store/open.ts';
import { unpack } from '../../../proxy-core/node/unpack.ts';
import type { Call, CallListener } from '../../../proxy-core/server/calls/call.ts';
import type { Asked, NotifierPorts } from '../../../proxy-core/server/events/notifier-ports.ts';
import { OfficeEvents } from '../../../proxy-core/server/events/office-events.ts';
import { Gruus } from '../../../proxy-core/server/gruu.ts';
import { Identity } from '../../../proxy-core/server/identity.ts';
import { LivingFlows } from '../../../proxy-core/server/living-flows.ts';
import { defaultSettings } from '../../../proxy-core/server/settings.ts';
import { type Aor, aorOf, type User } from '../../../proxy-core/server/stores.ts';
import { readXml } from '../../../proxy-core/sip/bodies/read-xml.ts';
import { parseMessage } from '../../../proxy-core/sip/message/parse.ts';
import { createStack, LateSink } from '../../../proxy-core/sip/transaction/stack.ts';
import type { FlowId, Source } from '../../../proxy-core/sip/transport/port.ts';
import { usedHeap } from '../../support/used-heap.ts';
import type { Row } from '../row.ts';

const USERS = 4_000;
const WATCHED = 40;
const ROUNDS = 3;
const DOMAIN = '127.0.0.1';
const LISTENER = 'udp://127.0.0.1:5060';
const LOG = { info: () => undefined, warn: () => undefined, error: console.error };

export const lamps: Row = {
  name: 'lamps',
  async run({ quick }) {
    const users = quick ? USERS / 8 : USERS;
    const dir = mkdtempSync(join(tmpdir(), 'bench-lamps-'));
    const store = await openStore({ dataDir: dir, domains: [DOMAIN] });
    const office = new LampOffice(store, users);
    try {
      await office.watch(20);
      const before = usedHeap();
      await office.watch(WATCHED);
      const count = users * WATCHED;
      const bytes = (usedHeap() - before) / (users * (WATCHED - 20));
      const change = await office.ring(users / 4);
      const what = `${users.toLocaleString('en-GB')} users with ${WATCHED} watchers each`;
      return [
        {
          what: `memory per lamp, of ${count.toLocaleString('en-GB')}`,
          unit: 'B',
          digits: 0,
          tandem: bytes,
          must: 4_000,
          aim: 2_000,
        },
        { what: `CPU per NOTIFY, ${what}`, unit: 'µs', digits: 0, tandem: change.micros, must: 250, aim: 100 },
        {
          what: 'NOTIFYs when a quarter of them are called at once',
          unit: '/s',
          digits: 0,
          tandem: change.rate,
          must: 2_000,
          aim: 4_000,
          more: true,
        },
      ];
    } finally {
      office.close();
      store.close();
      rmSync(dir, { recursive: true, force: true });
    }
  },
};

class LampOffice {
  readonly #clock = new TimerWheel();
  readonly #users: readonly User[];
  readonly #events: OfficeEvents;
  readonly #ports: NotifierPorts;
  readonly #listeners: CallListener[] = [];
  readonly #transport: LateSink;
  readonly #stop: () => void;
  readonly #store: Store;
  #watched = 0;
  #sent = 0;

  constructor(store: Store, count: number) {
    this.#store = store;
    const numbers = Array.from({ length: count }, (_, i) => String(1_000 + i));
    store.users.add(
      numbers.map((number) => ({ number, domain: DOMAIN, name: '', createdAt: 0, ha1Md5: 'x', ha1Sha256: 'x' })),
    );
    this.#users = numbers.map((number) => store.users.find(number, DOMAIN) as User);
    this.#transport = new LateSink();
    const stack = createStack({
      clock: this.#clock,
      random: randomHex,
      user: { request: () => undefined, ack: () => undefined, strayResponse: () => undefined },
      port: {
        send: (hop, wire) => this.#answer(wire, hop.port),
        sentBy: () => ({ transport: 'UDP', sentBy: '127.0.0.1:5060' }),
        isReliable: () => false,
      },
    });
    this.#transport.connect(stack.transport);
    this.#stop = () => stack.transactions.close();
    const identity = new Identity(store.users, { hosts: [], ports: [] });
    this.#events = new OfficeEvents({
      ...{ users: store.users, locations: store.location, rules: store.watchRules, lists: store.lists },
      ...{ callHandling: store.callHandling, messages: store.messages, subscriptions: store.subscriptions },
      ...{ clock: this.#clock, random: randomHex, settings: defaultSettings, readXml, unpack },
      calls: { of: () => [], listen: (listener) => void this.#listeners.push(listener) },
      gruus: new Gruus('bench', nodeHashes.sha256),
      livingFlows: new LivingFlows({ locations: store.location, clock: this.#clock, log: LOG }),
      domainOf: (uri) => identity.domainOf(uri),
    });
    this.#ports = {
      ...{ users: store.users, identity, clock: this.#clock, random: randomHex, log: LOG, settings: defaultSettings },
      transactions: stack.transactions,
      resolve: () => [],
      sentBy: () => ({ transport: 'UDP', sentBy: '127.0.0.1:5060' }),
    };
  }

  /** Has every user watch the next so many others, and waits until all are told. */
  async watch(each: number): Promise<void> {
    const before = this.#sent;
    for (let next = this.#watched; next < each; next++) {
      for (const [i, user] of this.#users.entries())
        this.#subscribe(user, this.#users[(i + next + 1) % this.#users.length]);
    }
    await this.#told(before + (each - this.#watched) * this.#users.length);
    this.#watched = each;
    // What stays of transactions for their timers, for 5 s, is none of the subscription.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
  }

  /** Has so many users called at one moment. */
  async ring(count: number): Promise<{ micros: number; rate: number }> {
    this.#store.subscriptions.flush();
    const told = ROUNDS * count * WATCHED;
    const cpu = process.cpuUsage();
    let ms = 0;
    for (let round = 0; round < ROUNDS; round++) {
      // Nobody is told of changes more often than once a second.
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      const before = this.#sent;
      const since = performance.now();
      for (const [i, user] of this.#users.slice(0, count).entries()) {
        const call = ringing(round * count + i, aorOf(user.number, user.domain));
        for (const listener of this.#listeners) listener.changed(call);
      }
      await this.#told(before + count * WATCHED);
      ms += performance.now() - since;
    }
    const { user, system } = process.cpuUsage(cpu);
    return { micros: (user + system) / told, rate: (told / ms) * 1_000 };
  }

  close(): void {
    this.#events.close();
    this.#stop();
  }

  async #told(sent: number): Promise<void> {
    for (let turns = 0; this.#sent < sent; turns++) {
      if (turns > 30_000) throw new Error(`only ${this.#sent} of ${sent} NOTIFYs`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  #subscribe(watcher: User, watched: User | undefined): void {
    const number = watched?.number ?? '';
    const token = randomHex(8);
    const port = 10_000 + (Number(watcher.number) % 50_000);
    const wire = Buffer.from(
      `SUBSCRIBE sip:${number}@${DOMAIN} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${token};rport=${port}\r\n` +
        `Max-Forwards: 70\r\nFrom: <sip:${watcher.number}@${DOMAIN}>;tag=${token}\r\nTo: <sip:${number}@${DOMAIN}>\r\n` +
        `Call-ID: ${token}@phone\r\nCSeq: 2 SUBSCRIBE\r\nContact: <sip:${watcher.number}@127.0.0.1:${port}>\r\nEvent: dialog\r\n` +
        'Expires: 3600\r\nAccept: application/dialog-info+xml\r\nUser-Agent: Example Desk Phone/4.2\r\nContent-Length: 0\r\n\r\n',
      'latin1',
    ).toString('latin1');
    const parsed = parseMessage(wire);
    if (!parsed.ok || parsed.value.kind !== 'request') throw new Error('no SUBSCRIBE');
    const request = parsed.value;
    const source = sourceAt(port);
    const transaction = {
      request,
      source,
      isOpen: true,
      respond: () => undefined,
      onEnd: () => undefined,
      dismiss: () => undefined,
    };
    const asked: Asked = {
      ...{ exchange: this.#ports, request, source, transaction, uri: request.uri, uriText: request.uriText },
      ...{ domain: DOMAIN, user: watcher, device: '' },
    };
    const outcome = this.#events.answer(asked);
    if (outcome !== 'taken') throw new Error(`refused with ${outcome.status}`);
  }

  #answer(wire: string, port: number): void {
    if (!wire.startsWith('NOTIFY ')) throw new Error('no NOTIFY');
    const from = wire.indexOf('\r\nVia: ') + 2;
    const to = wire.indexOf('\r\nContact: ') + 2;
    const head = wire.slice(from, to).replace(/Max-Forwards: 70\r\n/, '');
    setImmediate(() => {
      this.#sent++;
      this.#transport.received(`SIP/2.0 200 OK\r\n${head}Content-Length: 0\r\n\r\n`, sourceAt(port));
    });
  }
}

const sourceAt = (port: number): Source => ({
  ...{ transport: 'UDP', host: '127.0.0.1', port, listener: LISTENER },
  flow: `${LISTENER}>127.0.0.1:${port}` as FlowId,
});

function ringing(id: number, aor: Aor): Call {
  const party = { aor: undefined, number: '4711', domain: 'elsewhere.example', name: 'Somebody' };
  const device = { contact: 'sip:x@h', label: '', userAgent: '', ringingAt: 1, status: 0, state: 'ringing' } as const;
  return {
    ...{ id, callId: `call-${id}`, callerTag: 'a', calleeTag: undefined, caller: party, callee: { ...party, aor } },
    ...{ callerDevice: '', callerAddress: '', state: 'ringing', isCancelled: false, devices: [{ ...device, aor }] },
    ...{ isRestored: false, dialogs: [], sessionSeconds: 0 },
    ...{ answeredBy: undefined, aors: [aor], startedAt: 1, ringingAt: 1, answeredAt: 0, endedAt: 0, end: undefined },
  };
}
