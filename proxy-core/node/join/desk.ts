/**
 * Where somebody new comes with a code: agrees with whoever knows it on a key, and under that key gives the new phone its
 * number and a password of its own. A code that is not known is answered as one that is, up to the end.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Guard } from '../../server/guard/guard.ts';
import type { JoinAnswer, JoinDesk } from '../../server/join-desk.ts';
import type { InviteRow, Store } from '../store/index.ts';
import { drawScalar, generatorOf, multiply, sessionKey } from './cpace.ts';
import {
  CHANNEL,
  helloShape,
  JOIN_TYPE,
  type JoinOutcome,
  NONCE_BYTES,
  proofShape,
  readBody,
  type Sealed,
  seal,
  unseal,
  wishShape,
  writeBody,
} from './messages.ts';

export interface DeskOptions {
  readonly invites: Store['invites'];
  readonly guard: Guard;
  /** The exchange's own. */
  readonly secret: string;
  readonly now: () => number;
  /** Ends the code and lets a device of its user in; `name` is what that calls itself. */
  readonly admit: (invite: InviteRow, name: string) => Promise<JoinOutcome>;
}

interface Attempt {
  readonly id: string;
  readonly host: string;
  readonly until: number;
  readonly scalar: Buffer;
  readonly point: Buffer;
  readonly session: Buffer;
  readonly salt: Buffer;
  /** Where it was good: told again to whoever asks the same again, since an answer may be lost. */
  admitted?: { readonly tag: string; readonly answer: Promise<Sealed> };
}

/** A person has typed the code before the first message is sent. */
const ATTEMPT_MS = 20_000;
const MOST_ATTEMPTS = 512;
const MOST_OF_HOST = 8;

const REFUSED: JoinAnswer = { status: 403, reason: 'No Such Code' };
const GONE: JoinAnswer = { status: 408, reason: 'Begin Again' };
const FULL: JoinAnswer = { status: 503, reason: 'Too Many at the Door' };
const MALFORMED: JoinAnswer = { status: 400 };

export class CodeDesk implements JoinDesk {
  readonly #options: DeskOptions;
  /** In the order in which they began, so that the first to end stands first. */
  readonly #attempts = new Map<string, Attempt>();

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  hear(body: string, host: string): JoinAnswer | Promise<JoinAnswer> {
    const proof = readBody(proofShape, body);
    if (proof !== undefined) return this.#prove(proof, host);
    const hello = readBody(helloShape, body);
    if (hello !== undefined) return this.#greet(hello, host);
    this.#options.guard.accuse(host, 'malformed');
    return MALFORMED;
  }

  #greet({ id, nonce }: { readonly id: string; readonly nonce: Buffer }, host: string): JoinAnswer {
    const { guard, now } = this.#options;
    this.#forget();
    const ofHost = [...this.#attempts.values()].filter((one) => one.host === host && one.admitted === undefined);
    if (this.#attempts.size >= MOST_ATTEMPTS || ofHost.length >= MOST_OF_HOST) return FULL;
    guard.challenged(host);
    const { salt, secret } = this.#known(id);
    const [attempt, own, scalar] = [randomBytes(NONCE_BYTES), randomBytes(NONCE_BYTES), drawScalar()];
    const session = Buffer.concat([nonce, own]);
    const point = multiply(scalar, generatorOf({ secret, channel: CHANNEL, session }));
    // No code leads to such a generator but once in 2^250.
    if (point === undefined) return GONE;
    const key = attempt.toString('base64url');
    this.#attempts.set(key, { id, host, until: now() + ATTEMPT_MS, scalar, point, session, salt });
    return saying({ attempt: key, ...asText({ salt, nonce: own, point }) });
  }

  #prove(
    { attempt: key, point, ...sealed }: { readonly attempt: Buffer; readonly point: Buffer } & Sealed,
    host: string,
  ): JoinAnswer | Promise<JoinAnswer> {
    this.#forget();
    const name = key.toString('base64url');
    const attempt = this.#attempts.get(name);
    if (attempt === undefined || attempt.host !== host) return GONE;
    const { admitted } = attempt;
    if (admitted !== undefined) return admitted.tag === sealed.tag ? admitted.answer.then(saying) : REFUSED;
    const { id, scalar, session, salt } = attempt;
    const invite = this.#open(id);
    const shared = sessionKey(
      session,
      { scalar, peer: point },
      { point: attempt.point, about: Buffer.concat([key, salt]) },
      { point, about: Buffer.from(id) },
    );
    const wish = shared === undefined ? undefined : unseal(shared, 'wish', wishShape, sealed);
    // The salt: it may have become another code of the same name meanwhile.
    if (wish === undefined || shared === undefined || invite?.salt !== salt.toString('hex')) {
      this.#attempts.delete(name);
      return this.#refuse(invite, host);
    }
    this.#options.guard.proved(host);
    const answer = this.#options.admit(invite, wish.device).then((outcome) => seal(shared, 'grant', outcome));
    attempt.admitted = { tag: sealed.tag, answer };
    return answer.then(saying);
  }

  /** Each failure is on disk before it is told. */
  #refuse(invite: InviteRow | undefined, host: string): JoinAnswer {
    this.#options.guard.accuse(host, 'password', '', 'code');
    if (invite !== undefined) this.#options.invites.countFailure(invite.id);
    return REFUSED;
  }

  #open(id: string): InviteRow | undefined {
    const invite = this.#options.invites.find(id);
    return invite !== undefined && invite.expires_at > this.#options.now() && invite.attempts_left > 0
      ? invite
      : undefined;
  }

  /** What there is, or something that looks the same and never fits. */
  #known(id: string): { readonly salt: Buffer; readonly secret: Buffer } {
    const invite = this.#open(id);
    if (invite !== undefined) return { salt: Buffer.from(invite.salt, 'hex'), secret: Buffer.from(invite.hash, 'hex') };
    const salt = createHmac('sha256', this.#options.secret).update(`join ${id}`).digest().subarray(0, NONCE_BYTES);
    return { salt, secret: randomBytes(32) };
  }

  #forget(): void {
    const now = this.#options.now();
    for (const [name, { until }] of this.#attempts) {
      if (until > now) return;
      this.#attempts.delete(name);
    }
  }
}

const asText = (fields: Readonly<Record<string, Buffer>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([name, bytes]) => [name, bytes.toString('base64url')]));

const saying = (value: unknown): JoinAnswer => ({
  status: 200,
  body: { type: JOIN_TYPE, content: writeBody(value) },
});
