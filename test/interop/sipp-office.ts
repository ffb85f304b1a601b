/** An exchange with three users and the sipps around it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { TestOffice, type TestOfficeOptions } from '../support/exchange.ts';
import { freePort } from '../support/ports.ts';
import { Sipp } from '../support/sipp.ts';
import { CALLER, CREDENTIALS, receive, scenario, send } from '../support/sipp-scenario.ts';

export type SippTransport = 'u1' | 't1';

export class SippOffice {
  readonly office: TestOffice;
  readonly #dir = mkdtempSync(join(tmpdir(), 'sipp-office-'));
  readonly #running: Sipp[] = [];
  #count = 0;

  private constructor(office: TestOffice) {
    this.office = office;
  }

  static async open(options: TestOfficeOptions = {}): Promise<SippOffice> {
    const users = { 1001: 'pass', 1002: 'pass', 1003: 'pass' };
    return new SippOffice(await TestOffice.open({ users, ...options }));
  }

  /** Starts a scenario; its fields are the caller's number, the other's, and the caller's credentials. */
  start(xml: string, port: number, transport: SippTransport, from = '1001', to = '1002'): Sipp {
    const name = join(this.#dir, String(++this.#count));
    writeFileSync(`${name}.xml`, xml);
    writeFileSync(`${name}.csv`, `SEQUENTIAL\n${from};${to};[authentication username=${from} password=pass]\n`);
    const args = ['-sf', `${name}.xml`, '-inf', `${name}.csv`, '-i', '127.0.0.1', '-p', String(port), '-t', transport];
    const sipp = Sipp.start([...args, '-m', '1', '-timeout', '45s', '-timeout_error', `127.0.0.1:${this.office.port}`]);
    this.#running.push(sipp);
    return sipp;
  }

  async run(xml: string, transport: SippTransport, from?: string, to?: string): Promise<void> {
    const sipp = this.start(xml, await freePort(), transport, from, to);
    expect(await sipp.ended(), sipp.output).toBe(0);
  }

  /** Registers `contact`. */
  async register(number: string, contact: string, transport: SippTransport = 'u1'): Promise<void> {
    const uri = 'sip:[remote_ip]:[remote_port]';
    const lines = ['Expires: 600'];
    const once = (cseq: number, more: readonly string[]): string =>
      send({ method: 'REGISTER', uri, to: `<${CALLER}>`, cseq, lines: [...lines, ...more] }).replace(
        /^Contact: .*$/m,
        `Contact: <${contact}>`,
      );
    await this.run(scenario(once(1, []), receive(401), once(2, [CREDENTIALS]), receive(200)), transport, number);
  }

  /** A device of 1002 that plays this scenario. */
  async callee(xml: string): Promise<Sipp> {
    const port = await freePort();
    await this.register('1002', `sip:1002@127.0.0.1:${port}`);
    return this.start(xml, port, 'u1');
  }

  async close(): Promise<void> {
    for (const sipp of this.#running) await sipp.close();
    await this.office.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
