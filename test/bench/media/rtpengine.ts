/** Debian's rtpengine in user space, as a program of its own, steered by its "ng" protocol: bencoded dictionaries over UDP. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';
import { cpuMs } from '../cpu.ts';

const PATIENCE_MS = 2_000;
/** Away from the ports that the gateway takes, and from those that systems hand out by themselves. */
const PORTS = { min: 10_000, max: 14_000 };

type Words = Readonly<Record<string, string | readonly string[]>>;

export class Rtpengine {
  readonly #child: ChildProcess;
  readonly #socket: Socket;
  readonly #port: number;
  readonly #waiting = new Map<string, (reply: string) => void>();
  #asked = 0;

  private constructor(child: ChildProcess, socket: Socket, port: number) {
    this.#child = child;
    this.#socket = socket;
    this.#port = port;
    socket.on('message', (data) => {
      const text = data.toString('latin1');
      const at = text.indexOf(' ');
      this.#waiting.get(text.slice(0, at))?.(text.slice(at + 1));
      this.#waiting.delete(text.slice(0, at));
    });
  }

  /** Undefined where it is not installed. @throws where it does not begin to answer. */
  static async start(): Promise<Rtpengine | undefined> {
    const port = await freePort();
    const child = spawn(
      'rtpengine',
      [
        ...[
          '--config-file=none',
          '--foreground',
          '--log-stderr',
          '--log-level=3',
          '--table=-1',
          '--interface=127.0.0.1',
        ],
        ...[`--listen-ng=127.0.0.1:${port}`, `--port-min=${PORTS.min}`, `--port-max=${PORTS.max}`],
      ],
      { stdio: 'ignore' },
    );
    let missing = false;
    child.once('error', () => {
      missing = true;
    });
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const engine = new Rtpengine(child, socket, port);
    try {
      await until('rtpengine to answer', async () => missing || (await engine.#ask({ command: 'ping' }, 200)));
      if (!missing) return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
    socket.close();
    return undefined;
  }

  /** Its processor time since it began, ms. */
  get cpuMs(): number {
    return cpuMs(this.#child.pid ?? 0);
  }

  /** Gives the description for the side that is called: with keys of every suite that it knows, or in the clear. */
  async offer(id: string, sdp: string, protects: boolean): Promise<string> {
    const words = { 'transport-protocol': protects ? 'RTP/SAVP' : 'RTP/AVP', DTLS: 'off' };
    return this.#describe({ command: 'offer', 'call-id': id, 'from-tag': 'caller', sdp, ...words, ...PLAIN });
  }

  async answer(id: string, sdp: string): Promise<string> {
    return this.#describe({
      command: 'answer',
      'call-id': id,
      'from-tag': 'caller',
      'to-tag': 'called',
      sdp,
      ...PLAIN,
    });
  }

  async remove(id: string): Promise<void> {
    await this.#ask({ command: 'delete', 'call-id': id, 'from-tag': 'caller', 'delete-delay': '0' });
  }

  async close(): Promise<void> {
    this.#socket.close();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await gone;
  }

  async #describe(words: Words): Promise<string> {
    const reply = await this.#ask(words);
    const at = /3:sdp(\d+):/.exec(reply);
    if (!reply.includes('6:result2:ok') || !at) throw new Error(`rtpengine refused: ${reply}`);
    const from = at.index + at[0].length;
    return reply.slice(from, from + Number(at[1]));
  }

  #ask(words: Words, patienceMs = PATIENCE_MS): Promise<string> {
    const cookie = `tandem${++this.#asked}`;
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error('rtpengine does not answer')), patienceMs);
      this.#waiting.set(cookie, (reply) => {
        clearTimeout(limit);
        resolve(reply);
      });
      this.#socket.send(`${cookie} ${dictionary(words)}`, this.#port, '127.0.0.1');
    });
  }
}

/** Only what is measured: no ICE, and the addresses of the descriptions hold. */
const PLAIN: Words = { ICE: 'remove', replace: ['origin', 'session-connection'], flags: ['trust-address'] };

const text = (value: string): string => `${Buffer.byteLength(value)}:${value}`;
const dictionary = (words: Words): string =>
  `d${Object.entries(words)
    .map(([key, value]) => text(key) + (typeof value === 'string' ? text(value) : `l${value.map(text).join('')}e`))
    .join('')}e`;
