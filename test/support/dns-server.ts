/** A real dnsmasq in a network namespace, which knows what a test tells it and asks nobody. */
import { type ChildProcess, spawn } from 'node:child_process';
import { until } from './until.ts';

export interface DnsServerOptions {
  readonly namespace: string;
  readonly address: string;
  /** In words of dnsmasq, such as `--host-record=a.office.example,203.0.113.1`. */
  readonly records: readonly string[];
}

const ALONE = ['--no-daemon', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--pid-file=', '--user=root'];

export class DnsServer {
  readonly #process: ChildProcess;
  #output = '';

  private constructor(process: ChildProcess) {
    this.#process = process;
    process.stderr?.on('data', (chunk) => {
      this.#output = (this.#output + chunk.toString('utf8')).slice(-50_000);
    });
  }

  static async start({ namespace, address, records }: DnsServerOptions): Promise<DnsServer> {
    const where = [`--listen-address=${address}`, '--bind-interfaces', '--log-queries', '--log-facility=-'];
    const [program = '', ...words] = ['ip', 'netns', 'exec', namespace, 'dnsmasq', ...ALONE, ...where, ...records];
    const server = new DnsServer(spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] }));
    await until('dnsmasq to start', () => /started/.test(server.#output)).catch((error) => {
      server.close();
      throw new Error(`${error.message}\n${server.#output}`);
    });
    return server;
  }

  /** What it was asked so far, such as `query[SRV] _sip._tcp.office.example`. */
  get asked(): readonly string[] {
    return [...this.#output.matchAll(/query\[[^\]]+\] \S+/g)].map(([line]) => line);
  }

  close(): void {
    this.#process.kill('SIGKILL');
  }
}
