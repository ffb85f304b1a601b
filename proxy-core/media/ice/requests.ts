/** Binding requests of ours that wait for an answer, and their repetition (RFC 8489 §6.2.1; RFC 8445 §7.2.5, §14.3). */

import type { Endpoint } from '../../sip/sdp/index.ts';
import type { MediaClock, MediaTimer, RandomBelow } from '../clock.ts';
import { isSameEndpoint, type Path } from './candidate.ts';
import {
  ATTRIBUTE,
  type Attribute,
  BINDING,
  isSigned,
  readAddress,
  readErrorCode,
  type StunMessage,
  writeStun,
} from './stun-message.ts';

/** `elsewhere`: the answer came from another address than it was asked at, so the way back is another (§7.2.5.2.1). */
export type Outcome =
  | { readonly kind: 'answered'; readonly mapped: Endpoint | undefined }
  | { readonly kind: 'refused'; readonly code: number }
  | { readonly kind: 'silent' | 'elsewhere' };

interface Open {
  readonly path: Path;
  readonly to: Endpoint;
  readonly password: string;
  readonly done: (outcome: Outcome) => void;
  timer: MediaTimer | undefined;
}

export interface Request {
  readonly path: Path;
  readonly to: Endpoint;
  readonly attributes: readonly Attribute[];
  /** Signs the request, and its answer. */
  readonly password: string;
  /** The first wait, doubled each time. */
  readonly rtoMs: number;
  /** How often it is sent at most. */
  readonly sends: number;
}

/** The wait after the last, in first waits; half of what RFC 8489 says, so that people learn sooner what failed. */
const LAST_WAIT = 8;

export class Requests {
  readonly #clock: MediaClock;
  readonly #random: RandomBelow;
  readonly #open = new Map<string, Open>();

  constructor(clock: MediaClock, random: RandomBelow) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Sends it now. Gives what stops it: `done` is not called then. */
  send(request: Request, done: (outcome: Outcome) => void): () => void {
    const { path, to, attributes, password, rtoMs, sends } = request;
    const transactionId = newTransactionId(this.#random);
    const wire = writeStun({ kind: 'request', method: BINDING, transactionId }, attributes, password);
    const open: Open = { path, to, password, done, timer: undefined };
    this.#open.set(transactionId, open);
    const transmit = (count: number): void => {
      const isLast = count === sends;
      open.timer = this.#clock.after(isLast && sends > 1 ? LAST_WAIT * rtoMs : rtoMs * 2 ** (count - 1), () => {
        if (!isLast) return transmit(count + 1);
        this.#open.delete(transactionId);
        done({ kind: 'silent' });
      });
      path.send(wire, to);
    };
    transmit(1);
    return () => {
      open.timer?.cancel();
      this.#open.delete(transactionId);
    };
  }

  /** An answer; what nobody asked for, or what is signed wrongly, changes nothing. */
  answered(message: StunMessage, path: Path, from: Endpoint): void {
    const open = this.#open.get(message.transactionId);
    if (!open || !isSigned(message, open.password)) return;
    open.timer?.cancel();
    this.#open.delete(message.transactionId);
    if (open.path !== path || !isSameEndpoint(open.to, from)) open.done({ kind: 'elsewhere' });
    else if (message.kind === 'error') open.done({ kind: 'refused', code: readErrorCode(message) });
    else {
      const mapped = readAddress(message.attributes.get(ATTRIBUTE.XOR_MAPPED_ADDRESS), message.transactionId);
      open.done({ kind: 'answered', mapped });
    }
  }

  /** Stops all; nobody is told. */
  clear(): void {
    for (const { timer } of this.#open.values()) timer?.cancel();
    this.#open.clear();
  }
}

export const newTransactionId = (random: RandomBelow): string =>
  [random(2 ** 32), random(2 ** 32), random(2 ** 32)].map((part) => part.toString(16).padStart(8, '0')).join('');
