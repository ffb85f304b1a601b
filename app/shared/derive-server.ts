/** Derives the answering side from a schema: every call gets exactly one answer, also a call that nobody declared. */
import { type AnswerMessage, type EventMessage, fieldsOf, namesOf, type Wire } from './derive.ts';
import type { Emitters, Handlers, Schema } from './schema.ts';
import { textOf } from './text-of.ts';

type Handler = (args: unknown) => unknown;

export interface Server {
  close(): void;
}

/** Emitters whose events go to `post`; an event that finds nobody is dropped. */
export function deriveEmitters<S extends Schema>(schema: S, post: (message: unknown) => void): Emitters<S> {
  const emitters: Record<string, Record<string, unknown>> = {};
  for (const group of Object.keys(schema)) emitters[group] = {};
  for (const [group, method] of namesOf(schema, 'event')) {
    const name = `${group}.${method}`;
    Object.assign(emitters[group] ?? {}, {
      [method]: (payload: unknown) => {
        const message: EventMessage = { kind: 'event', name, payload };
        try {
          post(message);
        } catch {
          // The other end is gone; whoever watches it deals with that.
        }
      },
    });
  }
  return emitters as Emitters<S>;
}

/** Answers calls that come in on the wire until it is closed. A handler that throws is answered with its message. */
export function serve<S extends Schema>(schema: S, wire: Wire, handlers: Handlers<S>): Server {
  const known = new Map<string, Handler>();
  for (const [group, method] of namesOf(schema, 'call')) {
    const groupHandlers = (handlers as Readonly<Record<string, Readonly<Record<string, Handler>>>>)[group];
    const handler = groupHandlers?.[method];
    if (handler) known.set(`${group}.${method}`, handler);
  }

  const answer = (message: AnswerMessage): void => {
    try {
      wire.post(message);
    } catch (error) {
      // Either the value cannot be cloned, which the caller must hear, or the other end is gone, which nobody can.
      try {
        wire.post({ kind: 'answer', id: message.id, ok: false, error: textOf(error) } satisfies AnswerMessage);
      } catch {
        // Nobody can be told.
      }
    }
  };

  const take = async (id: number, name: unknown, args: unknown): Promise<void> => {
    try {
      const handler = known.get(String(name));
      if (!handler) throw new Error(`there is no call named ${String(name).slice(0, 100)}`);
      answer({ kind: 'answer', id, ok: true, value: await handler(args) });
    } catch (error) {
      answer({ kind: 'answer', id, ok: false, error: textOf(error) });
    }
  };

  const stop = wire.receive((message) => {
    const { kind, id, name, args } = fieldsOf(message);
    if (kind === 'call' && typeof id === 'number') void take(id, name, args);
  });
  return { close: stop };
}
