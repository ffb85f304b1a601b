/** A whole exchange on loopback, inside the test's own process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../proxy-core/node/log.ts';
import { startExchange } from '../../proxy-core/node/start.ts';
import type { ExchangeHandle, ExchangeOptions } from '../../proxy-core/node/start-options.ts';
import { freePort } from './ports.ts';

export interface TestOfficeOptions
  extends Partial<
    Pick<
      ExchangeOptions,
      | 'mode'
      | 'domains'
      | 'listen'
      | 'settings'
      | 'tls'
      | 'proxyFrom'
      | 'wsOrigins'
      | 'route'
      | 'trustLoopback'
      | 'guard'
      | 'limits'
      | 'registrar'
    >
  > {
  /** Numbers, each with its password. */
  readonly users?: Readonly<Record<string, string>>;
}

export class TestOffice {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'tandem-office-'));
  /** Every line of the log, as JSON. */
  readonly log: string[] = [];
  readonly #options: TestOfficeOptions;
  #listen: readonly string[] = [];
  #handle: ExchangeHandle | undefined;

  private constructor(options: TestOfficeOptions) {
    this.#options = options;
  }

  static async open(options: TestOfficeOptions = {}): Promise<TestOffice> {
    const office = new TestOffice(options);
    const port = await freePort();
    office.#listen = options.listen ?? [`udp://127.0.0.1:${port}`, `tcp://127.0.0.1:${port}`];
    await office.start();
    for (const [number, password] of Object.entries(options.users ?? {})) {
      await office.handle.admin.call('users.add', { number, password });
    }
    return office;
  }

  get handle(): ExchangeHandle {
    if (this.#handle === undefined) throw new Error('the exchange is closed');
    return this.#handle;
  }

  get tls(): ExchangeOptions['tls'] {
    return this.#options.tls;
  }

  get port(): number {
    return Number(/:(\d+)$/.exec(this.handle.listeners[0] ?? '')?.[1]);
  }

  /** Opens it, also again on the same data and ports. */
  async start(): Promise<void> {
    this.#handle = await startExchange({
      mode: 'proxy',
      domains: ['127.0.0.1'],
      ...this.#options,
      listen: this.#listen,
      dataDir: this.dataDir,
      log: createLog({ level: 'info', destination: { write: (line) => void this.log.push(line) } }),
    });
    this.#listen = this.#handle.listeners;
  }

  async stop(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
