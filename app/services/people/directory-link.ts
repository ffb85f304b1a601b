/** The connection to one directory (LDAP, RFC 4511): opened when it is first asked, signed in, let go when nobody asks. */

import type { connect as connectTcp, Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { Client, type Entry, InvalidCredentialsError, NoSuchObjectError, ResultCodeError } from 'ldapts';
import type { DirectoryAccount, DirectoryWay } from '../../shared/directories.ts';
import { MOST_FOUND } from '../../shared/directories.ts';
import { authoritiesFor, certificateProblem } from '../phone/server-trust.ts';
import { connectTo, secure } from './web-agent.ts';
import { certificateError, WebError, webErrorOf } from './web-error.ts';

const ANSWER_MS = 6_000;
/** Seconds that the server is to look. */
const LOOK_S = 4;
const IDLE_MS = 60_000;
/** Bytes that one question may bring. */
const MAX_ANSWER = 8_000_000;
const PORTS: Readonly<Record<DirectoryWay, number>> = { tls: 636, starttls: 389, none: 389 };

export interface Asked {
  readonly filter: string;
  readonly fields: string[];
  readonly most?: number;
}

export class DirectoryLink {
  readonly #account: DirectoryAccount;
  readonly #loopback: boolean;
  readonly #host: string;
  readonly #port: number;
  #client: Promise<Client> | undefined;
  #base: string;
  #idle: NodeJS.Timeout | undefined;
  #received = 0;

  /** Throws WebError where the server cannot be one. */
  constructor(account: DirectoryAccount, loopback: boolean) {
    const { server, way, base } = account;
    const [, host = '', port] =
      /^(?:ldaps?:\/\/)?(\[[0-9a-f:.]+\]|[^\s:/]+)(?::(\d{1,5}))?\/?$/i.exec(server.trim()) ?? [];
    if (host === '') throw new WebError(`${server} is no directory; type something like ldap.office.example.`, 'other');
    this.#account = account;
    this.#loopback = loopback;
    this.#host = host.replace(/^\[|\]$/g, '');
    this.#port = port === undefined ? PORTS[way] : Number(port);
    this.#base = base;
  }

  /** Rejects with WebError. A connection that has gone meanwhile is opened once more. */
  async search(asked: Asked): Promise<Entry[]> {
    const isOpen = this.#client !== undefined;
    try {
      return await this.#ask(asked);
    } catch (error) {
      this.close();
      if (!isOpen || error instanceof ResultCodeError || error instanceof WebError) throw this.#worded(error);
    }
    try {
      return await this.#ask(asked);
    } catch (error) {
      this.close();
      throw this.#worded(error);
    }
  }

  close(): void {
    clearTimeout(this.#idle);
    // One that was never opened, or is gone, needs no goodbye.
    this.#client?.then((client) => client.unbind()).catch(() => {});
    this.#client = undefined;
  }

  async #ask({ filter, fields, most = MOST_FOUND }: Asked): Promise<Entry[]> {
    clearTimeout(this.#idle);
    this.#client ??= this.#open();
    const client = await this.#client;
    this.#received = 0;
    const { searchEntries } = await client.search(this.#base, {
      ...{ scope: 'sub', filter, attributes: fields, sizeLimit: most, timeLimit: LOOK_S },
    });
    this.#idle = setTimeout(() => this.close(), IDLE_MS);
    this.#idle.unref();
    return searchEntries;
  }

  async #open(): Promise<Client> {
    const { way, user, password, trusted } = this.#account;
    const [host, trust] = [this.#host, { server: `${this.#host}:${this.#port}`, trusted }];
    const plain = await connectTo({ host, port: this.#port, loopback: this.#loopback });
    const socket = way === 'tls' ? await secure(plain, host, trust) : plain;
    this.#count(socket);
    socket.once('close', () => {
      this.#client = undefined;
    });
    let upgraded: TLSSocket | undefined;
    let isTaken = false;
    const ca = authoritiesFor(trust.server, trusted);
    const client = new Client({
      url: 'ldap://directory',
      timeout: ANSWER_MS,
      createConnection: (() => {
        // It would go on with one that is closed.
        if (isTaken) throw new Error('the connection was closed');
        isTaken = true;
        return socket;
      }) as unknown as typeof connectTcp,
      createSecureConnection: ((options: { socket: Socket }) => {
        upgraded = connectTls({
          ...{ socket: options.socket, minVersion: 'TLSv1.2', servername: '' },
          ...(ca === undefined ? {} : { ca }),
          // Looked at below, before anything is said.
          rejectUnauthorized: false,
          checkServerIdentity: () => undefined,
        });
        return upgraded;
      }) as unknown as typeof connectTls,
    });
    try {
      if (way === 'starttls') {
        await client.startTLS();
        const problem = upgraded && certificateProblem(upgraded, trust.server, host, trusted, Date.now());
        if (upgraded === undefined) throw new WebError(`${host} does not speak TLS there.`, 'other');
        if (problem !== undefined) throw certificateError(problem);
      }
      if (user !== '') await client.bind(user, password);
      if (this.#base === '') this.#base = await baseOf(client);
      return client;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  #count(socket: Socket): void {
    socket.on('data', (data: Buffer) => {
      this.#received += data.length;
      if (this.#received > MAX_ANSWER) socket.destroy();
    });
  }

  #worded(error: unknown): WebError {
    const host = this.#host;
    if (error instanceof WebError) return error;
    if (error instanceof InvalidCredentialsError) {
      return new WebError(`${host} does not accept this name and password.`, 'password');
    }
    if (error instanceof NoSuchObjectError) {
      return new WebError(`${host} has nothing below ${this.#base || 'the root'}.`, 'gone');
    }
    if (error instanceof ResultCodeError) {
      const what = error.message
        .replace(/\s*Code: 0x[0-9a-f]+\s*$/i, '')
        .replace(/[\p{Cc}.]+/gu, ' ')
        .trim()
        .slice(0, 200);
      return new WebError(`${host} does not answer that: ${what}.`, 'denied');
    }
    return webErrorOf(error, host);
  }
}

/** Where the server says that its entries are. */
async function baseOf(client: Client): Promise<string> {
  const { searchEntries } = await client.search('', {
    ...{ scope: 'base', filter: '(objectClass=*)', attributes: ['defaultNamingContext', 'namingContexts'] },
  });
  const [root] = searchEntries;
  const named = [root?.defaultNamingContext, root?.namingContexts].flat().find((one) => typeof one === 'string' && one);
  return typeof named === 'string' ? named : '';
}
