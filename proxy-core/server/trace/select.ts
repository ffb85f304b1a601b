/** Finds the messages that somebody asks for: of a call with all that is linked to it, of a user, of an address, of a time. */
import { parseNameAddr } from '../../sip/grammar/name-addr.ts';
import { H } from '../../sip/message/names.ts';
import type { TraceStore } from './entry.ts';
import { linkedCallIds, Reader, type ReadMessage } from './reading.ts';

/** What a person asks for; all that is given must hold. */
export interface Wanted {
  readonly callId?: string | undefined;
  /** Numbers of one user: his own and his aliases. */
  readonly numbers?: readonly string[] | undefined;
  /** An IP address. */
  readonly host?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly after?: number | undefined;
  readonly limit: number;
  /** And at most so many bytes of them, but one message in any case; `MOST_BYTES` unless given. */
  readonly bytes?: number;
}

/** An answer of the administration has 64 MB at most, and JSON may write a byte as six. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Calls are linked by transfers; a chain longer than this is somebody's game. */
const MOST_LINKS = 4;
const MOST_CALLS = 32;

/** All that fit, in the order in which they were on the wire, some at a time. */
export async function* eachMessage(store: TraceStore, wanted: Wanted): AsyncGenerator<readonly ReadMessage[]> {
  const { numbers, callId, host, ...frame } = wanted;
  const texts = callId === undefined ? numbers : [callId];
  const anyOf = texts?.flatMap((text) => [text, escaped(text)]);
  const reader = new Reader();
  for await (const batch of store.scan({ ...frame, host, anyOf })) {
    const read = batch.map((entry) => reader.read(entry)).filter((one) => fits(one, wanted));
    if (read.length > 0) yield read;
  }
}

/** At most `limit` of them: the newest, or with `after` those that come next. */
export async function findMessages(store: TraceStore, wanted: Wanted): Promise<ReadMessage[]> {
  if (wanted.callId !== undefined) return ofCall(store, wanted.callId, wanted);
  return collect(eachMessage(store, wanted), wanted);
}

/** Everything of the dialogs that a Call-ID and those linked to it name. */
async function ofCall(store: TraceStore, callId: string, wanted: Wanted): Promise<ReadMessage[]> {
  const ids = new Set([callId]);
  const { callId: _id, numbers: _numbers, host: _host, ...frame } = wanted;
  for (let round = 0; round < MOST_LINKS; round++) {
    const before = ids.size;
    // A message that names one of them in Replaces has its Call-ID among its bytes too.
    const found = await collect(named(store, frame, ids), frame);
    for (const read of found) {
      const linked = linkedCallIds(read);
      if (!ids.has(read.callId) && !linked.some((id) => ids.has(id))) continue;
      for (const id of [read.callId, ...linked]) if (id !== '' && ids.size < MOST_CALLS) ids.add(id);
    }
    if (ids.size === before) {
      const own = { ...wanted, callId: undefined };
      return found.filter((read) => ids.has(read.callId) && fits(read, own));
    }
  }
  return (await collect(named(store, frame, ids), frame)).filter((read) => ids.has(read.callId));
}

async function* named(
  store: TraceStore,
  frame: Wanted,
  ids: ReadonlySet<string>,
): AsyncGenerator<readonly ReadMessage[]> {
  const reader = new Reader();
  const anyOf = [...ids].flatMap((id) => [id, escaped(id)]);
  for await (const batch of store.scan({ ...frame, anyOf })) yield batch.map((entry) => reader.read(entry));
}

function fits({ entry, message, callId }: ReadMessage, wanted: Wanted): boolean {
  const { numbers, host } = wanted;
  if (wanted.callId !== undefined && callId !== wanted.callId) return false;
  if (host !== undefined && entry.remote.host !== host) return false;
  if (numbers === undefined) return true;
  if (message === undefined) return true;
  const uris = [message.from.uri, message.to.uri];
  const contact = parseNameAddr(message.header(H.Contact) ?? '');
  if (contact.ok) uris.push(contact.value.uri);
  const asserted = parseNameAddr(message.header(H.PAssertedIdentity) ?? '');
  if (asserted.ok) uris.push(asserted.value.uri);
  if (uris.some((uri) => uri.ok && numbers.includes(uri.value.userDecoded))) return true;
  if (message.kind === 'request' && numbers.includes(message.uri.userDecoded)) return true;
  const credentials = message.header(H.Authorization) ?? message.header(H.ProxyAuthorization) ?? '';
  return numbers.some((number) => credentials.includes(`username="${number}"`));
}

async function collect(
  batches: AsyncIterable<readonly ReadMessage[]>,
  { limit, after, bytes = MOST_BYTES }: Pick<Wanted, 'limit' | 'after' | 'bytes'>,
): Promise<ReadMessage[]> {
  const found: ReadMessage[] = [];
  let held = 0;
  let from = 0;
  for await (const batch of batches) {
    for (const read of batch) {
      const length = read.entry.wire.length;
      const isFull = found.length - from >= limit || held + length > bytes;
      if (after !== undefined && isFull && found.length > 0) return found;
      found.push(read);
      held += length;
      // The newest are wanted.
      while (found.length - from > limit || (held > bytes && found.length - from > 1)) {
        held -= found[from]?.entry.wire.length ?? 0;
        from++;
      }
    }
    // Those that had to give way are let go in large pieces.
    if (from > limit) {
      found.splice(0, from);
      from = 0;
    }
  }
  return from === 0 ? found : found.slice(from);
}

/** As it stands in a URI. */
const escaped = (text: string): string =>
  text.replace(/[^A-Za-z0-9\-_.!~*'()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
