/** The other end of a running exchange's control socket. */
import { connect, type Socket } from 'node:net';
import { AdminError, type AdminErrorKind } from './errors.ts';
import { LineCutter } from './lines.ts';
import type { ExchangeAdmin, MethodName, Params, Result } from './methods.ts';
import { LONGEST_ANSWER, LONGEST_REQUEST } from './rpc.ts';
import { controlPath } from './socket-path.ts';

export interface RemoteAdmin extends ExchangeAdmin {
  close(): void;
}

const CONNECT_MS = 2_000;
/** An import of many users takes seconds. */
const CALL_MS = 120_000;

interface Waiting {
  readonly settle: (answer: { result: unknown } | AdminError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Connects to the exchange that runs on `dataDir`; gives undefined when none does. */
export async function connectControl(dataDir: string): Promise<RemoteAdmin | undefined> {
  const socket = await open(controlPath(dataDir));
  return socket === undefined ? undefined : remoteAdmin(socket);
}

function open(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new AdminError('unreachable', 'The exchange that runs on this data directory does not answer.'));
    }, CONNECT_MS);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED' || error.code === 'ENOTDIR') resolve(undefined);
      else {
        const reason = error.code === 'EACCES' ? 'it belongs to another user of this computer' : error.message;
        reject(new AdminError('unreachable', `The running exchange cannot be asked: ${reason}.`, { cause: error }));
      }
    });
  });
}

function remoteAdmin(socket: Socket): RemoteAdmin {
  const cutter = new LineCutter(LONGEST_ANSWER);
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let gone: AdminError | undefined;

  const finish = (id: number, answer: { result: unknown } | AdminError): void => {
    const one = waiting.get(id);
    if (one === undefined) return;
    waiting.delete(id);
    clearTimeout(one.timer);
    one.settle(answer);
  };
  const end = (error: AdminError): void => {
    gone ??= error;
    socket.destroy();
    for (const id of [...waiting.keys()]) finish(id, error);
  };

  socket.removeAllListeners('error');
  socket.on('error', () => undefined);
  socket.on('close', () => end(new AdminError('unreachable', 'The exchange ended before it answered.')));
  socket.on('data', (chunk) => {
    const answers = cutter.push(chunk)?.map(readAnswer);
    for (const one of answers ?? [undefined]) {
      if (one === undefined) end(new AdminError('unreachable', 'The exchange gave an answer that makes no sense.'));
      else finish(one.id, one.answer);
    }
  });

  return {
    call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
      if (gone !== undefined) return Promise.reject(gone);
      lastId += 1;
      const id = lastId;
      const text = `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
      if (Buffer.byteLength(text) > LONGEST_REQUEST) {
        return Promise.reject(new AdminError('invalid', 'That is too much at once: split it into smaller parts.'));
      }
      return new Promise((resolve, reject) => {
        const late = new AdminError('unreachable', 'The exchange took too long to answer.');
        const timer = setTimeout(() => finish(id, late), CALL_MS);
        const settle = (answer: { result: unknown } | AdminError): void =>
          answer instanceof AdminError ? reject(answer) : resolve(answer.result as Result<M>);
        waiting.set(id, { settle, timer });
        socket.write(text);
      });
    },
    close: () => end(new AdminError('unreachable', 'The connection to the exchange is closed.')),
  };
}

const KINDS: readonly string[] = ['invalid', 'exists', 'unknown', 'storage', 'internal'] satisfies AdminErrorKind[];

function readAnswer(line: string): { id: number; answer: { result: unknown } | AdminError } | undefined {
  try {
    const { id, result, error } = JSON.parse(line);
    if (error === undefined) return typeof id === 'number' ? { id, answer: { result } } : undefined;
    const kind = KINDS.includes(error.data?.kind) ? (error.data.kind as AdminErrorKind) : 'internal';
    return { id, answer: new AdminError(kind, String(error.message)) };
  } catch {
    return undefined;
  }
}
