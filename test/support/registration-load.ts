/** Many phones that register at a real exchange as fast as they can, and what they were answered. */
import type { Socket } from 'node:dgram';
import { nodeHashes } from '../../proxy-core/node/hashes.ts';
import { answerChallenge } from '../../proxy-core/sip/auth/answer.ts';
import { parseChallenges } from '../../proxy-core/sip/auth/challenge.ts';
import type { SipRequest } from '../../proxy-core/sip/message/message.ts';
import { H } from '../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../proxy-core/sip/message/parse.ts';

/** Phones behind one socket, each registering again as soon as it was answered. */
export class RegistrationLoad {
  /** By number: the CSeq last sent with credentials, and the highest that was answered with 200. */
  readonly sent = new Map<string, number>();
  readonly confirmed = new Map<string, number>();
  answers = 0;
  /** Refused with 5xx; such a phone tries again when it is told to. */
  refusals = 0;
  /** Requests that came to the phones. */
  readonly incoming: SipRequest[] = [];
  isStopped = false;
  readonly #socket: Socket;
  readonly #server: number;
  #cseq = 0;

  constructor(socket: Socket, server: number) {
    this.#socket = socket;
    this.#server = server;
    socket.on('message', (bytes) => this.#received(bytes.toString('latin1')));
  }

  register(number: string, credentials = ''): void {
    if (this.isStopped) return;
    const cseq = ++this.#cseq;
    const { port } = this.#socket.address();
    if (credentials !== '') this.sent.set(number, cseq);
    const text =
      'REGISTER sip:127.0.0.1 SIP/2.0\r\n' +
      `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${number}x${cseq};rport\r\n` +
      `From: <sip:${number}@127.0.0.1>;tag=${cseq}\r\nTo: <sip:${number}@127.0.0.1>\r\n` +
      `Call-ID: of-${number}\r\nCSeq: ${cseq} REGISTER\r\nMax-Forwards: 70\r\n` +
      `Contact: <sip:${number}@127.0.0.1:${port}>\r\nExpires: 3600\r\n${credentials}Content-Length: 0\r\n\r\n`;
    this.#socket.send(Buffer.from(text, 'latin1'), this.#server, '127.0.0.1');
  }

  #received(wire: string): void {
    const parsed = parseMessage(wire);
    if (!parsed.ok) return;
    if (parsed.value.kind === 'request') {
      this.incoming.push(parsed.value);
      return;
    }
    const { status, headers, callId, cseq } = parsed.value;
    const number = callId.slice('of-'.length);
    if (status === 401) {
      const answered = answerChallenge({
        challenges: parseChallenges(headers.lines(H.WwwAuthenticate)),
        ...{ method: 'REGISTER', uri: 'sip:127.0.0.1', username: number, password: `pass-${number}` },
        ...{ cnonce: 'c', nonceCount: 1, hashes: nodeHashes },
      });
      this.register(number, `Authorization: ${answered?.value}\r\n`);
    } else if (status === 200) {
      this.confirmed.set(number, Math.max(cseq, this.confirmed.get(number) ?? 0));
      this.answers++;
      this.register(number);
    } else if (status >= 500) this.refusals++;
  }
}
