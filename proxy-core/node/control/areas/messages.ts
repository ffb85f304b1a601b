/** Messages that are kept for users who are away. What they say is shown only to whoever asks for it. */
import * as v from 'valibot';
import type { KeptMessage } from '../../../server/messages/message-store.ts';
import { type Aor, partsOf } from '../../../server/stores.ts';
import { toText } from '../../../sip/grammar/text.ts';
import { H } from '../../../sip/message/names.ts';
import { readRequest } from '../../../sip/message/parse.ts';
import { change, list, method } from '../area.ts';
import { AdminError } from '../errors.ts';
import { foundUser, who } from '../lookups.ts';
import { type Page, pageAfter, pageFields } from '../paging.ts';
import type { AdminParts } from '../parts.ts';

export interface MessageInfo {
  readonly id: number;
  readonly recipient: string;
  readonly sender: string;
  /** ms since 1970. */
  readonly receivedAt: number;
  readonly expiresAt: number;
  /** Of the whole message. */
  readonly bytes: number;
}

export interface WholeMessage extends MessageInfo {
  readonly type: string;
  /** Absent unless asked for. */
  readonly body?: string;
}

const someone = { number: v.optional(who.number), domain: who.domain };
/** More are not kept for one recipient. */
const MOST_WATCHED = 1_000;

const idField = v.pipe(v.number(), v.integer(), v.minValue(1));

function kept({ store: { messages } }: AdminParts, id: number): KeptMessage {
  const message = messages.get(id);
  if (message === undefined) throw new AdminError('unknown', `There is no message ${id}.`);
  return message;
}

export const messagesArea = {
  'messages.list': list(
    v.strictObject({ ...pageFields, ...someone }),
    ({ after, number, domain, ...query }, { store: { messages, users } }): Page<MessageInfo> => {
      const of = number === undefined ? undefined : foundUser(users, { number, domain });
      const from = after === undefined ? undefined : Number(after);
      if (from !== undefined && !Number.isSafeInteger(from)) {
        throw new AdminError('invalid', 'That is not the end of a page.');
      }
      return pageAfter(
        messages.page({ ...query, after: from, of }),
        query.limit,
        (message): MessageInfo => message,
        ({ id }) => String(id),
      );
    },
    {
      topic: 'messages',
      keyOf: ({ recipient }) => recipient,
      // All of a recipient at once, where one of them is listed.
      one(key, { number, domain, text }, { store: { messages, users } }): readonly MessageInfo[] | undefined {
        const of = partsOf(key as Aor);
        const asked = number === undefined ? of : users.find(number, domain ?? users.defaultDomain);
        if (asked?.number !== of.number || asked.domain !== of.domain) return undefined;
        const found = messages.page({ limit: MOST_WATCHED, of, text });
        return found.length === 0 ? undefined : found;
      },
    },
  ),

  'messages.show': method(
    v.strictObject({ id: idField, body: v.optional(v.boolean(), false) }),
    ({ id, body }, parts): WholeMessage => {
      const { wire, ...message } = kept(parts, id);
      const { headers } = readRequest(wire);
      return {
        ...message,
        bytes: wire.length,
        type: toText(headers.first(H.ContentType) ?? ''),
        ...(body && { body: toText(wire.slice(headers.bodyStart)) }),
      };
    },
  ),

  /** One, or all of a recipient. Their senders are not told. */
  'messages.remove': change(
    v.strictObject({ id: v.optional(idField), ...someone }),
    ({ id, number, domain }, parts): { readonly removed: number } => {
      const { messages, users } = parts.store;
      if ((id === undefined) === (number === undefined)) {
        throw new AdminError('invalid', 'Name one message, or one user.');
      }
      let removed = 0;
      const remove = (message: KeptMessage): void => {
        messages.remove(message);
        removed++;
      };
      if (id !== undefined) remove(kept(parts, id));
      else if (number !== undefined) {
        const user = foundUser(users, { number, domain });
        for (const one of messages.page({ limit: Number.MAX_SAFE_INTEGER, of: user })) remove({ ...one, wire: '' });
      }
      messages.flush();
      // What they said is not kept for anybody to put back.
      parts.note(id === undefined ? `all messages for ${number}` : `message ${id}`);
      return { removed };
    },
  ),
};
