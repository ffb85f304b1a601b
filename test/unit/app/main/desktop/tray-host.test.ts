/** A bus played by hand, byte by byte: what it answers decides whether there is a tray. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hasTrayHost, socketPaths } from '../../../../../app/main/desktop/tray-host.ts';

let folder: string;
let server: Server | undefined;
let heard: Buffer;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-bus-'));
  heard = Buffer.alloc(0);
});
afterEach(async () => {
  await new Promise((done) => (server ? server.close(done) : done(undefined)));
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** An answer (2) or an error (3) to the message with that serial. */
function reply(type: number, answers: number, body: Buffer): Buffer {
  const head = Buffer.from([0x6c, type, 1, 1, body.length, 0, 0, 0, 9, 0, 0, 0, 8, 0, 0, 0]);
  const fields = Buffer.from([5, 1, 0x75, 0, answers, 0, 0, 0]);
  return Buffer.concat([head, fields, body]);
}
const truth = (value: number): Buffer => Buffer.from([1, 0x62, 0, 0, value, 0, 0, 0]);
const hello = reply(2, 1, Buffer.from([4, 0, 0, 0, 0x3a, 0x31, 0x2e, 0x34, 0]));

/** @param pieces what it sends after the two questions, each by itself */
async function bus(greeting: string, ...pieces: Buffer[]): Promise<string> {
  const path = join(folder, 'bus');
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      heard = Buffer.concat([heard, data]);
      for (const piece of data.includes('AUTH EXTERNAL') ? [greeting] : pieces) socket.write(piece);
    });
  });
  await new Promise<void>((done) => server?.listen(path, done));
  return `unix:path=${path},guid=0123456789abcdef`;
}

it('is there where something shows the signs', async () => {
  const address = await bus('OK 1234\r\n', hello, reply(2, 2, truth(1)));
  expect(await hasTrayHost('linux', address)).toBe(true);
  const text = heard.toString('latin1');
  expect(text.slice(1)).toMatch(/^AUTH EXTERNAL (3\d)+\r\nBEGIN\r\nl/);
  expect(text).toContain('org.kde.StatusNotifierWatcher');
  expect(text).toContain('IsStatusNotifierHostRegistered');
});

it('reads answers that come in pieces', async () => {
  const all = Buffer.concat([hello, reply(2, 2, truth(1))]);
  const address = await bus('OK 1234\r\n', all.subarray(0, 20), all.subarray(20, 50), all.subarray(50));
  expect(await hasTrayHost('linux', address)).toBe(true);
});

it.each([
  ['nobody watches', ['OK 1\r\n', hello, reply(3, 2, Buffer.alloc(0))]],
  ['a watcher has no host', ['OK 1\r\n', hello, reply(2, 2, truth(0))]],
  ['the answer is a word', ['OK 1\r\n', hello, reply(2, 2, Buffer.from([1, 0x73, 0, 0, 1, 0, 0, 0]))]],
  ['we are not let in', ['REJECTED EXTERNAL\r\n']],
  ['it writes the other way round', ['OK 1\r\n', Buffer.from(`B${'\0'.repeat(40)}`)]],
  ['it says it has much to say', ['OK 1\r\n', Buffer.from([0x6c, 2, 1, 1, 0, 0, 0, 0x7f, ...Array(8).fill(0)])]],
] as const)('is not there where %s', async (_, [greeting, ...pieces]) => {
  expect(await hasTrayHost('linux', await bus(greeting as string, ...(pieces as Buffer[])))).toBe(false);
});

it('is not there without a bus, and always on other systems', async () => {
  expect(await hasTrayHost('linux', undefined)).toBe(false);
  expect(await hasTrayHost('linux', `unix:path=${join(folder, 'absent')}`)).toBe(false);
  expect(await hasTrayHost('linux', `unix:path=/${'x'.repeat(500)}`)).toBe(false);
  expect(await hasTrayHost('win32', undefined)).toBe(true);
  expect(await hasTrayHost('darwin', undefined)).toBe(true);
});

it('is not waited for for ever', async () => {
  expect(await hasTrayHost('linux', await bus('OK 1\r\n'), 100)).toBe(false);
});

it('is looked for at every address that can be reached', () => {
  expect(socketPaths('unix:path=/run/user/1000/bus')).toEqual(['/run/user/1000/bus']);
  expect(socketPaths('tcp:host=localhost,port=1;unix:abstract=/tmp/dbus-x%2d1,guid=a')).toEqual(['\0/tmp/dbus-x-1']);
  expect(socketPaths('')).toEqual([]);
});
