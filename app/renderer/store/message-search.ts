/** Finds messages by parts of their texts, or of the names and numbers of those they were written with; newest first. */
import { plain } from './plain.ts';
import type { TextMessage } from './types.ts';

/** The folded text of each message: made once. */
const folded = new WeakMap<TextMessage, string>();

function textOf(message: TextMessage): string {
  const known = folded.get(message);
  if (known !== undefined) return known;
  const made = plain(`${message.text}\n${message.name}\n${message.peer}`);
  folded.set(message, made);
  return made;
}

/** @param nameOf by what name a number or an address is known */
export function searchMessages(
  messages: readonly TextMessage[],
  typed: string,
  nameOf: (number: string) => string | undefined,
): readonly TextMessage[] {
  const parts = plain(typed).split(/\s+/).filter(Boolean);
  if (parts.length === 0) return [];
  const names = new Map<string, string>();
  const named = (peer: string): string => {
    const known = names.get(peer) ?? plain(nameOf(peer) ?? '');
    names.set(peer, known);
    return known;
  };
  return messages
    .filter((message) => {
      const text = textOf(message);
      return parts.every((part) => text.includes(part) || named(message.peer).includes(part));
    })
    .reverse();
}
