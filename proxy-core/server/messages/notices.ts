/** Tells the sender of a kept message what became of it, where he asked to be told (RFC 5438 §8). */

import { type Disposition, dispositionsAsked, imdnBody } from '../../sip/bodies/imdn.ts';
import { H } from '../../sip/message/names.ts';
import type { ExchangeParts } from '../parts.ts';
import { partsOf } from '../stores.ts';
import { requestOf } from './mail.ts';
import type { KeptMessage } from './message-store.ts';
import { say } from './say.ts';

export function tellSender(exchange: ExchangeParts, message: KeptMessage, disposition: Disposition): void {
  const request = requestOf(message);
  const asked = request && dispositionsAsked(request.header(H.ContentType), request.body);
  if (asked?.wants.has(disposition) !== true) return;
  const { number, domain } = partsOf(message.sender);
  const to = exchange.users.find(number, domain);
  if (to === undefined) return;
  const body = imdnBody({ asked, disposition, id: exchange.random(12), now: exchange.clock.now() });
  // It speaks for the recipient, so that a phone shows it where the message stands.
  say(exchange, { to, from: `sip:${message.recipient}`, body, keptFor: message.recipient });
}
