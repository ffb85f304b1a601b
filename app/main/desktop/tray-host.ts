/**
 * Whether there is a tray. On Linux that is a program which shows StatusNotifierItems and says so on the session bus; on a
 * desktop without one a window that hides would never be found again.
 */
import { connect, type Socket } from 'node:net';
import { booleanIn, readReplies, writeCall } from './bus-message.ts';

/** Closing the window may wait for it. A bus that does not hang answers at once; later where the computer is busy with logging in. */
const ANSWER_MS = 3_000;
const MOST_HELD = 128 * 1024;

const HELLO = { serial: 1, destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' } as const;
const WATCHER = 'org.kde.StatusNotifierWatcher';

export async function hasTrayHost(
  platform: NodeJS.Platform = process.platform,
  bus: string | undefined = process.env.DBUS_SESSION_BUS_ADDRESS,
  answerMs = ANSWER_MS,
): Promise<boolean> {
  if (platform !== 'linux') return true;
  for (const path of socketPaths(bus ?? '')) if (await asks(path, answerMs)) return true;
  return false;
}

/** `unix:path=/run/user/1000/bus,guid=…;unix:abstract=/tmp/dbus-x` */
export function socketPaths(address: string): readonly string[] {
  return address.split(';').flatMap((one) => {
    const [, kind, place] = /^unix:(?:.*,)?(path|abstract)=([^,]+)/.exec(one) ?? [];
    if (kind === undefined || place === undefined) return [];
    const plain = place.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return [kind === 'path' ? plain : `\0${plain}`];
  });
}

function asks(path: string, answerMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    let socket: Socket | undefined;
    const end = (answer: boolean): void => {
      clearTimeout(limit);
      socket?.destroy();
      resolve(answer);
    };
    const limit = setTimeout(() => end(false), answerMs);
    try {
      socket = connect(path);
    } catch {
      // A path that is too long for a socket.
      return end(false);
    }
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
    speak(socket, end);
  });
}

function speak(socket: Socket, end: (answer: boolean) => void): void {
  let held: Buffer = Buffer.alloc(0);
  let isIn = false;
  socket.on('connect', () => {
    const user = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
    socket.write(`\0AUTH EXTERNAL ${user}\r\n`);
  });
  socket.on('data', (data) => {
    held = Buffer.concat([held, data]);
    if (held.length > MOST_HELD) return end(false);
    if (!isIn) {
      const line = held.indexOf('\r\n');
      if (line < 0) return;
      if (!held.toString('latin1', 0, line).startsWith('OK ')) return end(false);
      held = held.subarray(line + 2);
      isIn = true;
      socket.write('BEGIN\r\n');
      socket.write(question());
    }
    const read = readReplies(held);
    if (read === undefined) return end(false);
    held = read.rest;
    const answer = read.replies.find(({ answers }) => answers === 2);
    if (answer !== undefined) end(answer.type === 2 && booleanIn(answer.body) === true);
  });
}

function question(): Buffer {
  const hello = writeCall({ ...HELLO, iface: 'org.freedesktop.DBus', member: 'Hello', args: [] });
  const get = writeCall({
    ...{ serial: 2, destination: WATCHER, path: '/StatusNotifierWatcher' },
    ...{ iface: 'org.freedesktop.DBus.Properties', member: 'Get', args: [WATCHER, 'IsStatusNotifierHostRegistered'] },
  });
  return Buffer.concat([hello, get]);
}
