/** Connections to a web server: kept open, to this computer alone where that is wanted, by TLS only to whom is believed. */
import { lookup as dnsLookup } from 'node:dns';
import { Agent, type ClientRequestArgs } from 'node:http';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { isLoopback } from '../../../proxy-core/node/dns.ts';
import type { TrustedCertificate } from '../../shared/connection-settings.ts';
import { authoritiesFor, certificateProblem } from '../phone/server-trust.ts';
import { certificateError, WebError } from './web-error.ts';

const CONNECT_MS = 10_000;
const MOST_CONNECTIONS = 4;
const MIN_VERSION = 'TLSv1.2';

export interface Reach {
  readonly host: string;
  readonly port: number;
  /** Nothing but this computer. */
  readonly loopback: boolean;
}

export interface Trust {
  /** What trust is kept under. */
  readonly server: string;
  readonly trusted: readonly TrustedCertificate[];
}

/** Opens a connection. Rejects with WebError, or the error of the socket. */
export async function connectTo(reach: Reach): Promise<Socket> {
  const { host, port, loopback } = reach;
  if (loopback && isIP(host) !== 0 && !isLoopback(host)) throw notHere(host);
  const socket = connectTcp({
    ...{ host, port, autoSelectFamily: true },
    lookup: loopback ? lookupHere : (dnsLookup as LookupFunction),
  });
  await opened(socket, 'connect', host);
  return socket;
}

/** Goes on by TLS, with a server whose certificate is good for its name or trusted. Nothing is sent before. */
export async function secure(socket: Socket, host: string, { server, trusted }: Trust): Promise<TLSSocket> {
  const ca = authoritiesFor(server, trusted);
  const tls = connectTls({
    socket,
    ...(ca === undefined ? {} : { ca }),
    minVersion: MIN_VERSION,
    // Looked at below, where a person's trust counts too.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    servername: isIP(host) === 0 ? host : '',
  });
  await opened(tls, 'secureConnect', host);
  const problem = certificateProblem(tls, server, host, trusted, Date.now());
  if (problem === undefined) return tls;
  tls.destroy();
  throw certificateError(problem);
}

function opened(socket: Socket, event: 'connect' | 'secureConnect', host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error): void => {
      clearTimeout(timer);
      socket.off('error', done).off('close', closed);
      if (error === undefined) resolve();
      else {
        socket.on('error', () => {}).destroy();
        reject(error);
      }
    };
    const closed = (): void => done(new WebError(`${host} broke the connection off.`, 'offline'));
    const timer = setTimeout(() => done(new WebError(`${host} does not answer.`, 'offline')), CONNECT_MS);
    socket
      .once('error', done)
      .once('close', closed)
      .once(event, () => done());
  });
}

const lookupHere: LookupFunction = (host, options, answer) => {
  dnsLookup(host, { ...options, all: true }, (error, addresses) => {
    const here = (addresses ?? []).filter(({ address }) => isLoopback(address));
    const [first] = here;
    if (error !== null || first === undefined) return answer(error ?? notHere(host), [], 0);
    if (options.all === true) answer(null, here);
    else answer(null, first.address, first.family);
  });
};

const notHere = (host: string): WebError =>
  new WebError(`${host} is not this computer, and nothing else may be reached now.`, 'offline');

/** For `http.request`, by TLS too: a connection is handed over only once its certificate is found good. */
export class CheckedAgent extends Agent {
  readonly #loopback: boolean;
  readonly #trust: Trust | undefined;

  /** @param trust undefined: without TLS */
  constructor(loopback: boolean, trust: Trust | undefined) {
    super({ keepAlive: true, maxSockets: MOST_CONNECTIONS, maxFreeSockets: MOST_CONNECTIONS, timeout: 60_000 });
    this.#loopback = loopback;
    this.#trust = trust;
  }

  override createConnection(
    { host, port }: ClientRequestArgs,
    made: (error: Error | null, stream: Duplex) => void = () => {},
  ): undefined {
    void this.#open(host ?? '', Number(port)).then(
      (socket) => made(null, socket),
      (error: Error) => made(error, undefined as unknown as Duplex),
    );
    return undefined;
  }

  async #open(host: string, port: number): Promise<Socket> {
    const socket = await connectTo({ host, port, loopback: this.#loopback });
    return this.#trust === undefined ? socket : secure(socket, host, this.#trust);
  }
}
