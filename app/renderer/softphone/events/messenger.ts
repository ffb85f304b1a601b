/**
 * Text messages of one account, both ways (RFC 3428). One that comes is answered with 200 once it is kept; one that goes asks
 * to be told of its delivery (RFC 5438), and goes again as plain text to whoever does not understand that.
 */
import { cpimText, imdnBody } from '../../../../proxy-core/sip/bodies/imdn.ts';
import { toBytes, toText } from '../../../../proxy-core/sip/grammar/text.ts';
import { parseUri, type SipUri } from '../../../../proxy-core/sip/grammar/uri.ts';
import type { Body } from '../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import type { IncomingMessage } from '../../../shared/text-message.ts';
import { type OutgoingListener, sendRequest } from '../send-request.ts';
import type { MessageFate } from '../snapshots.ts';
import { messageFailure } from '../status-words.ts';
import type { Target } from '../target.ts';
import { type EventsHost, outsideRequest, type Sender } from './host.ts';
import { type MessageBody, readMessageBody } from './message-body.ts';

export interface MessengerOptions {
  readonly host: EventsHost;
  readonly accountId: string;
  /** Whether an address is of the account's own domain. */
  readonly isOwn: (uri: SipUri) => boolean;
  /** Keeps a message; resolves whether it is kept. */
  readonly keep: (message: IncomingMessage) => Promise<boolean>;
  readonly fate: (fate: MessageFate) => void;
}

/** Answers of those who do not understand the envelope. */
const NOT_UNDERSTOOD = [400, 406, 415, 488, 606];
/** Messages that may come at once, and how many more a second: whoever pours them in is asked to come later. */
const BURST = 200;
const PER_SECOND = 2;
const LONGEST_ID = 400;
/** What is remembered of those sent and of those sent to. */
const REMEMBERED = 200;

export class Messenger {
  readonly #options: MessengerOptions;
  /** Messages that wait for word of their delivery, and addresses where the envelope is not understood. */
  readonly #waiting = new Map<string, { readonly target: Target; readonly text: string }>();
  readonly #plain = new Set<string>();
  #room = BURST;
  #roomAt: number;

  constructor(options: MessengerOptions) {
    this.#options = options;
    this.#roomAt = options.host.clock.now();
  }

  received(transaction: ServerTransaction): void {
    const { host } = this.#options;
    const { request } = transaction;
    const { uri } = request.from;
    const body = readMessageBody(request);
    if (body.kind === 'refused') host.respond(transaction, body.status, body.headers);
    else if (!uri.ok || !uri.value.isSip) host.respond(transaction, 400);
    else if (!this.#hasRoom()) host.respond(transaction, 480, [[H.RetryAfter, '30']]);
    else if (body.kind === 'text') void this.#take(transaction, uri.value, body);
    else {
      host.respond(transaction, 200);
      if (body.kind === 'notice') this.#learn(body);
    }
  }

  /** Sends `text`; `id` is told with each thing that becomes of it. Gives the peer. */
  send(target: Target, id: string, text: string): string {
    this.#options.host.towards(target.uri, (by) => this.#send(by, target, id, text));
    const uri = parseUri(target.uri);
    return uri.ok ? this.#peerOf(uri.value) : target.number;
  }

  #send(by: Sender, target: Target, id: string, text: string): void {
    const bytes = toBytes(text);
    const plain: Body = { type: 'text/plain; charset=UTF-8', content: bytes };
    const now = this.#options.host.clock.now();
    const asking = cpimText({ from: by.aor, to: target.uri, id, now, text: bytes });
    const attempt = (body: Body): void =>
      this.#request(by, target.uri, body, {
        response: ({ status }) => {
          if (status < 200) return;
          if (status >= 300 && body === asking && NOT_UNDERSTOOD.includes(status)) {
            remember(this.#plain, target.uri);
            attempt(plain);
          } else if (status < 300) this.#tell(id, status === 202 ? 'kept' : 'sent');
          else this.#tell(id, 'failed', messageFailure(status, target.number));
        },
        noResponse: (reason) => this.#tell(id, 'failed', reason),
      });
    this.#waiting.delete(id);
    if (this.#plain.has(target.uri)) attempt(plain);
    else {
      this.#waiting.set(id, { target, text });
      for (const oldest of this.#waiting.keys()) if (this.#waiting.size > REMEMBERED) this.#waiting.delete(oldest);
      attempt(asking);
    }
  }

  async #take(
    transaction: ServerTransaction,
    from: SipUri,
    { text, asked }: Extract<MessageBody, { kind: 'text' }>,
  ): Promise<void> {
    const { host, accountId, keep } = this.#options;
    const { request } = transaction;
    const peer = this.#peerOf(from);
    const message: IncomingMessage = {
      ...{ id: idOf(request, peer), accountId, peer, text },
      name: toText(request.from.display),
      at: host.clock.now(),
      ...{ direction: 'in', isRead: false },
    };
    const isKept = await keep(message).catch(() => false);
    // What is not kept here the server keeps, or the sender hears that it came to nothing.
    host.respond(transaction, isKept ? 200 : 480);
    if (!isKept || asked?.wants.has('delivered') !== true) return;
    const notice = imdnBody({ asked, disposition: 'delivered', id: host.random(12), now: host.clock.now() });
    // Whether the notice arrives is for nobody to know: there are none about notices (RFC 5438 §6.3).
    const to = from.toString();
    host.towards(to, (by) => this.#request(by, to, notice, { response: () => {}, noResponse: () => {} }));
  }

  /** What an answer to this address goes to, as it is shown: the number alone within the own domain. */
  #peerOf(uri: SipUri): string {
    const user = toText(uri.userDecoded);
    const host = toText(uri.host) + (uri.port === undefined ? '' : `:${uri.port}`);
    if (user === '') return host;
    return this.#options.isOwn(uri) ? user : `${user}@${host}`;
  }

  #learn({ messageId: id, disposition }: Extract<MessageBody, { kind: 'notice' }>): void {
    const sent = this.#waiting.get(id);
    if (disposition !== 'stored') this.#waiting.delete(id);
    if (disposition === 'failed' && sent !== undefined) {
      // It waited at the server for a phone that knows no envelopes: once more, as that takes it.
      remember(this.#plain, sent.target.uri);
      this.send(sent.target, id, sent.text);
    } else if (disposition === 'failed') this.#tell(id, 'failed', 'It could not be delivered.');
    else this.#tell(id, disposition === 'stored' ? 'kept' : 'delivered');
  }

  #tell(id: string, state: MessageFate['state'], reason?: string): void {
    const { accountId, fate } = this.#options;
    fate({ accountId, id, state, ...(reason === undefined ? {} : { reason }) });
  }

  #hasRoom(): boolean {
    const now = this.#options.host.clock.now();
    this.#room = Math.min(BURST, this.#room + ((now - this.#roomAt) / 1_000) * PER_SECOND);
    this.#roomAt = now;
    if (this.#room < 1) return false;
    this.#room--;
    return true;
  }

  #request({ way, from }: Sender, uri: string, body: Body, listener: OutgoingListener): void {
    const host = { ...this.#options.host, from };
    const ids = { callId: `${host.random(16)}@tandem.invalid`, localTag: host.random(8) };
    sendRequest(
      way,
      {
        ...{ method: 'MESSAGE', body: body.content },
        build: (attempt, headers) =>
          outsideRequest(host, { method: 'MESSAGE', uri, ...ids, cseq: attempt + 1, headers, body }),
      },
      listener,
    );
  }
}

function remember(known: Set<string>, one: string): void {
  known.delete(one);
  known.add(one);
  for (const oldest of known) if (known.size > REMEMBERED) known.delete(oldest);
}

/** One message that comes again, as after a restart of the server, is the same (RFC 3428 §8). */
const idOf = (request: SipRequest, peer: string): string =>
  `in ${peer} ${request.callId} ${request.cseq}`.slice(0, LONGEST_ID);
