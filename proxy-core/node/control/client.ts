/** The other end of a running exchange's control socket. */
import { connect, type Socket } from 'node:net';
import { AdminError, type AdminErrorKind } from './errors.ts';
import { LineCutter } from './lines.ts';
import type { ExchangeAdmin, MethodName, Params, Result, Watched, WatchName } from './methods.ts';
import { osUser } from './os-user.ts';
import { LONGEST_ANSWER, LONGEST_REQUEST } from './rpc.ts';
import { controlPath } from './socket-path.ts';
import { eventsOf, type OpenWatch, type WatchEvent } from './watch.ts';

export interface RemoteAdmin extends ExchangeAdmin {
  close(): void;
}

const CONNECT_MS = 2_000;
/** An import of many users takes seconds. */
const CALL_MS = 120_000;

interface Waiting {
  readonly settle: (answer: { result: unknown } | AdminError) => void;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/** Connects to the exchange that runs on `dataDir`; gives undefined when none does. */
export async function connectControl(dataDir: string): Promise<RemoteAdmin | undefined> {
  const path = controlPath(dataDir);
  const socket = await open(path);
  if (socket === undefined) return undefined;
  const wire = new Wire(socket);
  await wire.call('session.begin', { by: osUser() }, CALL_MS);
  return remoteAdmin(wire, path);
}

function remoteAdmin(wire: Wire, path: string): RemoteAdmin {
  const watches = new Set<Wire>();
  /** Each watch has a connection of its own: nothing else waits for what may never happen. */
  const openWatch = async <M extends WatchName>(
    method: M,
    params: Params<M>,
    snapshot: boolean,
  ): Promise<OpenWatch<Watched<M>>> => {
    const socket = await open(path);
    if (socket === undefined) throw new AdminError('unreachable', 'The exchange has ended.');
    const own = new Wire(socket);
    watches.add(own);
    let isOpen = true;
    const close = (): void => {
      isOpen = false;
      watches.delete(own);
      own.close();
    };
    try {
      await own.call('watch.open', { method, params, snapshot }, CALL_MS);
    } catch (error) {
      close();
      throw error;
    }
    const next = (): Promise<readonly WatchEvent<Watched<M>>[]> =>
      (own.call('watch.next', {}) as Promise<WatchEvent<Watched<M>>[]>).catch((error: unknown) => {
        if (isOpen) throw error;
        return [];
      });
    return { next, close };
  };
  return {
    call: <M extends MethodName>(method: M, params: Params<M>) =>
      wire.call(method, params, CALL_MS) as Promise<Result<M>>,
    watch: (method, params, { snapshot = true, signal } = {}) => eventsOf(openWatch(method, params, snapshot), signal),
    close() {
      for (const one of watches) one.close();
      wire.close();
    },
  };
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

/** JSON-RPC over one socket. */
class Wire {
  readonly #socket: Socket;
  readonly #cutter = new LineCutter(LONGEST_ANSWER);
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #gone: AdminError | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.removeAllListeners('error');
    socket.on('error', () => undefined);
    socket.on('close', () => this.#end(new AdminError('unreachable', 'The exchange ended before it answered.')));
    socket.on('data', (chunk) => {
      const answers = this.#cutter.push(chunk)?.map(readAnswer);
      for (const one of answers ?? [undefined]) {
        if (one !== undefined) this.#finish(one.id, one.answer);
        else this.#end(new AdminError('unreachable', 'The exchange gave an answer that makes no sense.'));
      }
    });
  }

  /** @param ms how long it may take; without it, for ever. */
  call(method: string, params: unknown, ms?: number): Promise<unknown> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    this.#lastId += 1;
    const id = this.#lastId;
    const text = `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
    if (Buffer.byteLength(text) > LONGEST_REQUEST) {
      return Promise.reject(new AdminError('invalid', 'That is too much at once: split it into smaller parts.'));
    }
    return new Promise((resolve, reject) => {
      const late = new AdminError('unreachable', 'The exchange took too long to answer.');
      const timer = ms === undefined ? undefined : setTimeout(() => this.#finish(id, late), ms);
      const settle = (answer: { result: unknown } | AdminError): void =>
        answer instanceof AdminError ? reject(answer) : resolve(answer.result);
      this.#waiting.set(id, { settle, timer });
      this.#socket.write(text);
    });
  }

  close(): void {
    this.#end(new AdminError('unreachable', 'The connection to the exchange is closed.'));
  }

  #finish(id: number, answer: { result: unknown } | AdminError): void {
    const one = this.#waiting.get(id);
    if (one === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(one.timer);
    one.settle(answer);
  }

  #end(error: AdminError): void {
    this.#gone ??= error;
    this.#socket.destroy();
    for (const id of [...this.#waiting.keys()]) this.#finish(id, error);
  }
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
