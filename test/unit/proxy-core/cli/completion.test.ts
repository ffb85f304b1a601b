import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../../proxy-core/cli/run.ts';

let dir: string;

async function run(argv: readonly string[]): Promise<string> {
  let out = '';
  await runCli(argv, {
    stdout: {
      write(text) {
        out += text;
      },
    },
    stderr: { write: () => undefined },
    stdin: (async function* () {})(),
    defaultDataDir: dir,
    startExchange: () => Promise.reject(new Error('not asked')),
    asked: () => new Promise(() => undefined),
  });
  return out;
}

/** What may come where a bar stands. */
async function next(line: string): Promise<string[]> {
  const out = await run(['complete', '--', ...line.split(' ')]);
  return out.split('\n').filter(Boolean);
}
const words = async (line: string): Promise<string[]> => (await next(line)).map((one) => one.split('\t')[0] ?? '');

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-completion-'));
  for (const [number, name] of [
    ['1001', 'Ana'],
    ['1002', 'Ben'],
    ['1@b.test', 'Eve'],
  ] as const) {
    await run(['user', 'add', number, '--name', name, '--password', 'x']);
  }
  await run(['alias', 'add', '1002', '900']);
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('completion', () => {
  it('gives commands and the words that they go on with', async () => {
    expect(await words('')).toEqual(expect.arrayContaining(['serve', 'user', 'audit', 'backup', 'completion']));
    expect(await words('us')).toEqual(['user']);
    expect(await words('user re')).toEqual(['remove', 'rename']);
    expect(await next('audit undo')).toEqual([expect.stringMatching(/^undo\tTake back/)]);
    expect(await words('nonsense ')).toEqual([]);
  });

  it('gives options of the command, with what they are', async () => {
    expect(await words('user list --')).toEqual(expect.arrayContaining(['--find', '--follow', '--json', '--domain']));
    expect(await next('user list --fo')).toEqual([expect.stringMatching(/^--follow\tGo on with what changes/)]);
    expect(await words('user list --colour ')).toEqual([]);
  });

  it('gives numbers, aliases, domains and settings of the office', async () => {
    expect(await next('user show 10')).toEqual(['1001\tAna', '1002\tBen']);
    expect(await next('user show 1@')).toEqual(['1@b.test\tEve']);
    expect(await words('user passwd --password 5 100')).toEqual(['1001', '1002']);
    expect(await words('user add 100')).toEqual([]);
    expect(await next('alias remove ')).toEqual(['900\tof 1002']);
    expect(await words('user list --domain ')).toEqual(expect.arrayContaining(['b.test']));
    expect(await words('domain mode ')).toEqual(expect.arrayContaining(['b.test']));
    expect(await words(`user show --data ${join(dir, 'nowhere')} 1`)).toEqual([]);
  });

  it('gives choices', async () => {
    expect(await words('user mode 1001 ')).toEqual(['proxy', 'redirect', 'stateless', 'default']);
    expect(await words('user admin 1001 y')).toEqual(['yes']);
    expect(await words('settings set ban')).toEqual(['ban-after', 'ban-minutes']);
    expect(await words('settings set mode re')).toEqual(['redirect']);
    expect(await words('settings set ban-after ')).toEqual([]);
    expect(await words('completion ')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('leaves files to the shell', async () => {
    expect(await next('backup ')).toEqual([':files']);
    expect(await next('user list --data ')).toEqual([':files']);
  });
});

it('the script of bash offers what it is told, words with blanks included', async () => {
  const script = await run(['completion', 'bash']);
  const program = `
    tandem() { local IFS=' '; printf '%s\\n' "rename	Set the name" "desk phone	of 1001" "asked: $*"; }
    ${script}
    COMP_WORDS=(tandem user re) COMP_CWORD=2
    _tandem
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['--norc', '-c', program], { encoding: 'utf8' });
  expect(out).toBe('rename\ndesk phone\nasked: complete -- user re\n');
});

it('there is no script for other shells', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) expect(await run(['completion', shell])).toContain('tandem complete --');
  expect(await run(['completion', 'tcsh'])).toBe('');
});
