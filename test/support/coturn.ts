/** coturn on 127.0.0.1 or in a network namespace: a STUN and TURN server that is not ours, by UDP, TCP and TLS. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TurnServer } from '../../proxy-core/media/ice/turn/link.ts';
import { makeCertificate } from './certificates.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

/** What it relays from is above all that we open ourselves. */
export const FIRST_RELAYED = 49_152;

interface Namespace {
  readonly name: string;
  readonly address: string;
}

export class Coturn {
  readonly port: number;
  readonly #address: string;
  readonly #ca: string;
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(port: number, address: string, ca: string, folder: string, process: ChildProcess) {
    this.port = port;
    this.#address = address;
    this.#ca = ca;
    this.#folder = folder;
    this.#process = process;
  }

  /** Resolves once it answers. @param namespace where it runs, and its address there (see netns.ts). */
  static async start({ namespace }: { readonly namespace?: Namespace } = {}): Promise<Coturn> {
    const address = namespace?.address ?? '127.0.0.1';
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'tandem-coturn-'));
    const { cert, key } = await makeCertificate({ names: [address] });
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await Promise.all([writeFile(certFile, cert), writeFile(keyFile, key)]);
    const options = {
      'listening-ip': address,
      'relay-ip': address,
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
    };
    const switches = ['-n', '--lt-cred-mech', '--allow-loopback-peers', '--no-cli', '--no-dtls', '--fingerprint'];
    const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
    const within = namespace ? ['ip', 'netns', 'exec', namespace.name] : [];
    const [program = '', ...words] = [...within, 'turnserver', ...switches, ...args];
    const coturn = new Coturn(port, address, cert, folder, spawn(program, words, { stdio: 'ignore' }));
    const [look = '', ...where] = [...within, 'ss', '-Htuln'];
    try {
      await until('coturn', () => {
        const open = execFileSync(look, where, { encoding: 'utf8' });
        return ['udp', 'tcp'].every((kind) => new RegExp(`^${kind} .*${address}:${port}\\b`, 'm').test(open));
      });
    } catch (error) {
      await coturn.close();
      throw error;
    }
    return coturn;
  }

  server(transport: TurnServer['transport'], password = 'secret'): TurnServer {
    const port = transport === 'tls' ? this.port + 1 : this.port;
    const endpoint = { address: this.#address, port };
    return { endpoint, transport, name: this.#address, username: 'anna', password, ca: this.#ca };
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
