/** Requests of ours over one connection to an exchange, one after the other, each with its answer; no more than that is needed to join. */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { buildRequest } from '../../sip/message/build.ts';
import { SipResponse } from '../../sip/message/message.ts';
import { parseMessage } from '../../sip/message/parse.ts';
import { StreamFramer } from '../../sip/transport/framer.ts';
import { randomHex } from '../random.ts';
import { systemReason } from '../system-error.ts';
import { bracketed } from '../transport/listen-address.ts';

export interface Door {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly transport: 'TCP' | 'TLS';
}

export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** The office could not be asked; `message` is a sentence for a person. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** Whom they may be sent to is the caller's to know. Whose certificate is shown does not matter: the code proves more. */
export class Conversation {
  readonly #door: Door;
  readonly #socket: Socket;
  readonly #callId = randomHex(16);
  readonly #tag = randomHex(8);
  #cseq = 0;
  #waiting: { readonly told: (reply: Reply) => void; readonly failed: (reason: string) => void } | undefined;
  #over: string | undefined;

  /** @throws Unreachable; also where `signal` ends it. */
  static async open(door: Door, signal: AbortSignal): Promise<Conversation> {
    const { host, port, transport } = door;
    const socket =
      transport === 'TLS' ? connectTls({ host, port, rejectUnauthorized: false }) : connect({ host, port });
    const conversation = new Conversation(door, socket);
    const abort = (): void => conversation.#end('it did not answer in time');
    signal.addEventListener('abort', abort, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', abort));
    await new Promise<void>((resolve, reject) => {
      conversation.#waiting = {
        told: () => resolve(),
        failed: (reason) => reject(unreachable(door, reason)),
      };
      socket.once(transport === 'TLS' ? 'secureConnect' : 'connect', () => {
        conversation.#waiting = undefined;
        resolve();
      });
    });
    return conversation;
  }

  private constructor(door: Door, socket: Socket) {
    this.#door = door;
    this.#socket = socket;
    const framer = new StreamFramer({
      accepted: false,
      sink: { message: (wire) => this.#received(wire), ping: () => {}, pong: () => {} },
    });
    socket.on('data', (bytes) => {
      if (framer.push(bytes.toString('latin1')) !== undefined) this.#end('what it says is no SIP');
    });
    socket.on('error', (error) => this.#end(systemReason(error)));
    socket.on('close', () => this.#end('it closed the connection'));
  }

  /** The final answer to a JOIN with this body. @throws Unreachable */
  ask(type: string, content: string): Promise<Reply> {
    const { host, port, transport } = this.#door;
    const at = `${bracketed(host)}:${port}`;
    const uri = `sip:${at};transport=${transport.toLowerCase()}`;
    this.#cseq += 1;
    const { wire } = buildRequest({
      ...{ method: 'JOIN', uri, callId: this.#callId, cseq: this.#cseq, body: { type, content } },
      via: `SIP/2.0/${transport} unknown.invalid;branch=z9hG4bK${randomHex(12)};rport`,
      from: `<sip:new@unknown.invalid>;tag=${this.#tag}`,
      to: `<sip:${at}>`,
    });
    return new Promise((resolve, reject) => {
      const failed = (reason: string): void => reject(unreachable(this.#door, reason));
      if (this.#over !== undefined) return failed(this.#over);
      this.#waiting = { told: resolve, failed };
      this.#socket.write(wire, 'latin1');
    });
  }

  close(): void {
    this.#end('the connection was closed here');
  }

  #received(wire: string): void {
    const read = parseMessage(wire);
    if (!read.ok || !(read.value instanceof SipResponse) || read.value.status < 200) return;
    const { status, body, cseq } = read.value;
    if (cseq !== this.#cseq) return;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.told({ status, body });
  }

  #end(reason: string): void {
    this.#over ??= reason;
    this.#socket.destroy();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.failed(this.#over);
  }
}

const unreachable = ({ host, port }: Door, reason: string): Unreachable =>
  new Unreachable(`The office at ${bracketed(host)}:${port} cannot be reached: ${reason}.`);
