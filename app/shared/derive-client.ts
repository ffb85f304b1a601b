/** Derives the calling side from a schema. The client outlives its wire: a service that restarts gets a new one. */
import { BridgeError, type CallMessage, fieldsOf, namesOf, type Wire } from './derive.ts';
import type { Client, Schema } from './schema.ts';
import { textOf } from './text-of.ts';

/** Calls that wait for a wire; more than these are refused, so that a service that never comes costs little. */
const MAX_WAITING = 1_000;

export interface Link<S extends Schema> {
  readonly client: Client<S>;
  /** Uses this wire from now on. Calls made before there was one are sent on it. */
  attach(wire: Wire): void;
  /** The wire is gone: calls without an answer are rejected with `reason`, new ones wait for the next wire. */
  detach(reason: string): void;
  /** As `detach`, and every later call is refused too. */
  close(reason: string): void;
}

interface Pending {
  readonly message: CallMessage;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export function deriveClient<S extends Schema>(schema: S, first?: Wire): Link<S> {
  const unanswered = new Map<number, Pending>();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  let waiting: Pending[] = [];
  let wire: Wire | undefined;
  let stopReceiving = () => {};
  let closed: string | undefined;
  let lastId = 0;

  const send = (pending: Pending, on: Wire): void => {
    unanswered.set(pending.message.id, pending);
    try {
      on.post(pending.message);
    } catch (error) {
      unanswered.delete(pending.message.id);
      pending.reject(new BridgeError(textOf(error), { cause: error }));
    }
  };

  const callTo = (name: string) => (args: unknown) =>
    new Promise<unknown>((resolve, reject) => {
      lastId += 1;
      const pending = { message: { kind: 'call', id: lastId, name, args }, resolve, reject } satisfies Pending;
      if (closed !== undefined) reject(new BridgeError(closed));
      else if (wire) send(pending, wire);
      else if (waiting.length < MAX_WAITING) waiting.push(pending);
      else reject(new BridgeError(`nobody is there to answer ${name}`));
    });

  const subscribeTo = (name: string) => (listener: (payload: never) => void) => {
    const own = (payload: never) => listener(payload);
    const heard = listeners.get(name) ?? new Set();
    listeners.set(name, heard.add(own));
    return () => {
      heard.delete(own);
    };
  };

  const receive = (message: unknown): void => {
    const fields = fieldsOf(message);
    if (fields.kind === 'event') {
      for (const listener of [...(listeners.get(String(fields.name)) ?? [])]) listener(fields.payload as never);
    } else if (fields.kind === 'answer') {
      const pending = unanswered.get(Number(fields.id));
      if (!pending) return;
      unanswered.delete(pending.message.id);
      if (fields.ok === true) pending.resolve(fields.value);
      else pending.reject(new BridgeError(String(fields.error)));
    }
  };

  const link: Link<S> = {
    client: assemble(schema, callTo, subscribeTo),
    attach(next) {
      link.detach('the service was replaced');
      wire = next;
      stopReceiving = next.receive(receive);
      const held = waiting;
      waiting = [];
      for (const pending of held) send(pending, next);
    },
    detach(reason) {
      stopReceiving();
      stopReceiving = () => {};
      wire = undefined;
      const lost = [...unanswered.values()];
      unanswered.clear();
      for (const pending of lost) pending.reject(new BridgeError(reason));
    },
    close(reason) {
      closed = reason;
      link.detach(reason);
      for (const pending of waiting.splice(0)) pending.reject(new BridgeError(reason));
    },
  };
  if (first) link.attach(first);
  return link;
}

function assemble<S extends Schema>(
  schema: S,
  callTo: (name: string) => unknown,
  subscribeTo: (name: string) => unknown,
): Client<S> {
  const client: Record<string, Record<string, unknown>> = {};
  for (const group of Object.keys(schema)) client[group] = {};
  for (const [kind, make] of [['call', callTo] as const, ['event', subscribeTo] as const]) {
    for (const [group, method] of namesOf(schema, kind)) {
      Object.assign(client[group] ?? {}, { [method]: make(`${group}.${method}`) });
    }
  }
  return client as Client<S>;
}
