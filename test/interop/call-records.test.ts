/** What baresip and sipp did is what stands in the records, over a kill -9 of the exchange too. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { connectControl, type Params, type RecordInfo, type Result } from '../../proxy-core/node/control/index.ts';
import { openSqlite } from '../../proxy-core/node/store/sqlite.ts';
import { Baresip } from '../support/baresip.ts';
import { TestOffice } from '../support/exchange.ts';
import { ExchangeProcess, tandem } from '../support/exchange-process.ts';
import { freePort } from '../support/ports.ts';
import { Sipp } from '../support/sipp.ts';
import { CREDENTIALS, receive, scenario as scenarioOf, send } from '../support/sipp-scenario.ts';
import { until } from '../support/until.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function kept<T extends { close(): Promise<void> }>(one: T): T {
  open.push(one);
  return one;
}

describe('sipp', () => {
  const scenario = (name: string): string => resolve(import.meta.dirname, 'sipp', `${name}.xml`);
  const credentials = (number: string): string => `[authentication username=${number} password=pass]`;
  let office: TestOffice;
  let dir: string;

  const startFile = (file: string, data: string, port: number, ...more: string[]): Sipp => {
    const users = join(dir, `${port}.csv`);
    writeFileSync(users, `SEQUENTIAL\n${data}\n`);
    const where = ['-i', '127.0.0.1', '-p', String(port), '-timeout', '30s', '-timeout_error'];
    return kept(Sipp.start(['-sf', file, '-inf', users, ...where, ...more, `127.0.0.1:${office.port}`]));
  };

  const start = (name: string, data: string, port: number, ...more: string[]): Sipp => {
    const file = join(dir, `${port}.xml`);
    const reason = 'Reason: Q.850;cause=17;text="User busy"';
    writeFileSync(file, readFileSync(scenario(name), 'utf8').replaceAll('STATUS', '486').replaceAll('HEADERS', reason));
    return startFile(file, data, port, ...more);
  };

  async function openOffice(): Promise<number> {
    dir = mkdtempSync(join(tmpdir(), 'sipp-records-'));
    kept({ close: async () => rmSync(dir, { recursive: true, force: true }) });
    office = kept(await TestOffice.open({ users: { 1001: 'pass', 1002: 'pass' } }));
    const port = await freePort();
    const register = start('register', `1002;${credentials('1002')}`, port, '-m', '1');
    expect(await register.ended(), register.output).toBe(0);
    return port;
  }

  const records = async (count: number): Promise<readonly RecordInfo[]> => {
    const { items } = await office.handle.admin.call('records.list', {});
    expect(items).toHaveLength(count);
    return items;
  };

  test('five calls that were answered and hung up stand as that, with both numbers', async () => {
    const port = await openOffice();
    const callee = start('answer', '-', port, '-m', '5');
    const caller = start('call', `1001;1002;${credentials('1001')}`, await freePort(), '-m', '5', '-r', '20');
    expect(await caller.ended(), caller.output).toBe(0);
    expect(await callee.ended(), callee.output).toBe(0);
    for (const record of await records(5)) {
      expect(record).toMatchObject({
        ...{ outcome: 'answered', status: 200, cause: 16, endedBy: 'caller', answeredBy: 0 },
        ...{ caller: { aor: '1001@127.0.0.1', number: '1001' }, callee: { aor: '1002@127.0.0.1', number: '1002' } },
        devices: [{ aor: '1002@127.0.0.1', contact: expect.stringContaining(`127.0.0.1:${port}`), status: 200 }],
      });
      expect(record.lost).toBeUndefined();
      // It talks for a tenth of a second.
      expect(record.endedAt - record.answeredAt).toBeGreaterThanOrEqual(90);
      expect(record.endedAt - record.answeredAt).toBeLessThan(5_000);
    }
    expect((await office.handle.admin.call('calls.list', {})).items).toEqual([]);
  });

  test('what a phone publishes of its sound is put with its call', async () => {
    const port = await openOffice();
    const callee = start('answer', '-', port, '-m', '1');
    const caller = start('call', `1001;1002;${credentials('1001')}`, await freePort(), '-m', '1');
    expect([await caller.ended(), await callee.ended()]).toEqual([0, 0]);
    const [before] = await records(1);
    const report = [
      'VQSessionReport: CallTerm',
      `CallID: ${before?.callId}`,
      'LocalMetrics:',
      'SessionDesc:PT=0 PD=PCMU SR=8000',
      'PacketLoss:NLR=1.5 JDR=0.2',
      'QualityEst:MOSLQ=4.1 MOSCQ=4.0',
    ].join('\n');
    const lines = ['Event: vq-rtcpxr'];
    const publish = (cseq: number, more: readonly string[]): string =>
      send({ method: 'PUBLISH', uri: 'sip:[remote_ip]:[remote_port]', cseq, lines: [...lines, ...more] }).replace(
        'Content-Length: 0\n\n',
        `Content-Type: application/vq-rtcpxr\nContent-Length: [len]\n\n${report}\n`,
      );
    const file = join(dir, 'publish.xml');
    writeFileSync(file, scenarioOf(publish(1, []), receive(401), publish(2, [CREDENTIALS]), receive(200)));
    const sipp = startFile(file, `1001;1002;${credentials('1001')}`, await freePort(), '-m', '1');
    expect(await sipp.ended(), sipp.output).toBe(0);
    const [after] = await records(1);
    expect(after?.quality).toEqual([
      {
        ...{ reporter: '1001@127.0.0.1', kind: 'CallTerm' },
        local: {
          ...{ codec: 'PCMU', lossPercent: 1.5, discardPercent: 0.2, mosListening: 4.1, mosConversation: 4 },
        },
      },
    ]);
  });

  test('a busy phone and its Reason stand in the record', async () => {
    const port = await openOffice();
    const callee = start('refuse', '-', port, '-m', '1');
    const caller = start('call', `1001;1002;${credentials('1001')}`, await freePort(), '-m', '1');
    // Its scenario wants a 200.
    expect(await caller.ended(), caller.output).not.toBe(0);
    expect(await callee.ended(), callee.output).toBe(0);
    const [record] = await records(1);
    expect(record).toMatchObject({ outcome: 'busy', status: 486, cause: 17, endedBy: 'callee', seconds: 0 });
    expect(record?.reason).toBe('Q.850;cause=17;text="User busy"');
    expect(record?.devices[0]?.ringingAt).toBeGreaterThan(0);
  });

  test('a call to nobody, and one to a phone that is not there', async () => {
    await openOffice();
    await office.handle.admin.call('location.remove', { number: '1002' });
    for (const called of ['1002', '1999']) {
      await start('call', `1001;${called};${credentials('1001')}`, await freePort(), '-m', '1').ended();
    }
    expect((await records(2)).map(({ outcome, status, cause }) => [outcome, status, cause])).toEqual([
      ['unavailable', 480, 18],
      ['not-found', 404, 1],
    ]);
  });
});

describe('a call between two baresips, whose exchange is killed', () => {
  /** Asked at its control socket: a command of its own takes a second each time. */
  async function ask<M extends 'calls.list' | 'records.list' | 'location.list'>(exchange: ExchangeProcess, method: M) {
    const admin = await connectControl(exchange.dataDir);
    if (admin === undefined) throw new Error('no exchange runs');
    try {
      return (await admin.call(method, {} as Params<M>)).items as Result<M>['items'];
    } finally {
      admin.close();
    }
  }
  const callsAt = (exchange: ExchangeProcess) => ask(exchange, 'calls.list');

  const rowsIn = (exchange: ExchangeProcess, table: string): number => {
    const db = openSqlite(join(exchange.dataDir, 'tandem.db'), 1_000);
    try {
      return (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;
    } finally {
      db.close();
    }
  };

  test('stands as interrupted after the restart, and as ended when one of them hangs up', async () => {
    const exchange = kept(await ExchangeProcess.start({ users: { 1001: 'pass', 1002: 'pass' } }));
    const baresip = async (number: string): Promise<Baresip> => {
      const phone = kept(await Baresip.start({ aor: `sip:${number}@${exchange.server}`, password: 'pass' }));
      const isThere = async () => (await ask(exchange, 'location.list')).some(({ aor }) => aor.startsWith(number));
      await until(`${number} to register`, isThere);
      return phone;
    };
    const anna = await baresip('1001');
    const ben = await baresip('1002');
    // One that has ended before the exchange dies.
    anna.dial(`sip:1002@${exchange.server}`);
    await ben.waitFor('CALL_ESTABLISHED');
    const finished = await until('the live call', async () => (await callsAt(exchange))[0]);
    expect(finished).toMatchObject({ state: 'answered', answeredBy: 0 });
    ben.hangUp();
    await anna.waitFor('CALL_CLOSED');
    await until('its end', async () => (await callsAt(exchange)).length === 0);
    anna.dial(`sip:1002@${exchange.server}`);
    const running = await until('the second call', async () =>
      (await callsAt(exchange)).find((call) => call.answeredAt > 0),
    );
    // Nobody asks for them here, or they would be written at once.
    await until(
      'both on disk',
      () => rowsIn(exchange, 'call_records') === 1 && rowsIn(exchange, 'open_calls') === 1,
      2_000,
    );
    await exchange.kill('SIGKILL');
    await exchange.serve();
    const after = JSON.parse(await tandem('records', 'list', '--json', '--data', exchange.dataDir)) as RecordInfo[];
    expect(after.map(({ id, endedBy, lost, isInterrupted }) => [id, endedBy, lost, isInterrupted])).toEqual([
      [running.id, 'exchange', 'restart', true],
      [finished.id, 'callee', undefined, false],
    ]);
    expect(await callsAt(exchange)).toMatchObject([{ id: running.id, state: 'answered', isInterrupted: true }]);
    anna.hangUp();
    await until('the end of the second', async () => (await callsAt(exchange)).length === 0);
    const last = (await ask(exchange, 'records.list')).at(-1);
    expect(last).toMatchObject({ id: running.id, endedBy: 'caller', isInterrupted: true, outcome: 'answered' });
    expect(last?.lost).toBeUndefined();
    expect(last?.endedAt).toBeGreaterThan(last?.answeredAt ?? 0);
  });
});
