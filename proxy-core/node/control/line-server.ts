/** A socket in the file system that answers JSON-RPC, a line each: its owner, and nobody else, is heard there. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { LineCutter } from './lines.ts';
import { answer, LONGEST_ANSWER, LONGEST_REQUEST, type RpcSession, tooLong } from './rpc.ts';

/** Each watch is one. */
const MOST_CONNECTIONS = 64;
const IDLE_MS = 60_000;
/** Requests of one connection that are not answered yet. */
const MOST_WAITING = 10_000;

export interface ControlServer {
  readonly path: string;
  /** Ends the connections and removes the socket. */
  close(): Promise<void>;
}

export interface LineServerOptions {
  /** See `socket-path.ts`. A socket that is there must be a dead one. */
  readonly path: string;
  /** For each connection one. */
  readonly session: () => RpcSession;
  /** Told of faults that a request brought to light. */
  readonly onFault: (error: unknown) => void;
}

export async function listenLines({ path, session, onFault }: LineServerOptions): Promise<ControlServer> {
  const file = process.platform !== 'win32';
  if (file) rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, session(), onFault);
  });
  server.maxConnections = MOST_CONNECTIONS;
  await listen(server, path, file);
  server.on('error', onFault);
  return {
    path,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listen(server: Server, path: string, file: boolean): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // The socket is bound before `listen` returns: nobody else gets in between it and its mode.
    const umask = file ? process.umask(0o177) : 0;
    try {
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    } finally {
      if (file) process.umask(umask);
    }
  }).then(() => {
    if (file) chmodSync(path, 0o600);
  });
}

/** One request after the other: an answer is written before the next request is looked at. */
function serve(socket: Socket, session: RpcSession, onFault: (error: unknown) => void): void {
  let waiting = 0;
  let turn = Promise.resolve();
  const cutter = new LineCutter(LONGEST_REQUEST);
  socket.setTimeout(IDLE_MS, () => {
    if (!session.isWatching) socket.destroy();
  });
  socket.on('close', () => session.close());
  // A client that goes away in the middle is no fault of ours.
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    const lines = cutter.push(chunk);
    if (lines === null) {
      socket.end(`${JSON.stringify(tooLong())}\n`);
      socket.removeAllListeners('data').resume();
      return;
    }
    if (lines.length === 0) return;
    waiting += lines.length;
    if (waiting > MOST_WAITING) {
      socket.destroy();
      return;
    }
    // Who watches is read on, else its end would not be seen before something happens.
    if (!session.isWatching) socket.pause();
    turn = turn
      .then(() => answerAll(socket, session, lines, onFault))
      .then(
        () => {
          waiting -= lines.length;
          socket.resume();
        },
        (error) => {
          onFault(error);
          socket.destroy();
        },
      );
  });
}

async function answerAll(
  socket: Socket,
  session: RpcSession,
  lines: readonly string[],
  onFault: (error: unknown) => void,
): Promise<void> {
  for (const line of lines) {
    if (line.trim() === '') continue;
    const given = await answer(session, line, onFault);
    if (given === undefined) continue;
    if (socket.destroyed) return;
    socket.write(`${JSON.stringify(given)}\n`);
    if (socket.writableLength > LONGEST_ANSWER) socket.destroy();
    else if (socket.writableNeedDrain) await drained(socket);
  }
}

const drained = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
