/** The transaction layer (RFC 3261 §17, RFC 6026): finds the transaction that a message belongs to, or makes it. */
import { buildCancel, buildResponse } from '../message/build.ts';
import { editRequest } from '../message/edit.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import { H } from '../message/names.ts';
import { MAGIC_COOKIE } from '../message/via.ts';
import type { TransportLayer, TransportUser } from '../transport/layer.ts';
import type { FlowId, Hop, RandomHex, Source } from '../transport/port.ts';
import { RunsByConnection } from './by-connection.ts';
import { ClientRun, type ClientRunParts } from './client-run.ts';
import type { Clock } from './clock.ts';
import { ServerRun, type ServerRunParts } from './server-run.ts';
import { clientKey, serverKey } from './table.ts';
import type { ClientListener, ClientTransaction, TransactionUser } from './user.ts';

/** A request without our Via, or what makes one from the value of our Via. */
export type RequestDraft = SipRequest | ((via: string) => SipRequest);

export interface TransactionLayerOptions {
  readonly transport: TransportLayer;
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly user: TransactionUser;
  /** Bytes of requests remembered at once, answered ones too; `MAX_SERVER_BYTES` unless given. */
  readonly maxServerBytes?: number;
}

/**
 * Beyond this the user is not even asked: every answer is kept for 32 s to be given again, refusals too, so a flood would
 * take all the memory that there is.
 */
const MAX_SERVER_BYTES = 256 * 1024 * 1024;
/** What a transaction takes besides its request, about. */
const SERVER_BYTES = 2048;
/** Of `maxServerBytes`, for requests that end a call. */
const ENDING_SHARE = 1.25;
const RETRY_AFTER_SECONDS = '5';

/** Bytes of chance in a branch: none may be guessed, since a response is believed by its branch alone. */
const BRANCH_BYTES = 12;

const ignore = (): void => {};

export class TransactionLayer implements TransportUser {
  readonly #transport: TransportLayer;
  readonly #random: RandomHex;
  readonly #user: TransactionUser;
  readonly #maxServerBytes: number;
  #serverBytes = 0;
  /** Not answered yet. */
  #open = 0;
  /** The tag of answers that are not remembered: the same for a request that comes again (§8.2.7). */
  readonly #statelessTag: string;
  readonly #clients = new Map<string, ClientRun>();
  readonly #servers = new Map<string, ServerRun>();
  /** Over reliable transports only: datagrams go out again by themselves. */
  readonly #onConnections = new RunsByConnection();
  readonly #clientParts: ClientRunParts;
  readonly #serverParts: ServerRunParts;

  constructor(options: TransactionLayerOptions) {
    const { transport, clock, user } = options;
    this.#transport = transport;
    this.#random = options.random;
    this.#user = user;
    this.#clientParts = {
      transport,
      clock,
      ended: (run) => {
        this.#clients.delete(run.key);
        if (run.isReliable) this.#onConnections.delete(run);
      },
      moved: (run, change) => {
        this.#onConnections.delete(run);
        change();
        if (run.isReliable) this.#onConnections.add(run);
      },
      sendCancel: (invite, hop, reason, unsaid) => this.#sendCancel(invite, hop, reason, unsaid),
    };
    this.#serverParts = {
      transport,
      clock,
      closed: () => {
        this.#open--;
      },
      ended: (run) => {
        this.#servers.delete(run.key);
        this.#serverBytes -= SERVER_BYTES + run.bytes;
      },
      acknowledged: (ack, source) => user.ack(ack, source),
    };
    this.#maxServerBytes = options.maxServerBytes ?? MAX_SERVER_BYTES;
    this.#statelessTag = options.random(8);
  }

  /**
   * Sends a request in a new client transaction. The listener is never called before this returns. An ACK has no
   * transaction: see `sendAck`.
   */
  request(draft: RequestDraft, hop: Hop, listener: ClientListener): ClientTransaction {
    const branch = this.#branch();
    const request = this.#withVia(draft, hop, branch);
    if (request.method === 'ACK') throw new TypeError('an ACK has no transaction of its own');
    return this.#start(clientKey(branch, request.method), request, hop, listener);
  }

  /** Sends the ACK to a 2xx (§13.2.2.4). */
  sendAck(draft: RequestDraft, hop: Hop): void {
    this.#transport.send(this.#withVia(draft, hop, this.#branch()), hop, ignore);
  }

  /** How many transactions are alive, those that only absorb repetitions included; `open` are servers still to be answered. */
  get size(): { readonly client: number; readonly server: number; readonly open: number } {
    return { client: this.#clients.size, server: this.#servers.size, open: this.#open };
  }

  /** Ends every transaction without a word to users or peers. */
  close(): void {
    for (const run of this.#clients.values()) run.stop();
    for (const run of this.#servers.values()) run.stop();
    this.#clients.clear();
    this.#onConnections.clear();
    this.#servers.clear();
    this.#serverBytes = 0;
    this.#open = 0;
  }

  requestReceived(request: SipRequest, source: Source): void {
    if (request.method === 'ACK') {
      this.#ackReceived(request, source);
      return;
    }
    const key = serverKey(request, request.method);
    const known = this.#servers.get(key);
    if (known !== undefined) known.repeated(request, source);
    else if (this.#serverBytes < this.#maxServerBytes || this.#makesRoom(request)) this.#begin(key, request, source);
    else this.#putOff(request, source);
  }

  /** What ends a call passes for longer: who cannot hang up holds what is missing. */
  #makesRoom({ method }: SipRequest): boolean {
    return (method === 'BYE' || method === 'CANCEL') && this.#serverBytes < this.#maxServerBytes * ENDING_SHARE;
  }

  /** Answers without remembering it; the ACK finds no transaction, and its user no dialog. */
  #putOff(request: SipRequest, source: Source): void {
    const headers = [[H.RetryAfter, RETRY_AFTER_SECONDS]] as const;
    const reason = 'Too Many Requests Remembered';
    const response = buildResponse(request, 503, { reason, toTag: this.#statelessTag, headers });
    this.#transport.sendResponse(response, source, ignore);
  }

  #begin(key: string, request: SipRequest, source: Source): void {
    const run = new ServerRun(this.#serverParts, key, request, source);
    this.#serverBytes += SERVER_BYTES + run.bytes;
    this.#open++;
    this.#servers.set(key, run);
    const cancels = request.method === 'CANCEL' ? this.#servers.get(serverKey(request, 'INVITE')) : undefined;
    this.#user.request(run, cancels);
  }

  responseReceived(response: SipResponse, source: Source): void {
    const run = this.#clients.get(clientKey(response.via.branch, response.cseqMethod));
    if (run === undefined) this.#user.strayResponse(response, source);
    else run.received(response, source);
  }

  /** What is still unanswered fails now, not after 32 s: the connection may have taken it along (§17.1.4, §8.1.3.1). */
  flowClosed(flow: FlowId, remote?: Hop): void {
    for (const run of this.#onConnections.on(flow, remote)) run.connectionLost();
    this.#user.flowClosed?.(flow);
  }

  #ackReceived(ack: SipRequest, source: Source): void {
    const run = this.#servers.get(serverKey(ack, 'INVITE'));
    if (run?.takesAck(ack)) run.acked(ack, source);
    else this.#user.ack(ack, source);
  }

  #start(key: string, request: SipRequest, hop: Hop, listener: ClientListener): ClientRun {
    const run = new ClientRun(this.#clientParts, key, request, hop, listener);
    this.#clients.set(key, run);
    if (run.isReliable) this.#onConnections.add(run);
    run.start();
    return run;
  }

  /** §9.1: hop by hop, with the branch of what it cancels; its own answer says nothing about the INVITE. */
  #sendCancel(invite: SipRequest, hop: Hop, reason: string | undefined, unsaid: () => void): void {
    const key = clientKey(invite.via.branch, 'CANCEL');
    this.#start(key, buildCancel(invite, reason), hop, { response: ignore, timeout: ignore, failed: unsaid });
  }

  #branch(): string {
    return MAGIC_COOKIE + this.#random(BRANCH_BYTES);
  }

  #withVia(draft: RequestDraft, hop: Hop, branch: string): SipRequest {
    const via = this.#transport.viaFor(hop, branch);
    return typeof draft === 'function' ? draft(via) : editRequest(draft).prepend(H.Via, via).toMessage();
  }
}
