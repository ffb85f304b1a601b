/** The calling end of a socket that answers JSON-RPC, a line each (`line-server.ts`). */
import { connect, type Socket } from 'node:net';
import { AdminError, type AdminErrorKind } from './errors.ts';
import { LineCutter } from './lines.ts';
import { LONGEST_ANSWER, LONGEST_REQUEST } from './rpc.ts';

const CONNECT_MS = 2_000;

interface Waiting {
  readonly settle: (answer: { result: unknown } | AdminError) => void;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Gives undefined where nobody listens.
 * @param who answers there, as sentences name it: `The exchange`
 */
export async function openWire(path: string, who: string): Promise<Wire | undefined> {
  const socket = await open(path, who);
  return socket === undefined ? undefined : new Wire(socket, who);
}

function open(path: string, who: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new AdminError('unreachable', `${who} that runs with this data directory does not answer.`));
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
        reject(
          new AdminError('unreachable', `${who} that runs with this data directory cannot be asked: ${reason}.`, {
            cause: error,
          }),
        );
      }
    });
  });
}

/** JSON-RPC over one socket. */
export class Wire {
  readonly #socket: Socket;
  readonly #who: string;
  readonly #cutter = new LineCutter(LONGEST_ANSWER);
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #gone: AdminError | undefined;

  constructor(socket: Socket, who: string) {
    this.#socket = socket;
    this.#who = who;
    socket.removeAllListeners('error');
    // `close` follows.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#end(new AdminError('unreachable', `${who} ended before it answered.`)));
    socket.on('data', (chunk) => {
      const answers = this.#cutter.push(chunk)?.map(readAnswer);
      for (const one of answers ?? [undefined]) {
        if (one !== undefined) this.#finish(one.id, one.answer);
        else this.#end(new AdminError('unreachable', `${who} gave an answer that makes no sense.`));
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
      const late = new AdminError('unreachable', `${this.#who} took too long to answer.`);
      const timer = ms === undefined ? undefined : setTimeout(() => this.#finish(id, late), ms);
      const settle = (answer: { result: unknown } | AdminError): void =>
        answer instanceof AdminError ? reject(answer) : resolve(answer.result);
      this.#waiting.set(id, { settle, timer });
      this.#socket.write(text);
    });
  }

  close(): void {
    this.#end(new AdminError('unreachable', `${this.#who} is not asked any more.`));
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
