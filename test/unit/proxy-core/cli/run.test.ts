import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../../proxy-core/cli/run.ts';
import { createAdmin, type LocalAdmin, listenControl } from '../../../../proxy-core/node/control/index.ts';
import { StartError, type StartOptions } from '../../../../proxy-core/node/start-options.ts';
import { ha1Of, openStore } from '../../../../proxy-core/node/store/index.ts';
import { aorOf } from '../../../../proxy-core/server/stores.ts';
import { until } from '../../../support/until.ts';
import { binding } from '../node/store/samples.ts';

let dir: string;
let started: StartOptions[];
let startFault: Error | undefined;
let closed: boolean;
let ask: () => void;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-cli-'));
  started = [];
  startFault = undefined;
  closed = false;
  ask = () => undefined;
});
afterEach(() => rmSync(dir, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(argv: string[], stdin = '', onWrite: (text: string) => void = () => undefined): Promise<Ended> {
  let [out, err] = ['', ''];
  const code = await runCli(argv, {
    stdout: {
      write(text) {
        out += text;
        onWrite(text);
      },
    },
    stderr: { write: (text) => (err += text) },
    stdin: (async function* () {
      yield Buffer.from(stdin);
    })(),
    defaultDataDir: join(dir, 'default'),
    async startExchange(options) {
      started.push(options);
      if (startFault !== undefined) throw startFault;
      return {
        listeners: options.listen,
        admin: unasked,
        close: async () => {
          closed = true;
        },
      };
    },
    asked: () => new Promise((resolve) => (ask = resolve)),
  });
  return { code, out, err };
}

const unasked = new Proxy({} as LocalAdmin, {
  get() {
    throw new Error('not asked');
  },
});

const tandem = (line: string, stdin?: string): Promise<Ended> => run([...line.split(' '), '--data', dir], stdin);
const ok = (out: string) => ({ code: 0, out, err: '' });

async function stored<T>(look: (store: Awaited<ReturnType<typeof openStore>>) => T): Promise<T> {
  const store = await openStore({ dataDir: dir });
  try {
    return look(store);
  } finally {
    store.close();
  }
}

describe('usage', () => {
  it.each([
    ['', 'Name a command; "tandem --help" lists them.'],
    ['dance', 'There is no command "dance"; "tandem --help" lists them.'],
    [
      'user',
      'Say what to do: "tandem user" goes on with add, list, show, remove, passwd, admin, rename, export, import, mode.',
    ],
    ['user --data elsewhere', /^Say what to do: "tandem user" goes on with add/],
    ['user dance', 'There is no command "user dance"; "tandem --help" lists them.'],
    ['user list --colour red', 'Unknown option `--colour`.'],
    ['user list -x', 'Unknown option `-x`.'],
    ['user list extra', '"extra" is more than this command takes.'],
    ['user show', '"tandem user show" needs NUMBER.'],
    ['user add 1', 'Give either --password or --password-stdin.'],
    ['user add 1 --password x --password-stdin', 'Give either --password or --password-stdin.'],
    ['user add 1 --password', 'The option --password needs a value.'],
    ['user add 1 --password --name x', 'The option --password needs a value.'],
    ['user add 1 --password x --password y', 'The option --password can be given only once.'],
    ['serve --mode fast', '--mode is one of proxy, redirect, stateless, not "fast".'],
    ['serve --redirects some', '--redirects is one of own, all, none, not "some".'],
    ['serve --route', 'The option --route needs a value.'],
    ['user mode 1 fast', 'The mode is one of proxy, redirect, stateless, default, not "fast".'],
    [
      'serve --listen sctp://127.0.0.1:5061',
      '"sctp://127.0.0.1:5061" is no address to listen on: it cannot listen on sctp, only on udp, tcp, tls, ws and wss.',
    ],
    ['serve --listen udp://0.0.0.0;advertise=0.0.0.0', /"0.0.0.0" is nothing that others can reach/],
    ['serve --proxy-from 10.0.0.0/33', /^"10.0.0.0\/33" is no network/],
    ['serve --ws-origin phone.example.org', /^--ws-origin: .* is no origin/],
    ['serve --ws-origin https://phone.example.org/path', /^--ws-origin: .* is no origin/],
    ['serve --listen udp://[::1] --listen udp://[::1]:5060', '--listen udp://[::1]:5060 is there twice.'],
    ['serve --listen nonsense', /^"nonsense" is no address to listen on/],
    ['serve --loopback --listen udp://127.0.0.1:5070 --listen udp://0.0.0.0:5070', /^With --loopback, --listen takes/],
    ['serve --domain a_b', /^"a_b": A domain is a host name/],
  ])('refuses "%s" with exit code 2', async (line, sentence) => {
    const ended = await run(line.split(' ').filter(Boolean));
    expect(ended).toMatchObject({ code: 2, out: '' });
    if (typeof sentence === 'string') expect(ended.err).toBe(`${sentence}\n`);
    else expect(ended.err).toMatch(sentence);
    expect(ended.err.trimEnd()).not.toContain('\n');
    expect(started).toEqual([]);
  });

  it('shows help for everything and for one command', async () => {
    const all = await run(['--help']);
    expect(all).toMatchObject({ code: 0, err: '' });
    for (const name of ['serve', 'user add <number>', 'user import <file>', 'location remove <number>']) {
      expect(all.out).toContain(name);
    }
    const one = await run(['user', 'add', '-h']);
    expect(one.code).toBe(0);
    expect(one.out).toMatch(/tandem user add <number>[\s\S]*--data <dir>[\s\S]*--password-stdin/);
    expect(one.out).not.toContain('location');
  });

  it('every option of serve is told of in docs/exchange.md', async () => {
    const { out } = await run(['serve', '--help']);
    const options = [...out.matchAll(/^ {2}(?:-h, )?(--[a-z-]+)/gm)].map(([, option = '']) => option);
    expect(options.length).toBeGreaterThan(20);
    const told = readFileSync('docs/exchange.md', 'utf8');
    expect(options.filter((option) => !told.includes(option))).toEqual([]);
  });

  it('every command is told of in docs/exchange.md', async () => {
    const { out } = await run(['--help']);
    const verbs = [...out.matchAll(/^ {2}([a-z]+)(?: ([a-z]+))?(?: [<[].*?)? {2,}/gm)];
    const told = readFileSync('docs/exchange.md', 'utf8');
    expect(verbs.length).toBeGreaterThan(25);
    for (const [, group = '', verb = ''] of verbs) {
      const section = told.split('\n').filter((line) => line.includes(group));
      expect(section.join(' '), `${group} ${verb}`).toContain(verb);
    }
  });

  it('shows the version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await run(['--version'])).toEqual(ok(`${version}\n`));
  });
});

describe('--json', () => {
  it('gives what came of a change', async () => {
    const added = await tandem('user add 1001 --password x --json');
    expect(JSON.parse(added.out)).toMatchObject({ number: '1001', domain: 'office.internal', devices: 0 });
    const alias = await tandem('alias add 1001 2001 --json');
    expect(JSON.parse(alias.out)).toEqual({ alias: '2001', number: '1001', domain: 'office.internal' });
  });

  it('is there for every command', async () => {
    const { out } = await run(['--help']);
    const names = [...out.matchAll(/^ {2}([a-z]+(?: [a-z]+)?)(?= )/gm)].map(([, name = '']) => name);
    expect(names).toContain('ban lift');
    for (const name of names) expect((await run([...name.split(' '), '--help'])).out, name).toContain('--json');
  });
});

describe('listings', () => {
  beforeEach(async () => {
    for (const [number, name] of [
      ['1001', 'Zoe'],
      ['1002', 'Ana'],
      ['1003', 'Ben'],
    ] as const) {
      await tandem(`user add ${number} --name ${name} --password x`);
    }
  });
  const numbers = async (options: string) =>
    (JSON.parse((await tandem(`user list --json ${options}`)).out) as { number: string }[]).map(({ number }) => number);

  it('are sorted, turned round, searched, filtered and cut', async () => {
    await tandem('user mode 1002 redirect');
    await tandem('user admin 1003 yes');
    expect(await numbers('--sort name')).toEqual(['1002', '1003', '1001']);
    expect(await numbers('--sort name --reverse')).toEqual(['1001', '1003', '1002']);
    expect(await numbers('--limit 2')).toEqual(['1001', '1002']);
    expect(await numbers('--find an')).toEqual(['1002']);
    expect(await numbers('--mode redirect')).toEqual(['1002']);
    expect(await numbers('--admins')).toEqual(['1003']);
    expect(await numbers('--registered')).toEqual([]);
    expect(await numbers('--unregistered')).toHaveLength(3);
  });

  it('of users stand as one counts, and are found without accents and capitals, in any script', async () => {
    for (const [number, name] of [
      ['99', 'Žluťoučký'],
      ['100', 'Иван'],
      ['10010', 'Ángel'],
    ]) {
      await run(['user', 'add', number ?? '', '--name', name ?? '', '--password', 'x', '--data', dir]);
    }
    expect(await numbers('--limit 9')).toEqual(['99', '100', '1001', '1002', '1003', '10010']);
    expect(await numbers('--sort number --reverse')).toEqual(['10010', '1003', '1002', '1001', '100', '99']);
    expect(await numbers('--sort name')).toEqual(['1002', '10010', '1003', '99', '1001', '100']);
    for (const [text, number] of [
      ['zlutoucky', '99'],
      ['ИВАН', '100'],
      ['angel', '10010'],
    ]) {
      expect(await numbers(`--find ${text}`)).toEqual([number]);
    }
  });

  it.each([
    ['--sort colour', /^--sort is one of number, name, created, not "colour"\.\n$/],
    ['--limit 0', /^--limit is a whole number from 1 up, not "0"\.\n$/],
    ['--mode loud', /^The mode is one of/],
    ['--registered --unregistered', /^Give either/],
  ])('refuse %s', async (options, sentence) => {
    expect(await tandem(`user list ${options}`)).toMatchObject({ code: 2, err: expect.stringMatching(sentence) });
  });

  it('are not followed where nothing runs', async () => {
    expect(await tandem('user list --follow')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^No exchange is run/),
    });
  });

  it('are followed: first what is there, then each change, until interrupted', async () => {
    const store = await openStore({ dataDir: dir });
    const facts = () => ({ version: '1', startedAt: 1, listeners: [], mode: 'proxy' });
    const admin = createAdmin({ store, facts, now: Date.now });
    const control = await listenControl({ dataDir: dir, admin, onFault: () => undefined });
    for (const json of [false, true]) {
      let out = '';
      const words = ['user', 'list', '--find', 'zoe', '--follow', ...(json ? ['--json'] : []), '--data', dir];
      const ended = run(words, '', (text) => {
        out += text;
      });
      await until('the list', () => out.includes('Zoe') && (!json || out.includes('ready')));
      await admin.call('users.rename', { number: '1001', name: json ? 'Zoe' : 'Zoella' });
      await until('the change', () => out.includes(json ? 'changed' : '~  1001'));
      ask();
      expect((await ended).code).toBe(0);
      if (!json) {
        expect(out).toMatch(
          /^NUMBER {2}DOMAIN .*\n1001 {4}office\.internal {2}Zoe .*\n~ {2}1001 {2}office\.internal {2}Zoella/,
        );
      } else for (const line of out.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('event');
    }
    await control.close();
    store.close();
  });
});

describe('backup and restore', () => {
  it('says what would change, then does it', async () => {
    const data = join(dir, 'data');
    const here = (words: string) => run([...words.split(' '), '--data', data]);
    await here('user add 1001 --password x --name Ana');
    const file = join(dir, 'office.tandem');
    expect((await here(`backup ${file}`)).out).toMatch(
      /^The office is in .*office\.tandem: 1 file, \d+ bytes\. Whoever/,
    );
    await here('user remove 1001');
    await here('user add 1002 --password x');
    const dry = await here(`restore ${file} --dry-run`);
    expect(dry.out).toMatch(/users: 1 → 1\n {2}new 1: 1001@office\.internal\n {2}gone 1: 1002@office\.internal\n/);
    expect(dry.out).toMatch(/Nothing was changed\.\n$/);
    expect((await here('user list --json')).out).toContain('1002');
    expect((await here(`restore ${file}`)).out).toMatch(/What was there is in .*data\.before-\d{8}T\d{6}Z\.\n$/);
    expect((await here('user list --json')).out).toContain('1001');
    expect(JSON.parse((await here(`restore ${file} --dry-run --json`)).out)).toMatchObject({ manifest: { format: 1 } });
    expect(await here('restore nothing')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^nothing cannot be read/),
    });
  });
});

describe('settings', () => {
  it('are listed, set and reset', async () => {
    expect((await tandem('settings list --find ban-after')).out).toMatch(/\nban-after {2}20 +default +1 to 100000 /);
    expect(await tandem('settings set ban-after 40')).toEqual(ok('ban-after is 40.\n'));
    expect((await tandem('settings list --find ban-after')).out).toMatch(/\nban-after {2}40 +stored /);
    expect(await tandem('settings reset ban-after')).toEqual(ok('ban-after is 20.\n'));
    expect(await tandem('settings set ban-after many')).toMatchObject({
      code: 1,
      err: expect.stringContaining('whole number'),
    });
  });

  it('tell where the command line has the say', async () => {
    const running = run(['serve', '--data', dir, '--ban-after', '30', '--log-level', 'warn']);
    await until('the start', () => started.length === 1);
    expect(started[0]?.fixed).toEqual(['ban-after', 'log-level']);
    ask();
    await running;
  });
});

describe('audit', () => {
  it('lists, shows and takes back', async () => {
    await tandem('user add 1001 --name Ana --password x');
    await run(['user', 'rename', '1001', 'Anna', '--data', dir]);
    await tandem('user passwd 1001 --password y');
    const [head, first, second, third] = (await tandem('audit list')).out.split('\n');
    expect(head).toMatch(/^ID +WHEN +WHO +WHAT +CHANGE$/);
    expect(first).toMatch(/^3 .* users\.setPassword +user 1001@office\.internal: password changed$/);
    expect(second).toMatch(/^2 .* users\.rename +user 1001@office\.internal: name "Ana" → "Anna"$/);
    expect(third).toMatch(/^1 .* users\.add +user 1001@office\.internal added \(name "Ana", /);
    expect(await tandem('audit undo 2')).toEqual(
      ok('Taken back, as entry 4: user 1001@office.internal: name "Anna" → "Ana" (takes back 2).\n'),
    );
    expect((await tandem('audit show 2')).out).toContain('Taken back by 4');
    expect(await tandem('audit undo 2')).toMatchObject({
      code: 1,
      err: 'Entry 2 cannot be taken back: entry 4 has done so.\n',
    });
    expect(await tandem('audit undo x')).toMatchObject({ code: 2, err: expect.stringContaining('Name the entry') });
    const [latest] = JSON.parse((await tandem('audit list --json --limit 1')).out);
    expect(latest).toMatchObject({ id: 4, undoes: 2, by: expect.stringMatching(/./) });
  });
});

describe('device, alias and domain', () => {
  it('gives a device its own password, tells of it and takes it away', async () => {
    await tandem('user add 1001 --password own');
    const added = await run(['device', 'add', '1001', 'desk phone', '--password', 'desk', '--data', dir]);
    expect(added).toEqual(ok('Added the device "desk phone" of 1001@office.internal.\n'));
    expect((await tandem('device list 1001')).out).toMatch(
      /^USER +DEVICE {6}ADDED .*\n1001@office\.internal {2}desk phone {2}.* 0\n$/,
    );
    expect(JSON.parse((await tandem('device list 1001 --json')).out)).toMatchObject([{ label: 'desk phone' }]);
    expect((await tandem('user show 1001')).out).toContain('Passwords  own, desk phone\n');
    expect(await run(['device', 'remove', '1001', 'desk phone', '--data', dir])).toEqual(
      ok('Revoked the device "desk phone" of 1001@office.internal.\n'),
    );
    expect(await tandem('device list 1001')).toEqual(ok(''));
    expect(await tandem('device add 1001 desk')).toMatchObject({ code: 2 });
  });

  it('makes codes to join, lists their beginnings and takes them back', async () => {
    await tandem('user add 1001 --password own');
    const { out } = await tandem('invite add 1001 --hours 4');
    expect(out).toMatch(/^\w{3}-\w{3}-\w{3} lets one phone join as 1001@office\.internal until .*Z\.\n$/);
    const id = out.slice(0, 3);
    expect((await tandem('invite list 1001')).out).toMatch(
      new RegExp(`^CODE .*\n${id}-…  1001@office\\.internal  .*Z  5\n$`),
    );
    const [listed] = JSON.parse((await tandem('invite list --json')).out);
    expect(listed.expiresAt - listed.createdAt).toBe(4 * 3_600_000);
    expect(await tandem(`invite remove ${id}`)).toEqual(
      ok(`The code ${id}-… of 1001@office.internal is good for nothing now.\n`),
    );
    expect(await tandem('invite list')).toEqual(ok(''));
    expect(await tandem('invite add 1001 --hours 0')).toMatchObject({ code: 2 });
    expect(await tandem('invite add 1002')).toMatchObject({ code: 1, err: expect.stringContaining('no user') });
  });

  it('adds, lists and removes aliases', async () => {
    await tandem('user add 1001@a.example --password x');
    expect(await tandem('alias add 1001@a.example +4930900')).toEqual(
      ok('+4930900 is now an alias of 1001@a.example.\n'),
    );
    expect(await tandem('alias list')).toEqual(ok('ALIAS     NUMBER  DOMAIN\n+4930900  1001    a.example\n'));
    expect((await tandem('user show +4930900@a.example')).out).toContain('Aliases    +4930900\n');
    expect(await tandem('alias remove +4930900@a.example')).toEqual(
      ok('+4930900 is no longer an alias of 1001@a.example.\n'),
    );
    expect(await tandem('alias list 1001@a.example --json')).toEqual(ok('[]\n'));
  });

  it('adds, lists and removes domains', async () => {
    expect(await tandem('domain add A.example')).toEqual(ok('Added the domain a.example.\n'));
    await tandem('domain add b.example');
    await tandem('user add 1@b.example --password x');
    expect(await tandem('domain list')).toEqual(
      ok('DOMAIN     USERS  DEFAULT  MODE\na.example  0      yes\nb.example  1\n'),
    );
    expect(await tandem('domain remove b.example')).toMatchObject({ code: 1, err: expect.stringMatching(/a user/) });
    expect(await tandem('domain remove a.example')).toEqual(ok('Removed the domain a.example.\n'));
    expect(JSON.parse((await tandem('domain list --json')).out)).toMatchObject([
      { name: 'b.example', isDefault: true },
    ]);
  });

  it('makes a user an administrator and ends it', async () => {
    await tandem('user add 1001 --password x');
    expect(await tandem('user admin 1001 yes')).toEqual(ok('1001@office.internal is now an administrator.\n'));
    expect((await tandem('user show 1001')).out).toContain('Rights     administrator\n');
    expect(await tandem('user admin 1001 no')).toEqual(ok('1001@office.internal is not an administrator.\n'));
    expect(await tandem('user admin 1001')).toMatchObject({ code: 2 });
  });
});

describe('user', () => {
  it('adds, lists, shows, renames and removes', async () => {
    expect(await run(['user', 'add', '1001', '--password', 'x', '--name', 'Ana María', '--data', dir])).toEqual(
      ok('Added 1001@office.internal.\n'),
    );
    await tandem('user add 1002 --password y');
    expect(await tandem('user list')).toEqual(
      ok(
        'NUMBER  DOMAIN           NAME       DEVICES  MODE\n1001    office.internal  Ana María  0\n1002    office.internal             0\n',
      ),
    );
    expect(JSON.parse((await tandem('user list --json')).out)).toMatchObject([
      { number: '1001', domain: 'office.internal', name: 'Ana María', devices: 0 },
      { number: '1002' },
    ]);
    expect((await tandem('user show 1001')).out).toMatch(
      /^Number {5}1001\nDomain {5}office\.internal\nName {7}Ana María\n/,
    );
    expect(JSON.parse((await tandem('user show --json 1001@office.internal')).out)).toMatchObject({
      name: 'Ana María',
    });
    expect(await tandem('user rename 1002 Bo')).toEqual(ok('Renamed 1002@office.internal to "Bo".\n'));
    expect(await tandem('user remove 1002')).toEqual(ok('Removed 1002@office.internal.\n'));
    expect(await tandem('user remove 1002')).toEqual({
      code: 1,
      out: '',
      err: 'There is no user 1002@office.internal.\n',
    });
    expect(await tandem('user add 1001 --password x')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/exists already/),
    });
  });

  it.each(['0123', '1e5', '0x10', 'true', 'false', '-x', 'a=b', 'Infinity', ' x '])(
    'takes the password %j as it is',
    async (password) => {
      await run(['user', 'add', '0012', '--password', password, '--data', dir]);
      const user = await stored((store) => store.users.find('0012', 'office.internal'));
      expect(user).toMatchObject(ha1Of('0012', 'office.internal', password));
    },
  );

  it('takes a password from standard input', async () => {
    await tandem('user add 1001 --password-stdin', 'from a pipe\n');
    expect(await stored((s) => s.users.find('1001', 'office.internal'))).toMatchObject(
      ha1Of('1001', 'office.internal', 'from a pipe'),
    );
    await tandem('user passwd 1001 --password-stdin', 'ünother\r\n');
    expect(await stored((s) => s.users.find('1001', 'office.internal'))).toMatchObject(
      ha1Of('1001', 'office.internal', 'ünother'),
    );
    expect(await tandem('user passwd 1001 --password-stdin', '')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/empty/),
    });
  });

  it('takes numbers that look like options after two dashes', async () => {
    expect(await run(['user', 'add', '--password', 'x', '--data', dir, '--', '-5'])).toMatchObject({ code: 0 });
    expect(await stored((store) => store.users.find('-5', 'office.internal'))).toBeDefined();
  });

  it('makes the first domain that is named the default one', async () => {
    await tandem('user add 1001@Example.ORG --password x');
    await tandem('user add 1002 --password x');
    expect(JSON.parse((await tandem('user list --json')).out).map((u: { domain: string }) => u.domain)).toEqual([
      'example.org',
      'example.org',
    ]);
  });

  it('works on the data of a desktop program that hosts an office', async () => {
    const store = await openStore({ dataDir: join(dir, 'office') });
    store.close();
    await tandem('user add 1001 --password x');
    const office = await openStore({ dataDir: join(dir, 'office') });
    expect(office.users.size).toBe(1);
    office.close();
  });

  it('says what is wrong with the data', async () => {
    writeFileSync(join(dir, 'tandem.db'), 'x'.repeat(10_000));
    const { code, err } = await tandem('user list');
    expect(code).toBe(1);
    expect(err).toMatch(/^The database .*tandem\.db is damaged .*\.\n$/);
  });
});

describe('user import and export', () => {
  const importing = (text: string | Buffer, ...rest: string[]): Promise<Ended> => {
    const file = join(dir, 'users.csv');
    writeFileSync(file, text);
    return run(['user', 'import', file, '--data', dir, ...rest]);
  };

  it('reads quotes, a byte order mark and either kind of line end', async () => {
    const text = '\ufeffNumber,password,name,domain\r\n1001,"a,""b""","Pérez, Ana",\r\n\r\n1002, x ,Bo,b.test\n';
    expect(await importing(text)).toEqual(ok('Imported 2 users.\n'));
    const [ana, bo] = await stored((s) => [s.users.find('1001', 'office.internal'), s.users.find('1002', 'b.test')]);
    expect(ana).toMatchObject({ name: 'Pérez, Ana', ...ha1Of('1001', 'office.internal', 'a,"b"') });
    expect(bo).toMatchObject({ name: 'Bo', ...ha1Of('1002', 'b.test', ' x ') });
  });

  it.each([
    ['', 'The file is empty: its first line must name the columns.'],
    ['number,password,age\n1,x,5\n', /^line 1: "age" is no column/],
    ['number,name\n1,x\n', 'line 1: the columns number and password are needed.'],
    ['number,password,number\n', 'line 1: the column number is there twice.'],
    ['number,password\n1,x\n2\n', 'line 3: it has not as many fields as the first line.'],
    ['number,password\n1,"x\n', 'line 2: a quotation mark is not closed.'],
    ['number,password\n1,x"y\n', /^line 2: a quotation mark stands/],
    ['number,password\n1,"x"y\n', /^line 2: text follows/],
    [Buffer.from([0x6e, 0xff, 0x0a]), /users\.csv is not in UTF-8\.$/],
    ['number,password\n1,x\na b,x\n', /^Nothing was imported, because of 1 faulty line:\nline 3: A number/],
    ['number,password\n"1","x\ny"\n2,\n', /because of 2 faulty lines:\nline 3: .*\nline 4: /],
  ])('refuses %j as a whole', async (text, sentence) => {
    const ended = await importing(text);
    expect(ended.code).toBe(1);
    if (typeof sentence === 'string') expect(ended.err).toBe(`${sentence}\n`);
    else expect(ended.err.trimEnd()).toMatch(sentence);
    expect(await stored((store) => store.users.size)).toBe(0);
  });

  it('takes everything of a user along, and names what cannot be taken', async () => {
    await tandem('user add 1001@a.example --password own --name Ana');
    await tandem('user add 1002@a.example --password other');
    await run(['device', 'add', '1001@a.example', 'desk, "old" phone', '--password', 'desk', '--data', dir]);
    await run(['device', 'add', '1001@a.example', 'lobby', '--password', 'lobby', '--data', dir]);
    for (const alias of ['+4930900', '00']) await tandem(`alias add 1001@a.example ${alias}`);
    await tandem('user admin 1001@a.example yes');
    await tandem('user mode 1001@a.example redirect');
    const { out } = await tandem('user export');
    expect(out).toMatch(/^number,domain,name,ha1_md5,ha1_sha256,realm,admin,mode,aliases,devices\r\n/);

    const elsewhere = join(dir, 'elsewhere');
    const file = join(dir, 'all.csv');
    writeFileSync(file, out);
    expect(await run(['user', 'import', file, '--data', elsewhere])).toEqual(ok('Imported 2 users.\n'));
    expect((await run(['user', 'export', '--data', elsewhere])).out).toBe(out);
    const store = await openStore({ dataDir: elsewhere });
    const ana = store.users.find('+4930900', 'a.example');
    expect(ana).toMatchObject({ number: '1001', isAdmin: true, aliases: ['+4930900', '00'] });
    expect(ana?.devices).toEqual([
      { label: 'desk, "old" phone', ...ha1Of('1001', 'a.example', 'desk') },
      { label: 'lobby', ...ha1Of('1001', 'a.example', 'lobby') },
    ]);
    expect(store.users.modeOf('1001', 'a.example')).toBe('redirect');
    expect(store.users.mostPasswords).toBe(3);
    store.close();

    // The same into a domain that is there already, where nothing is read anew.
    await run(['user', 'remove', '1001@a.example', '--data', elsewhere]);
    await run(['user', 'remove', '1002@a.example', '--data', elsewhere]);
    expect(await run(['user', 'import', file, '--data', elsewhere])).toEqual(ok('Imported 2 users.\n'));
    expect((await run(['user', 'export', '--data', elsewhere])).out).toBe(out);
  });

  const md5 = 'a'.repeat(32);
  const sha = 'b'.repeat(64);
  it.each([
    ['number,password,aliases,mode,admin\n1,x,+1 2,stateless,yes\n', undefined],
    ['number,password,aliases\n1,x,2\n2,x,\n', /^line 3: User 2@office\.internal is on line 2 already\.$/m],
    ['number,password,aliases\n2,x,\n1,x,2\n', /^line 3: The alias 2@office\.internal is on line 2 already\.$/m],
    ['number,password,aliases\n1,x,1\n', /^line 2: The alias|^line 2: User/m],
    ['number,password,aliases\n1,x,a@b\n', /^line 2: A number has/m],
    ['number,password,mode\n1,x,fast\n', /^line 2: The mode is one of .* not "fast"\.$/m],
    ['number,password,admin\n1,x,maybe\n', /^line 2: in the column admin stands yes or no, not "maybe"\.$/m],
    [`number,password,devices\n1,x,${md5} ${sha} desk\n`, /^line 2: Devices need their user’s hashes/m],
    [`number,domain,ha1_md5,ha1_sha256,devices\n1,a.test,${md5},${sha},${md5} desk\n`, /^line 2: The SHA-256 hash/m],
    [`number,domain,ha1_md5,ha1_sha256,devices\n1,a.test,${md5},${sha},${md5} ${sha} desk\n`, /the same password/],
  ])('reads further columns: %j', async (text, fault) => {
    const ended = await importing(text);
    if (fault === undefined) {
      expect(ended).toMatchObject({ code: 0, err: '' });
      expect(await stored(({ users }) => [users.find('+1', 'office.internal'), users.hasModes])).toMatchObject([
        { number: '1', aliases: ['+1', '2'], isAdmin: true },
        true,
      ]);
    } else {
      expect(ended).toMatchObject({ code: 1, out: '' });
      expect(ended.err.trimEnd()).toMatch(fault);
      expect(await stored((store) => store.users.size)).toBe(0);
    }
  });

  it('names a file that is not there', async () => {
    expect(await tandem('user import nowhere.csv')).toEqual({
      code: 1,
      out: '',
      err: 'nowhere.csv cannot be read: there is no such file or directory.\n',
    });
  });

  it('tells a file of semicolons what is meant', async () => {
    expect(await importing('number;password\n1;x\n')).toMatchObject({
      code: 1,
      err: 'line 1: columns are parted by commas, not by semicolons.\n',
    });
  });

  it('imports ten thousand users in seconds and gives them back', async () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => `${20_000 + i},p${i},"User, ${i}"`);
    const before = performance.now();
    expect(await importing(`number,password,name\n${lines.join('\n')}\n`, '--domain', 'example.org')).toEqual(
      ok('Imported 10000 users.\n'),
    );
    expect(performance.now() - before).toBeLessThan(5_000);
    const { out } = await tandem('user export --domain example.org');
    const inJson = JSON.parse((await tandem('user export --domain example.org --json')).out);
    expect(inJson).toHaveLength(10_000);
    expect(inJson[0]).toMatchObject({ number: '20000', realm: 'example.org' });
    const exported = out.trimEnd().split('\r\n');
    expect(exported).toHaveLength(10_001);
    expect(exported[0]).toBe('number,domain,name,ha1_md5,ha1_sha256,realm');
    const { ha1Md5, ha1Sha256 } = ha1Of('20007', 'example.org', 'p7');
    expect(exported).toContain(`20007,example.org,"User, 7",${ha1Md5},${ha1Sha256},example.org`);

    const elsewhere = join(dir, 'elsewhere');
    const file = join(dir, 'all.csv');
    writeFileSync(file, out);
    expect(await run(['user', 'import', file, '--data', elsewhere])).toEqual(ok('Imported 10000 users.\n'));
    expect((await run(['user', 'export', '--data', elsewhere])).out).toBe(out);
  });
});

describe('a mistyped directory', () => {
  it.each(['user list', 'location list', 'user remove 1001', 'user passwd 1001 --password x'])(
    'is named by "%s" and not made',
    async (words) => {
      const nowhere = join(dir, 'nowhere');
      const err = `There is no office in ${nowhere}.\n`;
      expect(await run([...words.split(' '), '--data', nowhere])).toEqual({ code: 1, out: '', err });
      expect(existsSync(nowhere)).toBe(false);
    },
  );
});

it('names a log that cannot be written', async () => {
  expect(await run(['serve', '--data', dir, '--log-file', dir])).toEqual({
    code: 1,
    out: '',
    err: `The log ${dir} cannot be written: it is a directory.\n`,
  });
});

describe('location', () => {
  it('lists, shows and removes what a running exchange knows, at once', async () => {
    const store = await openStore({ dataDir: dir });
    const admin = createAdmin({
      store,
      facts: () => ({ version: '', startedAt: 1, listeners: [], mode: 'proxy' }),
      now: Date.now,
    });
    const control = await listenControl({ dataDir: dir, admin, onFault: () => undefined });
    const aor = aorOf('1001', 'office.internal');
    await store.location.replace(aor, [
      binding(aor, 'sip:1001@192.0.2.1', { expiresAt: Date.now() + 60_000, userAgent: 'Evil\u001b[2J/1' }),
      binding(aor, 'sip:1001@192.0.2.2', { expiresAt: Date.now() + 60_000, q: 500 }),
    ]);
    const { out } = await tandem('location list');
    expect(out).toMatch(/^USER {18}CONTACT/);
    expect(out.split('\n')).toHaveLength(4);
    expect(out).not.toContain('\u001b');
    const items = JSON.parse((await tandem('location list --json')).out);
    expect(items).toMatchObject([
      { aor, contact: 'sip:1001@192.0.2.1', q: 1 },
      { contact: 'sip:1001@192.0.2.2', q: 0.5, received: 'udp:192.0.2.7:5062' },
    ]);
    expect(items[0].expires).toBeGreaterThan(50);
    expect(await tandem('location remove 1001 --contact sip:1001@192.0.2.1')).toEqual(ok('Removed 1 device.\n'));
    expect(JSON.parse((await tandem('location show 1001 --json')).out)).toHaveLength(1);
    expect(await tandem('location remove 1001')).toEqual(ok('Removed 1 device.\n'));
    expect(store.location.lookup(aor, 0)).toEqual([]);
    expect(await tandem('location show 1001')).toEqual({
      code: 1,
      out: '',
      err: 'There is no user 1001@office.internal.\n',
    });
    expect(JSON.parse((await tandem('location list --json')).out)).toEqual([]);
    expect(await tandem('user add 1001 --password x')).toMatchObject({ code: 0 });
    expect(store.users.find('1001', 'office.internal')).toBeDefined();
    expect(await tandem('location show 1001')).toMatchObject({ err: 'No device is registered for 1001.\n' });
    await control.close();
    store.close();
  });
});

describe('mode', () => {
  it('of a user and of a domain is set, shown and put back', async () => {
    const tandem = (line: string): Promise<Ended> => run([...line.split(' '), '--data', dir]);
    await tandem('user add 1001@office.example --password p');
    expect(await tandem('user mode 1001@office.example')).toEqual(ok('default (proxy)\n'));
    expect(await tandem('user mode 1001@office.example redirect')).toEqual(ok('redirect\n'));
    expect(await tandem('domain mode office.example stateless')).toEqual(ok('stateless\n'));
    expect(await tandem('user mode 1001@office.example default')).toEqual(ok('default (stateless)\n'));
    expect((await tandem('domain list')).out).toMatch(/\noffice\.example .* stateless\n/);
    expect((await tandem('user list')).out).toMatch(/\n1001 {4}office\.example +0\n/);
    await tandem('user mode 1001@office.example redirect');
    expect((await tandem('user list')).out).toMatch(/\n1001 .* redirect\n/);
    expect((await tandem('user show 1001@office.example')).out).toMatch(/\nMode {7}redirect\n$/);
    expect(JSON.parse((await tandem('user list --json')).out)).toMatchObject([{ mode: 'redirect' }]);
    const { out } = await tandem('domain mode office.example --json');
    expect(JSON.parse(out)).toEqual({ mode: 'stateless', inEffect: 'stateless' });
    expect(await tandem('user mode 1999@office.example')).toMatchObject({ code: 1, out: '' });
    expect(await tandem('domain mode other.example')).toMatchObject({ code: 1, out: '' });
  });
});

describe('status', () => {
  it('tells of an exchange that does not run what is stored', async () => {
    await tandem('user add 1001 --password x');
    expect(await tandem('status')).toEqual(
      ok('Exchange   is not running\nDomains    office.internal\nUsers      1\nRegistered 0\n'),
    );
    expect(JSON.parse((await tandem('status --json')).out)).toMatchObject({ startedAt: 0, users: 1 });
  });

  it('tells of one that runs where it listens and what it relays', async () => {
    const store = await openStore({ dataDir: dir });
    const nat = {
      ...{ relayedCalls: 3, packets: 900, bytes: 154_800, lost: 2, dropped: 1 },
      ...{ refusedCalls: 4, overShareCalls: 2, silentCalls: 5, pinged: 6, expired: 7 },
    };
    const facts = { version: '1.2.3', startedAt: 0, listeners: ['udp://[::1]:5060', 'ws://[::1]'], mode: 'redirect' };
    const admin = createAdmin({ store, facts: () => ({ ...facts, startedAt: 1_700_000_000_000, nat }), now: Date.now });
    const control = await listenControl({ dataDir: dir, admin, onFault: () => undefined });
    const { out } = await tandem('status');
    expect(out).toContain(`Exchange   1.2.3, process ${process.pid}, since 2023-11-14T22:13:20.000Z\n`);
    expect(out).toContain('Listens on udp://[::1]:5060 ws://[::1]\nMode       redirect\n');
    expect(out).toContain("Relayed    3 calls now, 4 found no room (2 beyond their caller's share), 5 fell silent\n");
    expect(out).toContain('Media      900 packets, 154800 bytes, 2 lost, 1 dropped\n');
    expect(out).toContain('NAT pings  6 phones, 7 registrations given up\n');
    expect(JSON.parse((await tandem('status --json')).out)).toMatchObject({
      ...facts,
      startedAt: 1_700_000_000_000,
      nat,
    });
    await control.close();
    store.close();
  });
});

describe('serve', () => {
  it('says where it listens and closes when asked to end', async () => {
    const line = `serve --data ${dir} --domain Example.org --domain b.test --listen udp://127.0.0.1:5070 --listen tcp://[::1] --mode redirect`;
    const ended = await run(line.split(' '), '', () => {
      expect(closed).toBe(false);
      ask();
    });
    expect(ended).toEqual(ok('ready udp://127.0.0.1:5070 tcp://[::1]:5060\n'));
    expect(closed).toBe(true);
    expect(started).toMatchObject([
      {
        dataDir: dir,
        domains: ['example.org', 'b.test'],
        listen: ['udp://127.0.0.1:5070', 'tcp://[::1]:5060'],
        mode: 'redirect',
      },
    ]);
  });

  it('listens on both transports of port 5060 and keeps its data at the usual place when nothing is said', async () => {
    await run(['serve'], '', () => ask());
    expect(started).toMatchObject([
      {
        dataDir: join(dir, 'default'),
        domains: [],
        listen: ['udp://0.0.0.0:5060', 'tcp://0.0.0.0:5060'],
        mode: 'proxy',
      },
    ]);
  });

  it('hands on what phones are told and asked for when they register', async () => {
    const line = 'serve --service-route sip:a.example;lr --service-route sip:b.example;lr --require-extension Outbound';
    await run(line.split(' '), '', () => ask());
    const serviceRoutes = ['<sip:a.example;lr>', '<sip:b.example;lr>'];
    expect(started[0]?.registrar).toEqual({ serviceRoutes, requiredExtensions: ['outbound'] });
    for (const wrong of [
      '--service-route a.example',
      '--service-route sip:a.example',
      '--require-extension telepathy',
    ]) {
      expect(await run(['serve', ...wrong.split(' ')])).toMatchObject({ code: 2, err: expect.stringContaining('--') });
    }
  });

  it('is told about redirections and about a file that routes', async () => {
    await run(['serve', '--redirects', 'none', '--route', 'my/route.ts'], '', () => ask());
    expect(started).toMatchObject([{ redirects: 'none', route: 'my/route.ts' }]);
  });

  it('passes on certificates, load balancers and pages', async () => {
    const listen = ['--listen', 'tls://0.0.0.0:5061;advertise=sip.example.org', '--listen', 'wss://[::1]'];
    const files = ['--tls-cert', 'a.pem', '--tls-key', 'b.pem', '--tls-client-ca', 'c.pem', '--tls-ca', 'd.pem'];
    const peers = ['--proxy-from', '10.0.0.0/8', '--proxy-from', '::1', '--ws-origin', 'https://Phone.example.org/'];
    await run(['serve', ...listen, ...files, ...peers], '', () => ask());
    expect(started).toMatchObject([
      {
        listen: ['tls://0.0.0.0:5061;advertise=sip.example.org', 'wss://[::1]:443'],
        tls: { cert: 'a.pem', key: 'b.pem', clientCa: 'c.pem', ca: 'd.pem' },
        proxyFrom: ['10.0.0.0/8', '::1'],
        wsOrigins: ['https://phone.example.org'],
      },
    ]);
  });

  it('passes on why it cannot start', async () => {
    startFault = new StartError('Port 5060 is in use.');
    expect(await run(['serve'])).toEqual({ code: 1, out: '', err: 'Port 5060 is in use.\n' });
  });
});

describe('ban', () => {
  it('is added, listed and lifted by hand', async () => {
    expect(await tandem('ban add 192.0.2.7 --minutes 15')).toMatchObject({ code: 0, err: '' });
    expect(await tandem('ban add 2001:db8::7')).toMatchObject({ code: 0 });
    expect(JSON.parse((await tandem('ban list --json')).out)).toMatchObject([
      { address: '192.0.2.7', reason: 'banned by hand', times: 1 },
      { address: '2001:db8:0:0::/64' },
    ]);
    expect((await tandem('ban list')).out).toMatch(
      /^ADDRESS .*\n192\.0\.2\.7 +\d{4}-\d\d-\d\dT[\d:]+Z +1 +banned by hand\n/,
    );
    expect(await tandem('ban lift 2001:db8:0:0::/64')).toEqual(ok('2001:db8:0:0::/64 may come in again.\n'));
    expect(await tandem('ban lift 192.0.2.7')).toEqual(ok('192.0.2.7 may come in again.\n'));
    expect(await tandem('ban list --json')).toEqual(ok('[]\n'));
    expect(await tandem('ban lift 192.0.2.7')).toEqual({ code: 1, out: '', err: '192.0.2.7 is not banned.\n' });
  });

  it('ends where its network becomes trusted', async () => {
    await tandem('ban add 192.0.2.7');
    expect(await tandem('trust add 192.0.2.1/24')).toEqual(
      ok('192.0.2.0/24 is trusted. May come in again: 192.0.2.7.\n'),
    );
    expect((await tandem('trust list')).out).toMatch(/^NETWORK +SINCE\n192\.0\.2\.0\/24 +\d{4}-/);
    expect(await tandem('trust remove 192.0.2.0/24')).toEqual(ok('192.0.2.0/24 is held to account again.\n'));
    expect(await tandem('trust list --json')).toEqual(ok('[]\n'));
    expect(await tandem('refusal list --json')).toEqual(ok('[]\n'));
    expect(await tandem('location restless --json')).toEqual(ok('[]\n'));
  });

  it.each([
    ['ban add office', 1, 'Write an IP address such as 192.0.2.7 or 2001:db8::1.\n'],
    ['ban add 192.0.2.7 --minutes 0', 2, '--minutes is a whole number from 1 up.\n'],
    ['trust add office', 1, 'Write a network such as 192.0.2.0/24 or 2001:db8::/32, or an address.\n'],
    ['serve --trust 192.0.2.0/33', 2, '"192.0.2.0/33" is no network: write it as 192.0.2.0/24 or 2001:db8::/32.\n'],
  ])('%s is refused', async (words, code, err) => {
    expect(await tandem(words)).toEqual({ code, out: '', err });
  });
});

describe('where calls go, and messages', () => {
  const data = (): string[] => ['--data', join(dir, 'office')];
  beforeEach(async () => {
    for (const number of ['1001', '1002', '1003']) await run(['user', 'add', number, '--password', 'p', ...data()]);
  });

  it('are set, shown and taken back', async () => {
    expect((await run(['forward', 'set', '1001', 'no-answer', '1002', '--after', '15', ...data()])).out).toBe(
      'Calls for 1001@office.internal go to 1002 (no-answer).\n',
    );
    expect((await run(['dnd', 'set', '1003', 'on', ...data()])).out).toBe('1003@office.internal is not disturbed.\n');
    const { out } = await run(['forward', 'list', ...data()]);
    expect(out.split('\n').map((line) => line.trim().replaceAll(/ +/g, ' '))).toEqual([
      'USER DND ALWAYS BUSY NO ANSWER UNREACHABLE OUTSIDE',
      '1001@office.internal 1002',
      '1003@office.internal yes',
      '',
    ]);
    expect(JSON.parse((await run(['dnd', 'list', '--json', ...data()])).out)).toHaveLength(1);
    expect((await run(['forward', 'show', '1001', ...data()])).out).toContain('No answer  1002 (after 15 s)');
    expect((await run(['forward', 'clear', '1001', 'no-answer', ...data()])).code).toBe(0);
    expect((await run(['forward', 'outside', '1001', 'yes', ...data()])).out).toContain('may forward');
  });

  it.each([
    [['forward', 'set', '1001', 'sometimes', '1002'], 2],
    [['forward', 'set', '1001', 'always', '1002', '--after', 'soon'], 2],
    [['forward', 'set', '1001', 'always', '1001'], 1],
    [['forward', 'set', '1999', 'always', '1001'], 1],
    [['forward', 'outside', '1001', 'perhaps'], 2],
    [['dnd', 'set', '1001', 'perhaps'], 2],
    [['messages', 'show', 'x'], 2],
    [['messages', 'show', '1'], 1],
    [['messages', 'remove'], 2],
    [['messages', 'remove', '1', '--user', '1001'], 2],
    [['messages', 'list', '1999'], 1],
  ])('%j ends with %d and a sentence', async (argv, code) => {
    const ended = await run([...argv, ...data()]);
    expect([ended.code, ended.out]).toEqual([code, '']);
    expect(ended.err).toMatch(/^.+\.\n$/);
  });

  it('that are kept are listed, shown and thrown away', async () => {
    const store = await openStore({ dataDir: join(dir, 'office') });
    const aor = aorOf('1002', 'office.internal');
    const wire =
      'MESSAGE sip:1002@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:1001@h>;tag=1\r\nTo: <sip:1002@h>\r\n' +
      'Call-ID: 1\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\n\r\nsecret\u001b[2J';
    for (let n = 0; n < 3; n++) {
      await store.messages.keep({ recipient: aor, sender: aor, receivedAt: 0, expiresAt: 1e12, wire });
    }
    store.close();
    expect((await run(['messages', 'list', ...data()])).out.split('\n')).toHaveLength(5);
    expect((await run(['messages', 'show', '1', ...data()])).out).not.toContain('secret');
    expect((await run(['messages', 'show', '1', '--body', ...data()])).out).toContain('Body       secret\ufffd[2J\n');
    expect((await run(['messages', 'remove', '1', ...data()])).out).toBe('Removed 1 message.\n');
    expect((await run(['messages', 'remove', '--user', '1002', ...data()])).out).toBe('Removed 2 messages.\n');
    expect((await run(['messages', 'list', '1002', ...data()])).out).toBe('');
  });
});
