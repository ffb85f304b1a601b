/** Opens one connection to a server: TCP, TLS or a WebSocket over either (RFC 3261 §18, RFC 5922, RFC 7118 §4). */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { WebSocket } from 'ws';
import { isSecure } from '../../../proxy-core/sip/transport/port.ts';
import {
  type CertificateProblem,
  certificateWords,
  type TrustedCertificate,
} from '../../shared/connection-settings.ts';
import type { Way } from './server-finder.ts';
import { authoritiesFor, certificateProblem } from './server-trust.ts';

export type Dialed =
  | { readonly ok: true; readonly socket: Socket | TLSSocket; readonly webSocket: WebSocket | undefined }
  | { readonly ok: false; readonly reason: string; readonly certificate?: CertificateProblem };

/** A server that takes no connection within this time has none to give. */
const CONNECT_MS = 4_000;
const MAX_MESSAGE = 65_535;
const MIN_VERSION = 'TLSv1.2';

/** Never rejects. The connection is open, and its certificate found good, or it is closed again. */
export function dial(way: Way, trusted: readonly TrustedCertificate[], localAddress?: string): Promise<Dialed> {
  const { hop, server, path } = way;
  const { host, port, transport } = hop;
  const name = hop.name ?? host;
  const secure = isSecure(transport);
  return new Promise((resolve) => {
    const to = { host, port, ...(localAddress === undefined ? {} : { localAddress }) };
    const ca = authoritiesFor(server, trusted);
    const socket: Socket | TLSSocket = secure
      ? connectTls({
          ...to,
          ...(ca === undefined ? {} : { ca }),
          minVersion: MIN_VERSION,
          // Looked at below, where a person's trust counts too. Nothing is sent before.
          rejectUnauthorized: false,
          checkServerIdentity: () => undefined,
          servername: isIP(name) === 0 ? name : '',
        })
      : connect(to);
    let webSocket: WebSocket | undefined;
    const fail = (reason: string, certificate?: CertificateProblem): void => {
      clearTimeout(timer);
      webSocket?.terminate();
      socket.destroy();
      resolve({ ok: false, reason, ...(certificate === undefined ? {} : { certificate }) });
    };
    const timer = setTimeout(() => fail(`no connection within ${CONNECT_MS / 1_000} s`), CONNECT_MS);
    const failed = (error: Error): void => fail(error.message);
    const ended = (): void => fail('the connection was closed at once');
    socket.once('error', failed).once('close', ended);
    const opened = (): void => {
      clearTimeout(timer);
      socket.off('error', failed).off('close', ended);
      webSocket?.off('error', failed);
      resolve({ ok: true, socket, webSocket });
    };
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      const problem = secure ? certificateProblem(socket as TLSSocket, server, name, trusted, Date.now()) : undefined;
      if (problem !== undefined) fail(certificateWords(problem), problem);
      else if (transport === 'WS' || transport === 'WSS') {
        const authority = host.includes(':') ? `[${host}]` : (hop.name ?? host);
        webSocket = new WebSocket(`ws://${authority}:${port}${path}`, ['sip'], {
          createConnection: () => socket,
          perMessageDeflate: false,
          followRedirects: false,
          maxPayload: MAX_MESSAGE,
          handshakeTimeout: CONNECT_MS,
        });
        // An answer that is no WebSocket, or no SIP, is an error of the library.
        webSocket.once('open', opened).on('error', failed);
      } else opened();
    });
  });
}
