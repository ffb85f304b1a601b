/** What goes between somebody new and the exchange, in the bodies of JOIN requests and their answers. */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { POINT_BYTES } from './cpace.ts';

export const JOIN_TYPE = 'application/tandem-join+json';
export const MAX_BODY = 8_192;
export const NONCE_BYTES = 16;
export const CHANNEL = Buffer.from('tandem join 1');

const bytes = (length: number) =>
  v.pipe(
    v.string(),
    v.maxLength(2 * length + 4),
    v.transform((text) => Buffer.from(text, 'base64url')),
    v.check((read) => read.length === length),
  );

/** Bytes under a key that is used for nothing else, and the proof that whoever wrote them knows it. */
export interface Sealed {
  readonly data: string;
  readonly tag: string;
}

const sealed = { data: v.pipe(v.string(), v.maxLength(MAX_BODY)), tag: v.pipe(v.string(), v.maxLength(64)) };

/** First: for which code somebody comes. */
export const helloShape = v.object({
  version: v.literal(1),
  id: v.pipe(v.string(), v.length(3)),
  nonce: bytes(NONCE_BYTES),
});
/** The exchange's answer: how the code was hashed, and its share of the key. */
export const offerShape = v.object({
  attempt: bytes(NONCE_BYTES),
  salt: bytes(NONCE_BYTES),
  nonce: bytes(NONCE_BYTES),
  point: bytes(POINT_BYTES),
});
/** Second: the other share, and what only who knows the code can have written. */
export const proofShape = v.object({
  version: v.literal(1),
  attempt: bytes(NONCE_BYTES),
  point: bytes(POINT_BYTES),
  ...sealed,
});
/** The exchange's answer, which only the exchange that made the code can have written. */
export const sealedShape = v.object(sealed);

/** What is asked for, sealed. */
export const wishShape = v.object({ device: v.pipe(v.string(), v.maxLength(256)) });

const line = v.pipe(v.string(), v.maxLength(300), v.regex(/^[^\p{Cc}]*$/u));

/** What a new phone is given, sealed. */
export const grantShape = v.object({
  number: v.pipe(line, v.minLength(1)),
  domain: line,
  /** Whether the domain need not be named: the exchange takes its own address for it. */
  isDefault: v.boolean(),
  name: line,
  /** What the exchange calls this device. */
  device: line,
  password: v.pipe(line, v.minLength(1)),
  ways: v.pipe(
    v.array(
      v.object({
        transport: v.picklist(['UDP', 'TCP', 'TLS', 'WS', 'WSS']),
        port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
        /** Absent where it is reached by the address at which the code was taken. */
        host: v.exactOptional(line),
      }),
    ),
    v.maxLength(16),
  ),
  /** For which nobody else vouches; `fingerprint` is its SHA-256, `until` in ms since 1970. */
  certificate: v.exactOptional(
    v.object({
      fingerprint: v.pipe(v.string(), v.regex(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/)),
      name: line,
      until: v.number(),
    }),
  ),
});
export type Grant = v.InferOutput<typeof grantShape>;

export const outcomeShape = v.union([
  v.object({ grant: grantShape }),
  v.object({ refusal: v.pipe(v.string(), v.maxLength(300)) }),
]);
export type JoinOutcome = v.InferOutput<typeof outcomeShape>;

/** Undefined for anything else. */
export function readBody<Schema extends v.GenericSchema>(
  shape: Schema,
  body: string,
): v.InferOutput<Schema> | undefined {
  if (body.length > MAX_BODY) return undefined;
  try {
    const result = v.safeParse(shape, JSON.parse(Buffer.from(body, 'latin1').toString()));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

/** As SIP carries it: each character one byte. */
export const writeBody = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('latin1');

/** @param purpose each seals one message of one exchange: the nonce never has to differ. */
export function seal(key: Uint8Array, purpose: string, value: unknown): Sealed {
  const cipher = createCipheriv('aes-256-gcm', derived(key, `${purpose} data`), Buffer.alloc(12));
  const data = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final(), cipher.getAuthTag()]);
  return { data: data.toString('base64url'), tag: tagOf(key, purpose, data).toString('base64url') };
}

/** Undefined where it was written by somebody without this key. */
export function unseal<Schema extends v.GenericSchema>(
  key: Uint8Array,
  purpose: string,
  shape: Schema,
  { data, tag }: Sealed,
): v.InferOutput<Schema> | undefined {
  const bytes = Buffer.from(data, 'base64url');
  // AES-GCM alone could be made to open under several keys, so that one attempt would try many codes; this cannot.
  const [given, wanted] = [Buffer.from(tag, 'base64url'), tagOf(key, purpose, bytes)];
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted) || bytes.length < 16) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', derived(key, `${purpose} data`), Buffer.alloc(12));
    decipher.setAuthTag(bytes.subarray(-16));
    const text = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString();
    const read = v.safeParse(shape, JSON.parse(text));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}

const tagOf = (key: Uint8Array, purpose: string, data: Uint8Array): Buffer =>
  createHmac('sha256', derived(key, `${purpose} tag`))
    .update(data)
    .digest();

const derived = (key: Uint8Array, label: string): Buffer =>
  createHmac('sha512', key).update(label).digest().subarray(0, 32);
