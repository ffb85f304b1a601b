/** What a SUBSCRIBE asks for: its event, what it takes, for how long, and the way back to whoever sent it. */

import { parseUri } from '../../sip/grammar/uri.ts';
import type { SipRequest } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import { deltaSeconds } from '../../sip/message/parse.ts';
import type { Hop } from '../../sip/transport/port.ts';
import { type Answer, answer } from '../answer.ts';
import { numericHop } from '../targets.ts';
import type { EventPackage } from './event-package.ts';
import type { Asked } from './notifier-ports.ts';

/** Shorter ones may be refused as too brief, longer ones may not (RFC 6665 §4.2.1.1). */
const HOUR_SECONDS = 3600;

/** Without Accept the package's own type is taken for granted (RFC 6665 §3.1.3). */
export function accepts(request: SipRequest, type: string): boolean {
  if (request.headers.find(H.Accept) < 0) return true;
  const wanted = ['*/*', `${type.split('/', 1)[0]}/*`, type];
  return request.list(H.Accept).some((one) => wanted.includes(one.split(';', 1)[0]?.trim().toLowerCase() ?? ''));
}

/** In seconds, or the refusal of a time too short. */
export function expiresOf(
  request: SipRequest,
  events: Pick<EventPackage, 'defaultExpires' | 'minExpires' | 'maxExpires'>,
): number | Answer {
  const asked = deltaSeconds(request.header(H.Expires)) ?? events.defaultExpires;
  if (asked > 0 && asked < events.minExpires && asked < HOUR_SECONDS) {
    return answer(423, undefined, [[H.MinExpires, String(events.minExpires)]]);
  }
  return Math.min(asked, events.maxExpires);
}

/**
 * A subscriber behind a NAT, or whose Contact is a GRUU of ours (RFC 5627), is reached by the way that he came; one who
 * routes through others, by them.
 */
export function wayBack({ request, source, exchange }: Asked, target: string, isRouted: boolean): Hop | undefined {
  if (isRouted || request.list(H.Via).length > 1) return undefined;
  const uri = parseUri(target);
  const isOurs = uri.ok && exchange.identity.domainOf(uri.value) !== undefined;
  const direct = uri.ok && !isOurs ? numericHop(uri.value) : undefined;
  if (source.transport !== 'UDP' || direct?.transport !== 'UDP' || direct.host !== source.host) return source;
  return { ...direct, listener: source.listener };
}

export const isSameHop = (a: Hop | undefined, b: Hop | undefined): boolean =>
  a?.transport === b?.transport && a?.host === b?.host && a?.port === b?.port;
