/** The text messages of one profile: a file of its own, each change on disk before it counts, bounded in every way. */
import { join } from 'node:path';
import * as v from 'valibot';
import type { Outcome } from '../shared/bridge.ts';
import { MAX_TEXT, OUT_STATES, type TextMessage } from '../shared/text-message.ts';
import { inOrder, readJson, writeJson } from './atomic-file.ts';

/** What is kept in all, of one conversation, and characters in all: the oldest give way. */
export const MESSAGE_LIMITS = { all: 5_000, ofOne: 500, characters: 2_000_000 } as const;

const line = (max: number) => v.pipe(v.string(), v.maxLength(max));
const common = {
  id: v.pipe(line(600), v.minLength(1)),
  accountId: line(100),
  peer: v.pipe(line(600), v.minLength(1)),
  name: line(600),
  text: line(MAX_TEXT),
  at: v.pipe(v.number(), v.finite()),
};
const messageShape = v.variant('direction', [
  v.object({ ...common, direction: v.literal('in'), isRead: v.boolean() }),
  v.object({
    ...common,
    direction: v.literal('out'),
    state: v.picklist(OUT_STATES),
    reason: v.exactOptional(line(600)),
  }),
]);
const fileShape = v.object({ version: v.literal(1), messages: v.array(messageShape) });
const conversationShape = v.object({ accountId: v.string(), peer: v.string() });

export interface MessageStore {
  /** The oldest first. */
  readonly all: readonly TextMessage[];
  /** Gives whether anything changed: one that came and is there already does not. */
  keep(args: unknown): Promise<Outcome<boolean>>;
  read(args: unknown): Promise<Outcome>;
  forget(args: unknown): Promise<Outcome>;
  forgetAccount(accountId: string): Promise<Outcome>;
}

export async function openMessages(folder: string): Promise<MessageStore> {
  const path = join(folder, 'messages.json');
  const found = await readJson(path, (value) => v.is(fileShape, value));
  let all: readonly TextMessage[] = [];
  if (found.state === 'read') all = v.parse(fileShape, found.value).messages.map(interrupted);
  const serially = inOrder();

  const change = (edit: (messages: readonly TextMessage[]) => readonly TextMessage[]): Promise<Outcome<boolean>> =>
    serially(async () => {
      const next = edit(all);
      if (next === all) return { ok: true, value: false };
      try {
        await writeJson(path, { version: 1, messages: next });
      } catch (error) {
        return { ok: false, reason: (error as Error).message };
      }
      all = next;
      return { ok: true, value: true };
    });
  const changeOnly = async (edit: Parameters<typeof change>[0]): Promise<Outcome> => {
    const outcome = await change(edit);
    return outcome.ok ? { ok: true, value: undefined } : outcome;
  };
  const without = (isGone: (message: TextMessage) => boolean): Promise<Outcome> =>
    changeOnly((messages) => (messages.some(isGone) ? messages.filter((one) => !isGone(one)) : messages));

  return {
    get all() {
      return all;
    },
    async keep(args) {
      const message = v.parse(messageShape, args);
      return change((messages) => {
        const at = messages.findIndex(({ id, accountId }) => id === message.id && accountId === message.accountId);
        if (at < 0) return bounded([...messages, message]);
        return message.direction === 'in' ? messages : messages.map((one, place) => (place === at ? message : one));
      });
    },
    async read(args) {
      const { accountId, peer } = v.parse(conversationShape, args);
      const isNew = (one: TextMessage) => isOf(one, accountId, peer) && one.direction === 'in' && !one.isRead;
      return changeOnly((messages) =>
        messages.some(isNew) ? messages.map((one) => (isNew(one) ? { ...one, isRead: true } : one)) : messages,
      );
    },
    async forget(args) {
      const { accountId, peer } = v.parse(conversationShape, args);
      return without((one) => isOf(one, accountId, peer));
    },
    forgetAccount: (accountId) => without((one) => one.accountId === accountId),
  };
}

const isOf = (message: TextMessage, accountId: string, peer: string): boolean =>
  message.accountId === accountId && message.peer === peer;

/** What was on its way when the program ended: nobody knows what became of it. */
function interrupted(message: TextMessage): TextMessage {
  if (message.direction !== 'out' || message.state !== 'sending') return message;
  return { ...message, state: 'failed', reason: 'Tandem was closed before an answer came.' };
}

/** The last one is new; of its conversation the oldest gives way first. */
function bounded(messages: readonly TextMessage[]): readonly TextMessage[] {
  const { all, ofOne, characters } = MESSAGE_LIMITS;
  const last = messages.at(-1);
  let kept = messages;
  if (last !== undefined && kept.filter((one) => isOf(one, last.accountId, last.peer)).length > ofOne) {
    const oldest = kept.findIndex((one) => isOf(one, last.accountId, last.peer));
    kept = kept.filter((_, at) => at !== oldest);
  }
  let room = characters;
  let first = kept.length;
  for (const one of kept.slice(-all).reverse()) {
    room -= one.text.length;
    if (room < 0 && first < kept.length) break;
    first--;
  }
  return kept.slice(first);
}
