import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallWebhook, type WebhookOptions } from '../../../../../proxy-core/node/calls/webhook.ts';
import { openStore, type Store } from '../../../../../proxy-core/node/store/index.ts';
import { BEGAN, recordOf } from '../../../../support/call-records.ts';
import { until } from '../../../../support/until.ts';

interface Delivery {
  readonly headers: IncomingMessage['headers'];
  readonly method: string;
  readonly body: string;
}

let dir: string;
let store: Store;
let server: Server;
let port: number;
let deliveries: Delivery[];
let answer: (delivery: Delivery, response: ServerResponse) => void;
let webhook: CallWebhook | undefined;
let told: string[];

const listen = (at = 0): Promise<void> =>
  new Promise((resolve) => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const delivery = { headers: request.headers, method: request.method ?? '', body };
        deliveries.push(delivery);
        answer(delivery, response);
      });
    });
    server.listen(at, '127.0.0.1', () => {
      port = (server.address() as AddressInfo).port;
      resolve();
    });
  });

const hangUp = (): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

const open = (options: Partial<WebhookOptions> = {}): void => {
  webhook = new CallWebhook({
    ...{ calls: store.calls, loopback: true, now: () => BEGAN + 3_600_000 + performance.now() },
    log: { warn: (text) => void told.push(text) },
    ...{ retries: [20, 20], pauses: [20, 40] },
    ...options,
  });
};

const end = (...counts: number[]): void => {
  for (const count of counts) store.calls.records.ended(recordOf(count));
  store.calls.records.flush();
};

const ids = (): (string | undefined)[] => deliveries.map(({ headers }) => headers['tandem-delivery'] as string);
const delivered = (count: number) => until(`${count} deliveries`, () => deliveries.length >= count, 5_000);
const nothingWaits = () => until('an empty queue', () => store.calls.webhooks.size === 0, 5_000);

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-webhook-'));
  store = await openStore({ dataDir: dir, domains: ['office.example'], now: () => BEGAN });
  deliveries = [];
  told = [];
  answer = (_delivery, response) => void response.writeHead(204).end();
  await listen();
  store.calls.settings.webhook = { url: `http://127.0.0.1:${port}/calls?a=b`, secret: '0123456789abcdef' };
});

afterEach(async () => {
  webhook?.close();
  await hangUp();
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('a call that ends', () => {
  it('is told once, whole and signed', async () => {
    open();
    end(1);
    await nothingWaits();
    const [{ headers, method, body } = { headers: {}, method: '', body: '' }, ...more] = deliveries;
    expect(more).toEqual([]);
    expect([method, headers['content-type'], headers['tandem-delivery']]).toEqual([
      ...['POST', 'application/json', String(recordOf(1).id)],
    ]);
    expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify({ event: 'call.ended', call: recordOf(1) })));
    const [, seconds = '', hex = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['tandem-signature'])) ?? [];
    expect(hex).toBe(createHmac('sha256', '0123456789abcdef').update(`${seconds}.${body}`).digest('hex'));
    expect(store.calls.webhooks.givenUp).toBe(0);
  });

  it('is not signed without a secret, and not told without a URL', async () => {
    store.calls.settings.webhook = { url: `http://127.0.0.1:${port}/`, secret: '' };
    open();
    end(1);
    await nothingWaits();
    expect(deliveries[0]?.headers['tandem-signature']).toBeUndefined();
    store.calls.settings.webhook = { url: undefined, secret: '' };
    end(2);
    expect([store.calls.webhooks.size, deliveries.length]).toEqual([0, 1]);
  });

  it('is told with few connections however many end at once', async () => {
    let most = 0;
    let now = 0;
    answer = (_delivery, response) => {
      most = Math.max(most, ++now);
      setImmediate(() => {
        now--;
        response.end('thanks');
      });
    };
    open();
    end(...Array.from({ length: 60 }, (_, at) => at));
    await nothingWaits();
    expect(new Set(ids()).size).toBe(60);
    expect(most).toBeLessThanOrEqual(4);
  });
});

describe('a server that', () => {
  it('is not there keeps calls waiting, and gets all when it is back', async () => {
    await hangUp();
    open();
    end(1, 2, 3);
    await until('the complaint', () => told.length > 0);
    expect(store.calls.webhooks.size).toBe(3);
    await listen(port);
    await nothingWaits();
    expect(new Set(ids()).size).toBe(3);
    expect(told).toHaveLength(1);
  });

  it.each([429, 503])('says %i is left in peace for a while', async (status) => {
    let refused = 0;
    answer = (_delivery, response) => void response.writeHead(refused++ < 3 ? status : 200).end();
    open();
    end(1, 2);
    await nothingWaits();
    expect(store.calls.webhooks.givenUp).toBe(0);
  });

  it.each([302, 400, 404, 500])(
    'says %i to one call gets the others, and that one no more than three times',
    async (status) => {
      const bad = String(recordOf(2).id);
      answer = ({ headers }, response) => {
        const isBad = headers['tandem-delivery'] === bad;
        response.writeHead(isBad ? status : 200, { location: '/elsewhere' }).end();
      };
      open();
      end(1, 2, 3);
      await nothingWaits();
      expect(ids().filter((id) => id === bad)).toHaveLength(3);
      expect(deliveries).toHaveLength(5);
      expect(store.calls.webhooks.givenUp).toBe(1);
    },
  );

  it('talks without end is listened to no longer than a call lasts', async () => {
    answer = (_delivery, response) => {
      response.writeHead(200);
      response.write('x'.repeat(1_000_000), () => response.destroy());
    };
    open();
    end(1);
    await nothingWaits();
    expect(deliveries).toHaveLength(1);
  });
});

describe('what waits', () => {
  it('survives a restart', async () => {
    await hangUp();
    open();
    end(1, 2);
    await until('the complaint', () => told.length > 0);
    webhook?.close();
    store.close();
    store = await openStore({ dataDir: dir, now: () => BEGAN });
    expect(store.calls.webhooks.size).toBe(2);
    await listen(port);
    open();
    await nothingWaits();
    expect(new Set(ids()).size).toBe(2);
    // What was told is not told again after the next one.
    webhook?.close();
    store.close();
    store = await openStore({ dataDir: dir, now: () => BEGAN });
    expect(store.calls.webhooks.size).toBe(0);
  });

  it('is no more than ten thousand calls, the latest', () => {
    store.calls.settings.limits = { days: 0, count: 10 };
    end(...Array.from({ length: 10_050 }, (_, at) => at));
    expect([store.calls.webhooks.size, store.calls.webhooks.givenUp]).toEqual([10_000, 50]);
    expect(store.calls.webhooks.waiting()[0]).toBe(recordOf(50).id);
  });

  it('is no call of more than three days ago', async () => {
    end(1);
    open({ now: () => BEGAN + 80 * 3_600_000 });
    await nothingWaits();
    expect([deliveries.length, store.calls.webhooks.givenUp]).toEqual([0, 1]);
  });

  it('goes when nobody is to be told any more', async () => {
    end(1);
    store.calls.webhooks.clear();
    open();
    end(2);
    await delivered(1);
    expect(ids()).toEqual([String(recordOf(2).id)]);
  });
});

it('reaches only this machine where the exchange keeps to itself', async () => {
  store.calls.settings.webhook = { url: 'http://192.0.2.1/', secret: '' };
  open();
  end(1);
  await until('the complaint', () => told.length > 0);
  expect([store.calls.webhooks.size, deliveries.length]).toEqual([1, 0]);
});

it('gives up waiting for an answer, and tries again', async () => {
  let count = 0;
  answer = (_delivery, response) => {
    if (count++ > 0) response.end();
  };
  open({ answerMs: 100 });
  end(1);
  await nothingWaits();
  expect(deliveries).toHaveLength(2);
});
