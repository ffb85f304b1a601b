/** Keeps a message for its recipient where there is room. */
import type { Answer } from '../answer.ts';
import type { RequestContext } from '../request-context.ts';
import type { Aor } from '../stores.ts';
import { newMessage, noRoom } from './mail.ts';
import type { KeptMessage } from './message-store.ts';

/** Settles when it is durable. @returns why not, where it is not kept. */
export function keepMessage(context: RequestContext, recipient: Aor, sender: Aor): Promise<KeptMessage> | Answer {
  const { settings, messages } = context.exchange;
  const full = noRoom(messages.store, settings, recipient, sender);
  if (full !== undefined) return full;
  return messages.store.keep(newMessage(context, recipient, sender)).then((message) => {
    messages.kept(message);
    return message;
  });
}
