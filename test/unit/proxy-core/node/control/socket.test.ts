import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AdminError,
  type ControlServer,
  connectControl,
  controlPath,
  createAdmin,
  type LocalAdmin,
  listenControl,
  reachAdmin,
} from '../../../../../proxy-core/node/control/index.ts';
import { LineCutter } from '../../../../../proxy-core/node/control/lines.ts';
import { openStore, type Store } from '../../../../../proxy-core/node/store/index.ts';

let dir: string;
let store: Store;
let server: ControlServer;
let faults: unknown[];
let admin: LocalAdmin;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-control-'));
  faults = [];
  store = await openStore({ dataDir: dir });
  admin = createAdmin({
    store,
    facts: () => ({ version: '1', startedAt: 1, listeners: [], mode: 'proxy' }),
    now: Date.now,
  });
  server = await listenControl({ dataDir: dir, admin, onFault: (error) => faults.push(error) });
});
afterEach(async () => {
  await server.close();
  store.close();
  rmSync(dir, { recursive: true });
  expect(faults).toEqual([]);
});

/** Sends raw text and gives the lines that come back until `count` have come or the server hangs up. */
function raw(text: string | Buffer, count: number): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.path, () => socket.write(text));
    let held = '';
    const done = (): void => {
      socket.destroy();
      resolve(
        held
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line)),
      );
    };
    socket.on('data', (chunk) => {
      held += chunk;
      if (held.split('\n').length > count) done();
    });
    socket.on('error', reject).on('close', done);
  });
}

describe('control socket', () => {
  it('is for its owner only', () => {
    expect(server.path).toBe(join(dir, 'control.sock'));
    expect(statSync(server.path).mode & 0o777).toBe(0o600);
  });

  it('carries calls, results and errors', async () => {
    const remote = (await connectControl(dir))!;
    const calls = ['1001', '1002', '1003'].map((number) => remote.call('users.add', { number, password: 'x' }));
    expect((await Promise.all(calls)).map((user) => user.number)).toEqual(['1001', '1002', '1003']);
    expect(store.users.find('1002', store.users.defaultDomain)).toBeDefined();
    const error = await remote.call('users.show', { number: '9' }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AdminError);
    expect(error).toMatchObject({ kind: 'unknown', message: expect.stringContaining('There is no user 9@') });
    remote.close();
    await expect(remote.call('status', {})).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('carries ten thousand users in one call', async () => {
    const remote = (await connectControl(dir))!;
    const rows = Array.from({ length: 10_000 }, (_, i) => ({
      line: i,
      number: String(i),
      password: 'x',
      name: 'ü'.repeat(50),
    }));
    expect(await remote.call('users.import', { rows })).toEqual({ added: 10_000 });
    expect((await remote.call('users.list', { limit: 5_000 })).items).toHaveLength(5_000);
    remote.close();
  });

  it('tells those who wait when the exchange ends', async () => {
    const remote = (await connectControl(dir))!;
    const waiting = remote.call('users.list', {});
    await server.close();
    await expect(waiting).rejects.toMatchObject({ kind: 'unreachable' });
    expect(await connectControl(dir)).toBeUndefined();
  });

  it('takes the place of a socket that nobody listens on', async () => {
    await server.close();
    writeFileSync(server.path, '');
    server = await listenControl({ dataDir: dir, admin, onFault: (error) => faults.push(error) });
    const remote = (await connectControl(dir))!;
    expect((await remote.call('status', {})).pid).toBe(process.pid);
    remote.close();
  });

  it('gives no connection where no exchange runs', async () => {
    expect(await connectControl(join(dir, 'nowhere'))).toBeUndefined();
  });
});

describe('JSON-RPC 2.0', () => {
  const request = (fields: object): string => `${JSON.stringify({ jsonrpc: '2.0', ...fields })}\n`;

  it.each([
    ['{', null, -32700],
    ['5', null, -32600],
    ['[]', null, -32600],
    ['{"id":1,"method":"status"}', 1, -32600],
    ['{"jsonrpc":"2.0","id":{},"method":"status"}', null, -32600],
    ['{"jsonrpc":"2.0","id":"a","method":"toString"}', 'a', -32601],
    ['{"jsonrpc":"2.0","id":2,"method":"users.add","params":{}}', 2, -32602],
    ['{"jsonrpc":"2.0","id":2,"method":"users.add","params":null}', 2, -32602],
    ['{"jsonrpc":"2.0","id":3,"method":"users.show","params":{"number":"1"}}', 3, -32000],
  ])('answers %s', async (line, id, code) => {
    expect(await raw(`${line}\n`, 1)).toMatchObject([{ jsonrpc: '2.0', id, error: { code } }]);
  });

  it('gives no answer to a notification, and one list to a batch', async () => {
    const note = request({ method: 'users.add', params: { number: '7', password: 'x' } });
    const batch = `${JSON.stringify([JSON.parse(note.replace('"7"', '"8"')), { jsonrpc: '2.0', id: 1, method: 'users.show', params: { number: '8' } }])}\n`;
    const answers = await raw(
      `${note}\n${batch}${request({ id: 2, method: 'users.show', params: { number: '7' } })}`,
      2,
    );
    expect(answers).toMatchObject([[{ id: 1, result: { number: '8' } }], { id: 2, result: { number: '7' } }]);
  });

  it('refuses a line without end', async () => {
    const chunk = Buffer.alloc(33 * 1024 * 1024, 'x');
    const answers = await raw(chunk, 1);
    expect(answers).toMatchObject([{ error: { code: -32600 } }]);
  });
});

describe('LineCutter', () => {
  it('gives the same lines however the stream is cut', () => {
    const text = Buffer.from('one\n\nzwölf\nthree');
    for (let size = 1; size <= text.length; size += 1) {
      const cutter = new LineCutter(10);
      const lines: string[] = [];
      for (let at = 0; at < text.length; at += size) lines.push(...cutter.push(text.subarray(at, at + size))!);
      expect(lines).toEqual(['one', '', 'zwölf']);
    }
  });

  it('says when a line is too long, ended or not', () => {
    expect(new LineCutter(3).push(Buffer.from('abcd\n'))).toBeNull();
    expect(new LineCutter(3).push(Buffer.from('abcd'))).toBeNull();
    expect(new LineCutter(3).push(Buffer.from('abc\n'))).toEqual(['abc']);
  });
});

describe('controlPath', () => {
  it('is short enough however long the directory is, and the same through a link', () => {
    const long = join(dir, 'x'.repeat(100));
    mkdirSync(long);
    expect(Buffer.byteLength(controlPath(long))).toBeLessThan(104);
    symlinkSync(long, join(dir, 'link'));
    expect(controlPath(join(dir, 'link'))).toBe(controlPath(long));
    expect(controlPath(long)).not.toBe(controlPath(dir));
  });

  it('is a pipe on Windows', () => {
    expect(controlPath(dir, 'win32')).toMatch(/^\\\\\.\\pipe\\tandem-[0-9a-f]{24}$/);
  });

  it('works where the directory is too deep for a socket', async () => {
    const long = join(dir, 'y'.repeat(100));
    const deep = await openStore({ dataDir: long });
    const there = createAdmin({
      store: deep,
      facts: () => ({ version: '', startedAt: 7, listeners: [], mode: 'proxy' }),
      now: Date.now,
    });
    const control = await listenControl({ dataDir: long, admin: there, onFault: (error) => faults.push(error) });
    const remote = (await connectControl(long))!;
    expect((await remote.call('status', {})).startedAt).toBe(7);
    remote.close();
    await control.close();
    deep.close();
  });
});

describe('reachAdmin', () => {
  it('asks the running exchange', async () => {
    const reached = await reachAdmin(dir);
    expect((await reached.call('status', {})).startedAt).toBe(1);
    reached.close();
  });

  it('opens the store where none runs, and waits for another command that has it open', async () => {
    const idle = join(dir, 'idle');
    const first = await reachAdmin(idle);
    const second = reachAdmin(idle);
    await first.call('users.add', { number: '1', password: 'x' });
    first.close();
    const reached = await second;
    expect((await reached.call('users.list', {})).items).toHaveLength(1);
    expect((await reached.call('status', {})).startedAt).toBe(0);
    reached.close();
  });

  it('passes on why a store cannot be opened', async () => {
    const broken = join(dir, 'broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'tandem.db'), 'x'.repeat(5_000));
    await expect(reachAdmin(broken)).rejects.toMatchObject({
      kind: 'storage',
      message: expect.stringContaining('is damaged'),
    });
  });
});
