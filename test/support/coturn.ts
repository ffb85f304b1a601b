/** coturn on 127.0.0.1: a STUN and TURN server that is not ours, by UDP, TCP and TLS. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeStun } from '../../proxy-core/media/ice/stun-message.ts';
import type { TurnServer } from '../../proxy-core/media/ice/turn/link.ts';
import { makeCertificate } from './certificates.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

/** What it relays from is above all that we open ourselves. */
export const FIRST_RELAYED = 49_152;

export class Coturn {
  readonly port: number;
  readonly #ca: string;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(port: number, ca: string, folder: string, process: ChildProcess) {
    this.port = port;
    this.#ca = ca;
    this.#folder = folder;
    this.#process = process;
  }

  /** Resolves once it answers. @param nonceSeconds how long a nonce counts. */
  static async start({ nonceSeconds = 0 } = {}): Promise<Coturn> {
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'tandem-coturn-'));
    const { cert, key } = await makeCertificate({ names: ['127.0.0.1'] });
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await Promise.all([writeFile(certFile, cert), writeFile(keyFile, key)]);
    const options = {
      'listening-ip': '127.0.0.1',
      'relay-ip': '127.0.0.1',
      'listening-port': port,
      'tls-listening-port': port + 1,
      'min-port': FIRST_RELAYED,
      'max-port': 65_535,
      realm: 'office.example',
      user: 'anna:secret',
      cert: certFile,
      pkey: keyFile,
      'log-file': 'stdout',
      pidfile: join(folder, 'pid'),
      userdb: join(folder, 'users'),
      ...(nonceSeconds > 0 && { 'stale-nonce': nonceSeconds }),
    };
    const switches = ['-n', '--lt-cred-mech', '--allow-loopback-peers', '--no-cli', '--no-dtls', '--fingerprint'];
    const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    const coturn = new Coturn(port, cert, folder, spawn('turnserver', [...switches, ...args], { stdio: 'ignore' }));
    const probe = createSocket('udp4');
    let isThere = false;
    probe.on('message', () => {
      isThere = true;
    });
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

  server(transport: TurnServer['transport'], password = 'secret'): TurnServer {
    const port = transport === 'tls' ? this.port + 1 : this.port;
    const endpoint = { address: '127.0.0.1', port };
    return { endpoint, transport, name: '127.0.0.1', username: 'anna', password, ca: this.#ca };
  }

  async close(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGKILL');
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}
