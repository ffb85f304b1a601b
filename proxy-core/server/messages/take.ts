/** What becomes of a MESSAGE for a user of ours: on to the devices, kept, or refused (RFC 3428 §6, §7). */
import { type Answer, answer } from '../answer.ts';
import type { RequestContext } from '../request-context.ts';
import type { Outcome } from '../step.ts';
import { aorOf, type User } from '../stores.ts';
import { keepMessage } from './keep.ts';
import { LiveMessage } from './live-message.ts';
import { devicesOf, isWorthKeeping } from './mail.ts';

export function takeMessage(context: RequestContext, callee: User): Outcome | Promise<Outcome> {
  const { user, exchange, request } = context;
  const { messages } = exchange;
  const recipient = aorOf(callee.number, callee.domain);
  const targets = devicesOf(context, recipient);
  // Nobody but a user of ours can fill the store.
  const sender = user !== undefined && isWorthKeeping(request) ? aorOf(user.number, user.domain) : undefined;
  const mode = exchange.users.modeOf(callee.number, callee.domain) ?? context.mode;
  if (sender === undefined || (mode === 'redirect' && targets.length > 0)) {
    if (targets.length === 0) return answer(480);
    context.callee = callee;
    context.mode = mode;
    context.targets = targets;
    return 'continue';
  }
  const keep = () => keepMessage(context, recipient, sender);
  // What waits already goes first.
  if (targets.length > 0 && messages.store.count(recipient) === 0) {
    new LiveMessage({ context, recipient, targets, keep }).start();
    return 'taken';
  }
  const kept = keep();
  if (!(kept instanceof Promise)) return kept;
  return kept.then(
    (): Answer => {
      exchange.clock.after(0, () => messages.deliver(recipient));
      return answer(202);
    },
    (cause: unknown): Answer => {
      exchange.log.error('could not keep a message', { recipient, cause });
      return answer(500, 'Message Could Not Be Stored');
    },
  );
}
