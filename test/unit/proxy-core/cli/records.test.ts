import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clock } from '../../../../proxy-core/cli/commands/call-words.ts';
import type { Io } from '../../../../proxy-core/cli/io.ts';
import { runCli } from '../../../../proxy-core/cli/run.ts';
import { createAdmin, listenControl } from '../../../../proxy-core/node/control/index.ts';
import { openStore } from '../../../../proxy-core/node/store/index.ts';
import { BEN, recordOf } from '../../../support/call-records.ts';
import { DOMAIN, TestExchange } from '../../../support/exchange-parts.ts';

let dir: string;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-cli-records-'));
  const store = await openStore({ dataDir: dir, domains: [DOMAIN] });
  store.calls.records.ended(recordOf(1));
  store.calls.records.ended(
    recordOf(2, {
      ...{ outcome: 'busy', status: 486, cause: 17, answeredAt: 0, seconds: 0, answeredBy: undefined },
      ...{ lost: undefined, endedBy: 'callee', reason: 'Q.850;cause=17' },
    }),
  );
  store.calls.records.ended(
    recordOf(3, {
      ...{ lost: 'gone', quality: [{ reporter: BEN.aor, kind: 'CallTerm', local: { codec: 'PCMU', lossPercent: 1 } }] },
      callee: { ...BEN, name: '\u001b[2Jclear' },
    }),
  );
  store.close();
});
afterEach(() => rmSync(dir, { recursive: true }));

const ioWith = (stdout: Io['stdout'], stderr: Io['stderr'] = { write: () => undefined }): Io => ({
  ...{ stdout, stderr, defaultDataDir: dir },
  stdin: (async function* () {})(),
  startExchange: () => Promise.reject(new Error('not asked')),
  asked: () => new Promise(() => undefined),
});

async function tandem(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: string[][] = [[], []];
  const code = await runCli(
    [...argv, '--data', dir],
    ioWith({ write: (text) => out?.push(text) }, { write: (text) => err?.push(text) }),
  );
  return { code, out: out?.join('') ?? '', err: err?.join('') ?? '' };
}

describe('records list', () => {
  it('tells in a line each what became of a call', async () => {
    const { code, out } = await tandem('records', 'list');
    const lines = out.trimEnd().split('\n');
    expect([code, lines.length]).toEqual([0, 4]);
    expect(lines[0]).toMatch(/^ID +BEGAN +FROM +TO +OUTCOME +TALKED +STATUS +CAUSE$/);
    expect(lines[1]).toMatch(/ answered \(gone\) +0:30 +200 +16$/);
    expect(lines[1]).not.toContain('\u001b');
    expect(lines[2]).toMatch(/2026-03-01T09:02:00Z +Anna <1001@office.example> +Ben <.*> +busy +486 +17$/);
  });

  it.each([
    [['--outcome', 'busy'], ['call-2']],
    [['--limit', '1'], ['call-3']],
    [['--limit', '1', '--reverse'], ['call-1']],
    [['--user', `1002@${DOMAIN}`, '--from', '2026-03-01T09:02:00Z', '--to', '2026-03-01T09:03:00Z'], ['call-2']],
    [['--number', '1001', '--find', 'CALL-1'], ['call-1']],
    [['--user', '7777'], []],
  ])('takes %j', async (words, ids) => {
    const { out } = await tandem('records', 'list', '--json', ...words);
    expect(JSON.parse(out).map(({ callId }: { callId: string }) => callId)).toEqual(ids);
  });

  it.each([
    ['--outcome', 'nice'],
    ['--from', 'yesterday'],
    ['--to', '2026-13-41'],
    ['--limit', '0'],
  ])('refuses %s %s', async (option, value) => {
    const { code, err } = await tandem('records', 'list', option, value);
    expect(code).toBe(2);
    expect(err).toContain(option);
  });
});

it('records show tells all of one call', async () => {
  const { out } = await tandem('records', 'show', String(recordOf(3).id));
  expect(out).toMatch(/^Call-ID +call-3$/m);
  expect(out).toMatch(/^Device +sip:1002@192.0.2.12:5060, Desk 7: rang, answered$/m);
  expect(out).toMatch(/^Sound +1002@office.example: codec PCMU, lossPercent 1$/m);
  expect(out).toMatch(/^Ended .*, by the caller$/m);
  expect((await tandem('records', 'show', '1')).err).toBe('No call 1 is on record.\n');
  expect((await tandem('records', 'show', 'x')).code).toBe(2);
});

it('records export prints all of it, with one head', async () => {
  const { out } = await tandem('records', 'export');
  const lines = out.split('\r\n');
  expect([lines.length, lines.filter((line) => line.startsWith('id,')).length]).toEqual([5, 1]);
});

it('records export waits for whoever reads it', async () => {
  const taken: string[] = [];
  let drained: (() => void) | undefined;
  const slow: Io['stdout'] = {
    write: (text) => {
      taken.push(text);
      return false;
    },
    once: (_event, listener) => {
      drained = listener;
    },
  };
  const done = runCli(['records', 'export', '--data', dir], ioWith(slow));
  for (let turn = 0; drained === undefined && turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(taken).toHaveLength(1);
  drained?.();
  expect(await done).toBe(0);
});

describe('records counts', () => {
  it('tells of each hour how the calls came out', async () => {
    const { out } = await tandem('records', 'counts', '--by', 'hour', '--from', '2026-03-01', '--to', '2026-03-02');
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ +/).slice(0, 4)),
    ).toEqual([
      ['BEGAN', 'ANSWERED', 'CANCELLED', 'BUSY'],
      ['2026-03-01T09:00:00Z', '2', '0', '1'],
    ]);
    const days = await tandem('records', 'counts', '--json', '--from', '2026-03-01', '--to', '2026-03-02');
    expect(JSON.parse(days.out)).toEqual([{ at: Date.UTC(2026, 2, 1), calls: { answered: 2, busy: 1 } }]);
  });

  it.each([
    [['--by', 'week'], 2, '--by'],
    [['--by', 'hour', '--from', '2020-01-01'], 1, 'At most 1000 steps are counted.'],
  ])('refuses %j', async (words, code, text) => {
    const refused = await tandem('records', 'counts', ...words);
    expect(refused.code).toBe(code);
    expect(refused.err).toContain(text);
  });
});

it('records keep and webhook show and set', async () => {
  expect((await tandem('records', 'keep', '--days', '0', '--count', '2')).out).toBe(
    'Up to 2 calls of any age are kept; there are 2.\n',
  );
  expect((await tandem('records', 'webhook')).out).toBe('Nobody is told of calls.\n');
  const set = await tandem('records', 'webhook', 'https://crm.example/', '--secret', 'sixteen letters!');
  expect(set.out).toBe('https://crm.example/ is told of each call that ends, signed; 0 wait, 0 were given up.\n');
  expect((await tandem('records', 'webhook', 'x', '--off')).code).toBe(2);
  expect((await tandem('records', 'webhook', 'gopher://x')).code).toBe(1);
  expect((await tandem('records', 'webhook', '--off')).out).toBe('Nobody is told of calls.\n');
});

describe('calls', () => {
  it('are none where no exchange runs', async () => {
    expect(await tandem('calls')).toEqual({ code: 0, out: '', err: '' });
    expect((await tandem('calls', '--json')).out).toBe('[]\n');
  });

  it('of a running exchange are listed, and stopped while they ring', async () => {
    const store = await openStore({ dataDir: dir });
    const exchange = new TestExchange();
    exchange.bind('1001', { contact: 'sip:1001@192.0.2.61:5060', device: 'desk phone' });
    const facts = () => ({ version: '1', startedAt: 0, listeners: [], mode: 'proxy' });
    const admin = createAdmin({ store, facts, exchange: exchange.parts, now: Date.now });
    const control = await listenControl({ dataDir: dir, admin, onFault: () => undefined });
    try {
      exchange.receive('INVITE', `sip:1001@${DOMAIN}`);
      exchange.out(0).answer(180);
      const lines = (await tandem('calls', '--user', `1001@${DOMAIN}`)).out.split('\n');
      expect(lines[0]).toMatch(/^ID +STATE +SINCE +FROM +TO +DEVICES$/);
      const [, id = ''] =
        /^(\d+) +ringing +.* guest@elsewhere.example +1001@office.example +desk phone$/.exec(lines[1] ?? '') ?? [];
      expect((await tandem('calls', 'end', id)).out).toMatch(/^The call from guest@elsewhere.example to 1001@/);
      expect(exchange.out(0).cancels).toHaveLength(1);
      expect((await tandem('calls', 'end', 'x')).code).toBe(2);
    } finally {
      await control.close();
      store.close();
    }
  });
});

it.each([
  [0, '0:00'],
  [61.9, '1:01'],
  [3_723, '1:02:03'],
  [-5, '0:00'],
])('%d seconds are %s', (seconds, shown) => {
  expect(clock(seconds)).toBe(shown);
});
