/** The way to a TURN server: the socket of a call, or a connection of its own by TCP or TLS (RFC 8656 §3.1). */

import type { Socket as DatagramSocket } from 'node:dgram';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Endpoint } from '../../../sip/sdp/index.ts';
import { isSameEndpoint, plainEndpoint } from '../candidate.ts';
import { StreamFrames } from './stream-frames.ts';

export interface TurnLinkEvents {
  /** One message of the server, whole. */
  readonly message: (data: Buffer) => void;
  /** It will never carry anything again. Not told after `close`. */
  readonly lost: () => void;
}

export interface TurnLink {
  /** Nothing is lost on the way, so nothing is sent twice. */
  readonly isReliable: boolean;
  send(data: Buffer): void;
  close(): void;
}

export interface TurnServer {
  readonly endpoint: Endpoint;
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** What its certificate must speak for. */
  readonly name: string;
  readonly username: string;
  readonly password: string;
  /** Authorities that are trusted instead of the usual ones. */
  readonly ca?: string | undefined;
}

/** What waits to be sent; sound that is late is worth nothing. */
const MAX_WAITING = 64 * 1024;

/** Takes only what comes from the server. */
export function datagramLink(socket: DatagramSocket, server: Endpoint, events: TurnLinkEvents): TurnLink {
  const at = plainEndpoint(server);
  const hear = (data: Buffer, from: Endpoint): void => {
    if (isSameEndpoint(plainEndpoint(from), at)) events.message(data);
  };
  socket.on('message', hear);
  return {
    isReliable: false,
    send: (data) => socket.send(data, at.port, at.address, () => undefined),
    close: () => void socket.removeListener('message', hear),
  };
}

/** @param localAddress what the connection leaves by. */
export function streamLink(server: TurnServer, localAddress: string, events: TurnLinkEvents): TurnLink {
  const { address: host, port } = server.endpoint;
  const { name, ca } = server;
  const raw = connectTcp({ host, port, localAddress });
  raw.setNoDelay(true);
  const socket: Socket =
    server.transport === 'tls'
      ? connectTls({ socket: raw, ...(isIP(name) === 0 && { servername: name }), host: name, ...(ca && { ca }) })
      : raw;
  const frames = new StreamFrames();
  let isOpen = true;
  const close = (): void => {
    isOpen = false;
    socket.destroy();
    raw.destroy();
  };
  const lose = (): void => {
    if (!isOpen) return;
    close();
    events.lost();
  };
  socket.on('data', (chunk) => {
    const messages = frames.push(chunk);
    if (!messages) return lose();
    for (const message of messages) if (isOpen) events.message(message);
  });
  for (const one of new Set([raw, socket])) one.on('error', lose).on('close', lose);
  return {
    isReliable: true,
    send: (data) => {
      // ChannelData is filled up to four bytes on a stream (RFC 8656 §12.5); STUN is so by itself.
      if (isOpen && socket.writableLength < MAX_WAITING)
        socket.write(Buffer.concat([data, Buffer.alloc(-data.length & 3)]));
    },
    close,
  };
}
