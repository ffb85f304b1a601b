/** Attackers on other loopback addresses: SIPVicious and a guesser are kept out while an honest phone goes on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestOffice } from '../support/exchange.ts';
import { freePort } from '../support/ports.ts';
import { Sipp } from '../support/sipp.ts';

const ATTACKER = '127.0.0.66';

let office: TestOffice;
let dir: string;
const running: Sipp[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'attack-'));
  const users = { 1001: 'one-pass' };
  office = await TestOffice.open({ users, trustLoopback: false, guard: { slowAt: 3, banAt: 4.5 } });
});

afterEach(async () => {
  for (const sipp of running.splice(0)) await sipp.close();
  await office.close();
  rmSync(dir, { recursive: true, force: true });
});

/** How many of `calls` registrations went through; each is given up after a second. */
async function register(from: string, password: string, calls = 1): Promise<number> {
  const file = join(dir, 'data.csv');
  writeFileSync(file, `SEQUENTIAL\n1001;[authentication username=1001 password=${password}]\n`);
  const scenario = resolve(import.meta.dirname, 'sipp', 'register.xml');
  const args = ['-sf', scenario, '-inf', file, '-i', from, '-p', String(await freePort()), '-m', String(calls)];
  const sipp = Sipp.start([
    ...args,
    '-l',
    '1',
    '-recv_timeout',
    '1000',
    '-max_retrans',
    '1',
    `127.0.0.1:${office.port}`,
  ]);
  running.push(sipp);
  await sipp.ended();
  return Number(/Successful call\s*\|\s*\d+\s*\|\s*(\d+)/.exec(sipp.output)?.[1]);
}

async function sipvicious(program: string, ...args: string[]): Promise<string> {
  const child = spawn(program, [...args, '-b', ATTACKER], { cwd: dir, env: { ...process.env, HOME: dir } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const limit = setTimeout(() => child.kill('SIGKILL'), 4_000);
  await once(child, 'close');
  clearTimeout(limit);
  return output;
}

const bans = async () => (await office.handle.admin.call('bans.list', {})).items;

describe('SIPVicious', () => {
  test('that looks for numbers finds none and is banned', async () => {
    const found = await sipvicious('svwar', '-e1000-1010', '-p', String(office.port), '--maximumtime=3', '127.0.0.1');
    expect(found).not.toMatch(/\|\s*1001\s*\|/);
    expect(await bans()).toMatchObject([{ reason: '1 a scanner by its own name' }]);
  });

  test('that guesses a simple password does not find it', async () => {
    await office.handle.admin.call('users.setPassword', { number: '1001', password: '105' });
    const args = ['-u1001', '-r100-110', '-p', String(office.port), '--maximumtime=3', '127.0.0.1'];
    expect(await sipvicious('svcrack', ...args)).not.toMatch(/\|\s*105\s*\|/);
    expect(await bans()).toHaveLength(1);
  });
});

test('one who guesses and says no name is slowed down, banned, and let in again by hand; an honest phone goes on', async () => {
  expect(await register('127.0.0.1', 'one-pass')).toBe(1);
  for (let round = 0; round < 5 && (await bans()).length === 0; round++) {
    expect(await register(ATTACKER, 'guess', 3)).toBe(0);
  }
  expect(await bans()).toMatchObject([{ address: ATTACKER, reason: expect.stringMatching(/^\d+ wrong passwords/) }]);
  expect(office.log.some((line) => line.includes(`${ATTACKER} is banned until`))).toBe(true);
  expect(await register(ATTACKER, 'one-pass')).toBe(0);
  expect(await register('127.0.0.1', 'one-pass')).toBe(1);
  await office.handle.admin.call('bans.lift', { address: ATTACKER });
  expect(await register(ATTACKER, 'one-pass')).toBe(1);
});
