/** What both ends of a bridge share: the wire between them and the three messages that travel on it. */
import type { Schema } from './schema.ts';

/** Carries messages one way and back, in order: a MessagePort, Electron's IPC or the line to a utility process. */
export interface Wire {
  /** Throws when the message cannot be cloned or the other end is gone. */
  post(message: unknown): void;
  /** Sets the one receiver; the returned function ends it. */
  receive(receiver: (message: unknown) => void): () => void;
}

export interface CallMessage {
  readonly kind: 'call';
  readonly id: number;
  /** `group.method` */
  readonly name: string;
  readonly args: unknown;
}

export type AnswerMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: false; readonly error: string };

export interface EventMessage {
  readonly kind: 'event';
  readonly name: string;
  readonly payload: unknown;
}

/** The other end answered with an error, or went away before it answered. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
}

/** Names of one kind as `[group, method]` pairs. */
export function namesOf(schema: Schema, kind: 'call' | 'event'): [group: string, method: string][] {
  return Object.entries(schema).flatMap(([group, methods]) =>
    Object.entries(methods).flatMap(([method, declared]): [string, string][] =>
      declared.kind === kind ? [[group, method]] : [],
    ),
  );
}

/** A message from outside is anything at all until it was looked at. */
export function fieldsOf(message: unknown): Readonly<Record<string, unknown>> {
  return typeof message === 'object' && message !== null ? (message as Record<string, unknown>) : {};
}
