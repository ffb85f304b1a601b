/** sipp registers at the exchange and calls through it, over UDP and TCP. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestOffice } from '../support/exchange.ts';
import { freePort } from '../support/ports.ts';
import { Sipp } from '../support/sipp.ts';

const scenario = (name: string): string => resolve(import.meta.dirname, 'sipp', `${name}.xml`);

let office: TestOffice;
let dir: string;
const running: Sipp[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'sipp-data-'));
  office = await TestOffice.open({ users: { 1001: 'one-pass', 1002: 'two-pass' } });
});

afterEach(async () => {
  for (const sipp of running.splice(0)) await sipp.close();
  await office.close();
  rmSync(dir, { recursive: true, force: true });
});

test('a stateless exchange carries calls as well', async () => {
  await office.close();
  office = await TestOffice.open({ mode: 'stateless', users: { 1001: 'one-pass', 1002: 'two-pass' } });
  await tenCalls('u1');
});

function sipp(name: string, data: string, port: number, transport: 'u1' | 't1', ...more: string[]): Sipp {
  const file = join(dir, `${name}.csv`);
  writeFileSync(file, `SEQUENTIAL\n${data}\n`);
  const target = `127.0.0.1:${office.port}`;
  const args = ['-sf', scenario(name), '-inf', file, '-i', '127.0.0.1', '-p', String(port), '-t', transport];
  const started = Sipp.start([...args, ...more, target]);
  running.push(started);
  return started;
}

const credentials = (number: string, password: string): string =>
  `[authentication username=${number} password=${password}]`;

async function register(
  number: string,
  password: string,
  port: number,
  transport: 'u1' | 't1',
): Promise<number | null> {
  return sipp('register', `${number};${credentials(number, password)}`, port, transport, '-m', '1').ended();
}

describe.each(['u1', 't1'] as const)('over %s', (transport) => {
  test('it registers with digest, and a wrong password does not', async () => {
    const port = await freePort();
    expect(await register('1001', 'one-pass', port, transport)).toBe(0);
    expect(await office.handle.admin.call('location.show', { number: '1001' })).toHaveLength(1);
    expect(await register('1001', 'guess', port, transport)).not.toBe(0);
  });

  test('ten calls go through, answered and hung up', () => tenCalls(transport));
});

async function tenCalls(transport: 'u1' | 't1'): Promise<void> {
  const port = await freePort();
  expect(await register('1002', 'two-pass', port, 'u1')).toBe(0);
  const callee = sipp('answer', '-', port, 'u1', '-m', '10');
  const call = `1001;1002;${credentials('1001', 'one-pass')}`;
  const caller = sipp('call', call, await freePort(), transport, '-m', '10', '-r', '20');
  expect(await caller.ended(), caller.output).toBe(0);
  expect(await callee.ended(), callee.output).toBe(0);
  expect(office.log.filter((line) => /"level":"(?:error|warn)"/.test(line))).toEqual([]);
}
