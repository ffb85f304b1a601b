/** A registrar and a peer in one, played by hand: it lets a phone sign in, and answers each call with plain RTP at once. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { parseRtp } from '../../proxy-core/media/rtp-packet.ts';
import { buildResponse } from '../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../proxy-core/sip/message/message.ts';
import { H } from '../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../proxy-core/sip/message/parse.ts';

/** One packet of sound as it came; `at` is the time of day, ms. */
export interface Heard {
  readonly at: number;
  readonly sequence: number;
  readonly timestamp: number;
}

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

export class AnsweringPeer {
  /** Of the calls so far, in the order of coming. */
  readonly heard: Heard[] = [];
  /** Calls that were ended by the phone. */
  ended = 0;
  readonly #sip: Socket;
  readonly #rtp: Socket;
  #tags = 0;

  private constructor(sip: Socket, rtp: Socket) {
    this.#sip = sip;
    this.#rtp = rtp;
    sip.on('message', (data, { port }) => {
      const parsed = parseMessage(data.toString('latin1'));
      if (!parsed.ok || parsed.value.kind !== 'request') return;
      const answer = this.#answer(parsed.value);
      if (answer !== undefined) sip.send(Buffer.from(answer, 'latin1'), port, '127.0.0.1');
    });
    rtp.on('message', (data) => {
      const packet = parseRtp(data);
      if (packet) this.heard.push({ at: Date.now(), sequence: packet.sequence, timestamp: packet.timestamp });
    });
  }

  static async open(): Promise<AnsweringPeer> {
    return new AnsweringPeer(await bound(), await bound());
  }

  /** As a person types it. */
  get server(): string {
    return `127.0.0.1:${this.#sip.address().port}`;
  }

  close(): void {
    this.#sip.close();
    this.#rtp.close();
  }

  #answer(request: SipRequest): string | undefined {
    switch (request.method) {
      case 'ACK':
        return undefined;
      case 'REGISTER':
        return buildResponse(request, 200, { headers: [[H.Contact, `${request.header(H.Contact)};expires=3600`]] })
          .wire;
      case 'INVITE': {
        const contact = `<sip:1002@${this.server}>`;
        const body = { type: 'application/sdp', content: this.#description() };
        return buildResponse(request, 200, { toTag: `peer${++this.#tags}`, headers: [[H.Contact, contact]], body })
          .wire;
      }
      case 'BYE':
        this.ended += 1;
        return buildResponse(request, 200).wire;
      case 'OPTIONS':
        return buildResponse(request, 200).wire;
      default:
        return buildResponse(request, 489).wire;
    }
  }

  #description(): string {
    const { port } = this.#rtp.address();
    const lines = ['v=0', 'o=peer 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
    return `${[...lines, `m=audio ${port} RTP/AVP 0`].join('\r\n')}\r\n`;
  }
}
