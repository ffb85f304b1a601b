/**
 * The dialogs of one call, each with its sequence of requests (RFC 3261 §12.2). An INVITE of ours may begin several: a
 * proxy may fork it, and each phone that rings answers with a tag of its own (§12.1.2, §13.2.2.4).
 */
import type { AckKeeper } from '../../../../proxy-core/sip/dialog/acks.ts';
import {
  ackTo2xx,
  confirmAsCaller,
  type Dialog,
  dialogAsCaller,
  type InDialogParts,
  nextRequest,
  receiveInDialog,
  refreshTarget,
} from '../../../../proxy-core/sip/dialog/dialog.ts';
import { rseqOf } from '../../../../proxy-core/sip/dialog/reliable.ts';
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipMessage, SipRequest, SipResponse } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { saysTrickle } from '../../../../proxy-core/sip/sdp/index.ts';
import { type OutgoingListener, type Sent, sendRequest, type Way } from '../send-request.ts';
import { sdpOf } from './body.ts';
import { TRICKLE } from './features.ts';

/** More phones than this behind one number are not told apart while they ring: their 18x are left aside. */
const MAX_LEGS = 64;
/** Answers beyond this are no answers of phones but an attack. */
const MAX_ANSWERED = 128;

export interface LegPorts {
  readonly way: Way;
  readonly acks: AckKeeper;
  readonly userAgent: HeaderLine;
}

export class Leg {
  readonly #ports: LegPorts;
  #dialog: Dialog;
  #allowed: ReadonlySet<string> = new Set();
  #takesCandidates = false;
  #trickles = false;
  #waitsForWord = false;

  constructor(ports: LegPorts, dialog: Dialog, from: SipMessage) {
    this.#ports = ports;
    this.#dialog = dialog;
    this.note(from);
  }

  get dialog(): Dialog {
    return this.#dialog;
  }

  /** Whether the peer said that it takes this method. */
  allows(method: string): boolean {
    return this.#allowed.has(method);
  }

  /** Whether the peer takes candidates by INFO (RFC 6086 §4). */
  get takesCandidates(): boolean {
    return this.#takesCandidates;
  }

  /** Whether it does, and has described its sound so. */
  get trickles(): boolean {
    return this.#takesCandidates && this.#trickles;
  }

  /** It repeats its early answer until it hears that this came: an INFO says so (RFC 8840 §4.3.2). */
  get waitsForWord(): boolean {
    return this.trickles && this.#waitsForWord;
  }

  /** Sends a request in the dialog; each try after a challenge takes a number of its own. */
  send(parts: InDialogParts, listener: OutgoingListener): Sent {
    const numbers: number[] = [];
    return sendRequest(
      this.#ports.way,
      {
        method: parts.method,
        body: parts.body?.content,
        build: (attempt, auth) => {
          const dialog = this.#dialog;
          numbers[attempt] ??= dialog.localSeq + 1;
          const localSeq = numbers[attempt];
          this.#dialog = { ...dialog, localSeq: Math.max(dialog.localSeq, localSeq) };
          const headers = [...(parts.headers ?? []), this.#ports.userAgent, ...auth];
          return nextRequest({ ...dialog, localSeq: localSeq - 1 }, { ...parts, headers }).draft;
        },
      },
      listener,
    );
  }

  /** The ACK to a 2xx; sent again whenever that comes again. */
  ack(invite: SipRequest, response: SipResponse, sdp?: string): void {
    const { acks, way } = this.#ports;
    const body = sdp === undefined ? undefined : { type: 'application/sdp', content: sdp };
    const draft = ackTo2xx(this.#dialog, invite, body);
    acks.send(response, () => {
      const hop = way.hop();
      if (hop !== undefined) way.transactions.sendAck(draft, hop);
    });
  }

  /** Takes the number of a request of the peer; false for one that is older than the last. */
  takes(request: SipRequest): boolean {
    const next = receiveInDialog(this.#dialog, request);
    if (next === 'out-of-order') return false;
    this.#dialog = next;
    return true;
  }

  /** The peer is reached at the Contact of this message from now on. */
  retarget(message: SipMessage): void {
    this.#dialog = refreshTarget(this.#dialog, message);
    this.note(message);
  }

  confirm(response: SipResponse): void {
    if (this.#dialog.state === 'early') this.#dialog = confirmAsCaller(this.#dialog, response);
    this.note(response);
  }

  /** What the peer says of itself in a message. */
  note(message: SipMessage): void {
    const methods = message.list(H.Allow);
    if (methods.length > 0) this.#allowed = new Set(methods.map((method) => method.toUpperCase()));
    if (message.headers.find(H.RecvInfo) >= 0) {
      const packages = message.list(H.RecvInfo).map((name) => name.split(';')[0]?.trim().toLowerCase());
      this.#takesCandidates = packages.includes(TRICKLE);
    }
    const sdp = sdpOf(message);
    if (sdp === undefined) return;
    this.#trickles = saysTrickle(sdp);
    this.#waitsForWord = message.kind === 'response' && message.status < 200 && rseqOf(message) === undefined;
  }
}

export class Legs {
  readonly #ports: LegPorts;
  /** By the peer's tag. */
  readonly #legs = new Map<string, Leg>();

  constructor(ports: LegPorts) {
    this.#ports = ports;
  }

  get(tag: string): Leg | undefined {
    return this.#legs.get(tag);
  }

  get all(): Iterable<Leg> {
    return this.#legs.values();
  }

  /** The leg of an incoming call. */
  add(dialog: Dialog, invite: SipRequest): void {
    this.#legs.set(dialog.remoteTag, new Leg(this.#ports, dialog, invite));
  }

  /**
   * Takes a 101–199 or 2xx response to our INVITE: begins the leg of its tag, or confirms it. Gives its tag; undefined
   * where it begins none.
   */
  take(invite: SipRequest, response: SipResponse): string | undefined {
    const { tag = '' } = response.to;
    const final = response.status >= 200;
    if (!final && response.to.tag === undefined) return undefined;
    const known = this.#legs.get(tag);
    if (known === undefined) {
      if (this.#legs.size >= (final ? MAX_ANSWERED : MAX_LEGS)) return undefined;
      const made = dialogAsCaller(invite, response);
      if (!made.ok) return undefined;
      this.#legs.set(tag, new Leg(this.#ports, made.dialog, response));
    } else if (final) known.confirm(response);
    else known.note(response);
    return tag;
  }
}
