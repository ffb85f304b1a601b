/** What the exchange itself has to say to a user of ours, as a MESSAGE. */
import { type Body, buildRequest } from '../../sip/message/build.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import { answer } from '../answer.ts';
import type { ExchangeParts } from '../parts.ts';
import { type Aor, aorOf, type User } from '../stores.ts';
import { keepMessage } from './keep.ts';
import { LiveMessage } from './live-message.ts';
import { contextFor, devicesOf } from './mail.ts';

export interface OwnMessage {
  readonly to: User;
  /** The address that it is from. */
  readonly from: string;
  readonly body: Body;
  /** On whose account it is kept while `to` is away; undefined where it is of no use later. */
  readonly keptFor?: Aor;
}

export function say(exchange: ExchangeParts, { to, from, body, keptFor }: OwnMessage): void {
  const { messages, log } = exchange;
  const recipient = aorOf(to.number, to.domain);
  const context = contextFor(exchange, ownRequest(exchange, `sip:${recipient}`, from, body));
  const targets = devicesOf(context, recipient);
  const keep = () => (keptFor === undefined ? answer(480) : keepMessage(context, recipient, keptFor));
  if (targets.length > 0 && (keptFor === undefined || messages.store.count(recipient) === 0)) {
    new LiveMessage({ context, recipient, targets, keep }).start();
    return;
  }
  const kept = keep();
  if (!(kept instanceof Promise)) return;
  kept.then(
    () => messages.deliver(recipient),
    (cause: unknown) => log.error('could not keep a message', { recipient, cause }),
  );
}

function ownRequest({ random, settings, clock }: ExchangeParts, to: string, from: string, body: Body): SipRequest {
  const host = to.slice(to.lastIndexOf('@') + 1);
  return buildRequest({
    method: 'MESSAGE',
    uri: to,
    // It passes through ourselves as if it came from another.
    via: `SIP/2.0/UDP ${host};branch=z9hG4bK${random(12)}`,
    from: `<${from}>;tag=${random(8)}`,
    to: `<${to}>`,
    callId: random(16),
    cseq: 1,
    headers: [
      [H.Date, new Date(clock.now()).toUTCString()],
      [H.UserAgent, settings.product],
    ],
    body,
  });
}
