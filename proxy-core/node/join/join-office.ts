/** Somebody new: takes a code to an exchange, and comes back with a number and a password. */
import { randomBytes } from 'node:crypto';
import { hashOf, type JoinCode } from './code.ts';
import { Conversation, type Door, Unreachable } from './conversation.ts';
import { drawScalar, generatorOf, multiply, sessionKey } from './cpace.ts';
import {
  CHANNEL,
  type Grant,
  JOIN_TYPE,
  NONCE_BYTES,
  offerShape,
  outcomeShape,
  readBody,
  seal,
  sealedShape,
  unseal,
  writeBody,
} from './messages.ts';

/** Why nothing came of it; `message` is a sentence for a person. */
export class JoinError extends Error {
  override readonly name = 'JoinError';
}

const LONGEST_MS = 10_000;

const WORDS: Readonly<Record<number, string>> = {
  403: 'The office does not know this code: it was mistyped, or used already, or is too old. Look at it once more, or ask for a new one.',
  408: 'That took too long: try again.',
  503: 'Too many people are at the door of the office: try again in a minute.',
};
const NO_OFFICE = 'This server takes no codes: it is no office of Tandem, or an old one.';
const SOMEBODY_ELSE =
  'Whoever answered is not the office that made this code. Nothing was given away; ask for a new code all the same.';

/**
 * @param device what this phone calls itself. @throws JoinError or Unreachable, each with a sentence.
 */
export async function joinOffice(door: Door, code: JoinCode, device: string, longestMs = LONGEST_MS): Promise<Grant> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), longestMs);
  const ask = asker(door, limit.signal);
  try {
    return await talk(ask.once, code, device);
  } finally {
    clearTimeout(timer);
    ask.close();
  }
}

type Ask = (message: unknown) => Promise<string>;

/** A connection that is lost is opened once more: what was asked may be asked again. */
function asker(door: Door, signal: AbortSignal): { readonly once: Ask; close(): void } {
  let conversation: Conversation | undefined;
  let mayReturn = true;
  const once: Ask = async (message) => {
    conversation ??= await Conversation.open(door, signal);
    try {
      const { status, body } = await conversation.ask(JOIN_TYPE, writeBody(message));
      if (status !== 200) throw new JoinError(WORDS[status] ?? NO_OFFICE);
      return body;
    } catch (error) {
      if (!(error instanceof Unreachable) || !mayReturn || signal.aborted) throw error;
      mayReturn = false;
      conversation = undefined;
      return once(message);
    }
  };
  return { once, close: () => conversation?.close() };
}

async function talk(ask: Ask, { id, secret }: JoinCode, device: string): Promise<Grant> {
  const nonce = randomBytes(NONCE_BYTES);
  const hello = { version: 1, id, nonce: nonce.toString('base64url') };
  const offer = readBody(offerShape, await ask(hello));
  if (offer === undefined) throw new JoinError(NO_OFFICE);
  const session = Buffer.concat([nonce, offer.nonce]);
  const generator = generatorOf({ secret: await hashOf(secret, offer.salt), channel: CHANNEL, session });
  const scalar = drawScalar();
  const point = multiply(scalar, generator);
  const key =
    point &&
    sessionKey(
      session,
      { scalar, peer: offer.point },
      { point: offer.point, about: Buffer.concat([offer.attempt, offer.salt]) },
      { point, about: Buffer.from(id) },
    );
  // A point of low order is nobody's mistake.
  if (key === undefined) throw new JoinError(SOMEBODY_ELSE);
  const proof = {
    ...{ version: 1, attempt: offer.attempt.toString('base64url'), point: point?.toString('base64url') },
    ...seal(key, 'wish', { device }),
  };
  const answer = readBody(sealedShape, await ask(proof));
  const outcome = answer && unseal(key, 'grant', outcomeShape, answer);
  if (outcome === undefined) throw new JoinError(SOMEBODY_ELSE);
  if ('refusal' in outcome) throw new JoinError(outcome.refusal);
  return outcome.grant;
}
