/** What of a MESSAGE can be kept, for how long, and as what it goes on when its time has come (RFC 3428 §4, §7, §8). */
import { editRequest } from '../../sip/message/edit.ts';
import { SipRequest } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import { deltaSeconds, readRequest } from '../../sip/message/parse.ts';
import type { ServerTransaction } from '../../sip/transaction/user.ts';
import type { FlowId, Source } from '../../sip/transport/port.ts';
import { type Answer, answer } from '../answer.ts';
import { deviceTargets } from '../device-targets.ts';
import type { ExchangeParts } from '../parts.ts';
import { RequestContext } from '../request-context.ts';
import type { Settings } from '../settings.ts';
import type { Aor } from '../stores.ts';
import { secureTarget, type Target } from '../targets.ts';
import type { KeptMessage, MessageStore, NewMessage } from './message-store.ts';

/** The bytes of its body. */
export const bodyLength = ({ wire, headers }: SipRequest): number => wire.length - headers.bodyStart;

/** "Is typing" (RFC 3994) is of no use later, and what has expired before it is kept of none at all. */
export function isWorthKeeping(request: SipRequest): boolean {
  const type = request.header(H.ContentType)?.split(';', 1)[0]?.trim().toLowerCase();
  return type !== 'application/im-iscomposing+xml' && deltaSeconds(request.header(H.Expires)) !== 0;
}

/** The message as it is kept: without what was meant for us, with the changes of the office, and with its time. */
export function newMessage(context: RequestContext, recipient: Aor, sender: Aor): NewMessage {
  const { request, exchange, headerEdits, uriText } = context;
  const now = exchange.clock.now();
  const edit = editRequest(request).remove(H.Route).remove(H.ProxyAuthorization).remove(H.Authorization);
  if (uriText !== request.uriText) edit.setUri(uriText);
  for (const name of headerEdits?.remove ?? []) edit.removeNamed(name);
  for (const [name, value] of headerEdits?.add ?? []) edit.appendNamed(name, value);
  // Expires counts from it, and whoever reads it days later sees when it was written (§7).
  if (request.header(H.Date) === undefined) edit.append(H.Date, new Date(now).toUTCString());
  const seconds = Math.min(deltaSeconds(request.header(H.Expires)) ?? Number.POSITIVE_INFINITY, longest(exchange));
  return { recipient, sender, receivedAt: now, expiresAt: now + seconds * 1000, wire: edit.toWire() };
}

const longest = ({ settings }: ExchangeParts): number => settings.messageDays * 86_400;

/** Why another message of this sender is not kept for this recipient; undefined where there is room. */
export function noRoom(store: MessageStore, settings: Settings, recipient: Aor, sender: Aor): Answer | undefined {
  const { maxMessages, messagesPerUser, messagesPerSender, messagesPerPair } = settings;
  if (store.size >= maxMessages || store.count(recipient) >= messagesPerUser) {
    return answer(480, 'No Room For Messages While Away');
  }
  const isTooMany =
    store.countFrom(sender) >= messagesPerSender || store.countFrom(sender, recipient) >= messagesPerPair;
  return isTooMany ? answer(480, 'Too Many Messages Are Waiting Already') : undefined;
}

/** A kept message as a request; undefined where it cannot be read. With what we added it may be longer than any that comes. */
export function requestOf({ wire }: KeptMessage): SipRequest | undefined {
  try {
    return new SipRequest('MESSAGE', wire, readRequest, readRequest(wire));
  } catch {
    return undefined;
  }
}

/** For a request that nobody waits for an answer to. */
export function contextFor(exchange: ExchangeParts, request: SipRequest): RequestContext {
  const { via } = request;
  const source: Source = {
    transport: 'UDP',
    host: via.received ?? via.host,
    port: Number(via.rport ?? '') || (via.port ?? 5060),
    flow: '' as FlowId,
    listener: '',
  };
  const transaction: ServerTransaction = {
    ...{ request, source, isOpen: true },
    respond: () => undefined,
    dismiss: () => undefined,
    onEnd: () => undefined,
  };
  return new RequestContext(exchange, transaction);
}

/** All devices of a user that are there now, none before another; by `sips:` those only that are reached safely. */
export function devicesOf({ exchange, uri }: RequestContext, user: Aor): Target[] {
  const targets = deviceTargets(exchange.livingFlows.living(exchange.locations.lookup(user, exchange.clock.now())));
  const reached = uri.scheme === 'sips' ? targets.flatMap((target) => secureTarget(target) ?? []) : targets;
  return reached.map((target) => (target.q === 1000 ? target : { ...target, q: 1000 }));
}
