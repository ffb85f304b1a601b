/** Radicale on 127.0.0.1: a CardDAV server that is not ours, plain or by TLS, with one user and his address books. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pem } from './certificates.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

export const DAV_USER = 'anna';
export const DAV_PASSWORD = 'correct horse';

export interface RadicaleOptions {
  readonly tls?: Pem;
  /** Names of address books; `office` alone where nothing is said. */
  readonly books?: readonly string[];
  /** Those of them that may only be read. */
  readonly readOnly?: readonly string[];
  /** The one to use again, and the folder of one that was stopped. */
  readonly port?: number;
  readonly folder?: string;
}

export class Radicale {
  readonly port: number;
  readonly folder: string;
  readonly #process: ChildProcess;
  readonly #keep: boolean;

  private constructor(port: number, folder: string, process: ChildProcess, keep: boolean) {
    this.port = port;
    this.folder = folder;
    this.#process = process;
    this.#keep = keep;
  }

  static async start({ tls, books = ['office'], readOnly = [], ...again }: RadicaleOptions = {}): Promise<Radicale> {
    const port = again.port ?? (await freePort());
    const folder = again.folder ?? (await mkdtemp(join(tmpdir(), 'tandem-radicale-')));
    const file = async (name: string, text: string): Promise<string> => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    };
    const rights = readOnly
      .map((name) => `[${name}]\nuser: .+\ncollection: {user}/${name}\npermissions: r\n`)
      .join('\n');
    const all =
      '[root]\nuser: .+\ncollection:\npermissions: R\n\n[own]\nuser: .+\ncollection: {user}(/[^/]+)?\npermissions: RWrw\n';
    const config = [
      '[server]',
      `hosts = 127.0.0.1:${port}`,
      ...(tls === undefined
        ? []
        : [
            'ssl = True',
            `certificate = ${await file('cert.pem', tls.cert)}`,
            `key = ${await file('key.pem', tls.key)}`,
          ]),
      '[auth]',
      'type = htpasswd',
      `htpasswd_filename = ${await file('users', `${DAV_USER}:${DAV_PASSWORD}\n`)}`,
      'htpasswd_encryption = plain',
      'delay = 0',
      '[rights]',
      'type = from_file',
      `file = ${await file('rights', `${rights}\n${all}`)}`,
      '[storage]',
      `filesystem_folder = ${join(folder, 'collections')}`,
      '[logging]',
      'level = warning',
    ].join('\n');
    for (const name of books) {
      const at = join(folder, 'collections/collection-root', DAV_USER, name);
      await mkdir(at, { recursive: true });
      await writeFile(
        join(at, '.Radicale.props'),
        JSON.stringify({ tag: 'VADDRESSBOOK', 'D:displayname': `Book ${name}` }),
      );
    }
    const started = spawn('radicale', ['--config', await file('config', config)], { stdio: 'ignore' });
    const server = new Radicale(port, folder, started, again.folder !== undefined);
    try {
      await until('radicale', () => server.accepts());
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  bookFolder(name: string): string {
    return join(this.folder, 'collections/collection-root', DAV_USER, name);
  }

  /** Writes a card as another program would; gives the status. */
  put(book: string, name: string, text: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
    return this.#ask('PUT', `/${DAV_USER}/${book}/${name}`, headers, text).then(({ status }) => status);
  }

  async get(book: string, name: string): Promise<string> {
    return (await this.#ask('GET', `/${DAV_USER}/${book}/${name}`)).body;
  }

  remove(book: string, name: string): Promise<number> {
    return this.#ask('DELETE', `/${DAV_USER}/${book}/${name}`).then(({ status }) => status);
  }

  async accepts(): Promise<boolean> {
    const socket = connect(this.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
    return true;
  }

  /** What it kept stays where `keep` says so. */
  async stop({ keep = this.#keep }: { readonly keep?: boolean } = {}): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    const gone = exitCode === null && signalCode === null ? once(this.#process, 'exit') : undefined;
    this.#process.kill('SIGKILL');
    await gone;
    if (!keep) await rm(this.folder, { recursive: true, force: true });
  }

  #ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: string,
  ): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const auth = `${DAV_USER}:${DAV_PASSWORD}`;
      const asked = request({ ...{ host: '127.0.0.1', port: this.port, method, path, auth }, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }));
      });
      asked.on('error', reject).end(body);
    });
  }
}
