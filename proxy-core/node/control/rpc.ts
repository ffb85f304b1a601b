/** JSON-RPC 2.0 (https://www.jsonrpc.org/specification) for whoever is steered from outside: one message in, one out. */
import { AdminError } from './errors.ts';

/** What one connection may ask. */
export interface RpcSession {
  /** Who answers, as sentences name it: `The exchange`. */
  readonly who: string;
  /** Whether it waits for news: such a connection says nothing for as long as nothing happens. */
  readonly isWatching: boolean;
  knows(method: string): boolean;
  /** @throws AdminError, sooner or later; anything else is a fault of ours. */
  perform(method: string, params: unknown): Promise<unknown>;
  /** The connection is gone. */
  close(): void;
}

/** Longest request and longest answer, in bytes. */
export const LONGEST_REQUEST = 32 * 1024 * 1024;
export const LONGEST_ANSWER = 64 * 1024 * 1024;
const LONGEST_BATCH = 100;

export type RpcId = string | number | null;

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: { readonly kind: string };
}

export type RpcAnswer =
  | { readonly jsonrpc: '2.0'; readonly id: RpcId; readonly result: unknown }
  | { readonly jsonrpc: '2.0'; readonly id: RpcId; readonly error: RpcError };

const fault = (id: RpcId, code: number, message: string, kind?: string): RpcAnswer => ({
  jsonrpc: '2.0',
  id,
  error: kind === undefined ? { code, message } : { code, message, data: { kind } },
});

export const tooLong = (): RpcAnswer => fault(null, -32600, `A request has at most ${LONGEST_REQUEST} bytes.`);

/**
 * The answer to one line, or undefined when it asks for none (notifications).
 * @param onFault told of errors that are nobody's fault but ours.
 */
export async function answer(
  session: RpcSession,
  line: string,
  onFault: (error: unknown) => void,
): Promise<RpcAnswer | RpcAnswer[] | undefined> {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return fault(null, -32700, 'That is not JSON.');
  }
  if (!Array.isArray(message)) return answerOne(session, message, onFault);
  if (message.length === 0 || message.length > LONGEST_BATCH) {
    return fault(null, -32600, `A batch has 1 to ${LONGEST_BATCH} requests.`);
  }
  const answers: RpcAnswer[] = [];
  for (const one of message) {
    const given = await answerOne(session, one, onFault);
    if (given !== undefined) answers.push(given);
  }
  return answers.length === 0 ? undefined : answers;
}

async function answerOne(
  session: RpcSession,
  message: unknown,
  onFault: (error: unknown) => void,
): Promise<RpcAnswer | undefined> {
  if (typeof message !== 'object' || message === null) return fault(null, -32600, 'That is not a request.');
  const { jsonrpc, id, method, params = {} } = message as Record<string, unknown>;
  const wellFormed = id === undefined || id === null || typeof id === 'string' || typeof id === 'number';
  if (jsonrpc !== '2.0' || typeof method !== 'string' || !wellFormed) {
    return fault(wellFormed ? ((id as RpcId | undefined) ?? null) : null, -32600, 'That is not a request.');
  }
  const given = await perform(session, (id as RpcId | undefined) ?? null, method, params, onFault);
  return id === undefined ? undefined : given;
}

async function perform(
  session: RpcSession,
  id: RpcId,
  method: string,
  params: unknown,
  onFault: (error: unknown) => void,
): Promise<RpcAnswer> {
  if (!session.knows(method)) return fault(id, -32601, `There is no method ${method}.`);
  try {
    return { jsonrpc: '2.0', id, result: await session.perform(method, params) };
  } catch (error) {
    if (error instanceof AdminError) {
      return fault(id, error.kind === 'invalid' ? -32602 : -32000, error.message, error.kind);
    }
    onFault(error);
    return fault(id, -32603, `${session.who} has a fault; its log tells more.`, 'internal');
  }
}
