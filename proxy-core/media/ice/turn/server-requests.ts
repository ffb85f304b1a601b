/** Requests to a TURN server: repeated over UDP, signed with a long-term credential (RFC 8489 §6.2, §9.2). */
import { createHash } from 'node:crypto';
import type { MediaClock, MediaTimer, RandomBelow } from '../../clock.ts';
import { newTransactionId } from '../requests.ts';
import { ATTRIBUTE, type Attribute, isSigned, readErrorCode, type StunMessage, writeStun } from '../stun-message.ts';

const RTO_MS = 500;
const SENDS = 5;
const RELIABLE_WAIT_MS = 10_000;
/** Asked for a password, and then once for a fresh nonce. */
const MAX_TRIES = 3;
/** §14.9, §14.10: fewer than 128 characters, so at most 763 bytes. */
const MAX_TEXT = 763;

export interface ServerRequestsOptions {
  readonly clock: MediaClock;
  readonly random: RandomBelow;
  readonly username: string;
  readonly password: string;
  readonly isReliable: boolean;
  readonly send: (data: Buffer) => void;
}

/** Addresses are masked with the id of the transaction, which each try has anew. */
type Attributes = (transactionId: string) => readonly Attribute[];

interface Open {
  readonly method: number;
  readonly attributes: Attributes;
  readonly tries: number;
  readonly key: Buffer | undefined;
  readonly done: (answer: StunMessage | undefined) => void;
  timer: MediaTimer | undefined;
}

export class ServerRequests {
  readonly #options: ServerRequestsOptions;
  readonly #open = new Map<string, Open>();
  #realm: Buffer | undefined;
  #nonce: Buffer | undefined;
  #key: Buffer | undefined;

  constructor(options: ServerRequestsOptions) {
    this.#options = options;
  }

  /** `done` gets the answer, success or error; undefined where none came. */
  send(method: number, attributes: Attributes, done: (answer: StunMessage | undefined) => void): void {
    this.#try({ method, attributes, done, tries: 1 });
  }

  received(message: StunMessage): void {
    const open = this.#open.get(message.transactionId);
    if (!open || message.method !== open.method || message.kind === 'request' || message.kind === 'indication') return;
    const code = message.kind === 'error' ? readErrorCode(message) : 0;
    const asksAgain = (code === 401 && open.key === undefined) || code === 438;
    // Only these two may come unsigned once we sign (§9.2.5).
    if (!asksAgain && code !== 401 && open.key && !isSigned(message, open.key)) return;
    open.timer?.cancel();
    this.#open.delete(message.transactionId);
    if (asksAgain && open.tries < MAX_TRIES && this.#learn(message)) this.#try({ ...open, tries: open.tries + 1 });
    else open.done(message);
  }

  /** Stops all; nobody is told. */
  clear(): void {
    for (const { timer } of this.#open.values()) timer?.cancel();
    this.#open.clear();
  }

  #try({ method, attributes, done, tries }: Pick<Open, 'method' | 'attributes' | 'done' | 'tries'>): void {
    const { clock, random, isReliable, send, username } = this.#options;
    const transactionId = newTransactionId(random);
    const [key, realm, nonce] = [this.#key, this.#realm, this.#nonce];
    const who: Attribute[] =
      key && realm && nonce
        ? [
            [ATTRIBUTE.USERNAME, Buffer.from(username)],
            [ATTRIBUTE.REALM, realm],
            [ATTRIBUTE.NONCE, nonce],
          ]
        : [];
    const wire = writeStun(
      { kind: 'request', method, transactionId },
      [...attributes(transactionId), ...who],
      key,
      false,
    );
    const open: Open = { method, attributes, tries, key, done, timer: undefined };
    this.#open.set(transactionId, open);
    const sends = isReliable ? 1 : SENDS;
    const transmit = (count: number): void => {
      const wait = isReliable ? RELIABLE_WAIT_MS : RTO_MS * 2 ** (count - 1);
      open.timer = clock.after(wait, () => {
        if (count < sends) return transmit(count + 1);
        this.#open.delete(transactionId);
        done(undefined);
      });
      send(wire);
    };
    transmit(1);
  }

  #learn({ attributes }: StunMessage): boolean {
    const realm = attributes.get(ATTRIBUTE.REALM) ?? this.#realm;
    const nonce = attributes.get(ATTRIBUTE.NONCE);
    if (!realm || !nonce || realm.length > MAX_TEXT || nonce.length > MAX_TEXT) return false;
    const { username, password } = this.#options;
    this.#realm = Buffer.from(realm);
    this.#nonce = Buffer.from(nonce);
    this.#key = createHash('md5').update(`${username}:${realm.toString()}:${password}`).digest();
    return true;
  }
}
