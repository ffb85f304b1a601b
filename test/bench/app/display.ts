/** A display of its own without a screen, and a client of it that hears of each window as it is shown (X11 protocol). */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';

const CHANGE_ATTRIBUTES = 2;
const EVENT_MASK = 0x800;
const SUBSTRUCTURE = 0x80000;
const [CREATED, MAPPED, CONFIGURED] = [16, 19, 22];
/** px: what is smaller is no window for people. */
const LEAST = 200;
const PATIENCE_MS = 60_000;

export class Display {
  readonly name: string;
  readonly #server: ChildProcess;
  readonly #socket: Socket;
  readonly #sizes = new Map<number, readonly [width: number, height: number]>();
  #shown: (at: number) => void = () => {};

  private constructor(name: string, server: ChildProcess, socket: Socket) {
    this.name = name;
    this.#server = server;
    this.#socket = socket;
  }

  static async open(): Promise<Display> {
    const words = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'];
    const server = spawn('Xvfb', words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const number = server.stdio[3] as Readable;
    const [said] = await once(number, 'data', { signal: AbortSignal.timeout(PATIENCE_MS) });
    const name = String(said).trim();
    const socket = connect(`/tmp/.X11-unix/X${name}`);
    const display = new Display(`:${name}`, server, socket);
    await display.#join();
    return display;
  }

  /** When the next window of some size is shown, ms since 1970. */
  nextWindow(): Promise<number> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error('no window was shown')), PATIENCE_MS);
      this.#shown = (at) => {
        clearTimeout(limit);
        this.#shown = () => {};
        resolve(at);
      };
    });
  }

  async close(): Promise<void> {
    this.#socket.destroy();
    this.#server.kill();
    if (this.#server.exitCode === null) await once(this.#server, 'exit');
  }

  #join(): Promise<void> {
    return new Promise((joined, failed) => {
      const limit = setTimeout(() => failed(new Error('the display does not answer')), PATIENCE_MS);
      let waiting = Buffer.alloc(0);
      let isIn = false;
      this.#socket.on('error', failed);
      this.#socket.on('data', (piece) => {
        waiting = Buffer.concat([waiting, piece]);
        if (!isIn) {
          const whole = waiting.length < 8 ? Number.POSITIVE_INFINITY : 8 + waiting.readUInt16LE(6) * 4;
          if (waiting.length < whole) return;
          isIn = true;
          this.#socket.write(watch(rootOf(waiting)));
          waiting = waiting.subarray(whole);
          clearTimeout(limit);
          joined();
        }
        for (; waiting.length >= 32; waiting = waiting.subarray(32)) this.#hear(waiting);
      });
      // In the order of this computer's bytes, version 11.0, nobody in particular.
      this.#socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    });
  }

  #hear(event: Buffer): void {
    const kind = event.readUInt8(0) & 0x7f;
    const window = event.readUInt32LE(8);
    if (kind === CREATED) this.#sizes.set(window, [event.readUInt16LE(16), event.readUInt16LE(18)]);
    else if (kind === CONFIGURED) this.#sizes.set(window, [event.readUInt16LE(20), event.readUInt16LE(22)]);
    else if (kind === MAPPED && (this.#sizes.get(window) ?? []).every((side) => side >= LEAST)) this.#shown(Date.now());
  }
}

/** From the answer to the first words: past the vendor and the formats stands the first screen. */
function rootOf(answer: Buffer): number {
  if (answer.readUInt8(0) !== 1) throw new Error('the display lets nobody in');
  const vendor = answer.readUInt16LE(8 + 16);
  return answer.readUInt32LE(8 + 32 + Math.ceil(vendor / 4) * 4 + answer.readUInt8(8 + 21) * 8);
}

function watch(root: number): Buffer {
  const request = Buffer.alloc(16);
  request.writeUInt8(CHANGE_ATTRIBUTES, 0);
  request.writeUInt16LE(4, 2);
  request.writeUInt32LE(root, 4);
  request.writeUInt32LE(EVENT_MASK, 8);
  request.writeUInt32LE(SUBSTRUCTURE, 12);
  return request;
}
