/** coturn on 127.0.0.1: a STUN server that is not ours. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeStun } from '../../proxy-core/media/ice/stun-message.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

export class Coturn {
  readonly port: number;
  readonly #process: ChildProcess;

  private constructor(port: number, process: ChildProcess) {
    this.port = port;
    this.#process = process;
  }

  /** Resolves once it answers. */
  static async start(): Promise<Coturn> {
    const port = await freePort();
    const args = ['-n', '--listening-ip', '127.0.0.1', '--listening-port', String(port), '--stun-only', '--no-tls'];
    const quiet = ['--no-dtls', '--no-cli', '--log-file', 'stdout', '--pidfile', '/dev/null'];
    const coturn = new Coturn(port, spawn('turnserver', [...args, ...quiet], { stdio: 'ignore' }));
    const probe = createSocket('udp4');
    let isThere = false;
    probe.on('message', () => (isThere = true));
    try {
      await until('coturn', () => {
        probe.send(writeStun({ kind: 'request', method: 1, transactionId: '0c'.repeat(12) }, []), port, '127.0.0.1');
        return isThere;
      });
    } catch (error) {
      await coturn.close();
      throw error;
    } finally {
      probe.close();
    }
    return coturn;
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}
