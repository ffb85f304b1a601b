/** The Event header of SUBSCRIBE, NOTIFY and PUBLISH (RFC 6665 §8.2.1). */
import { getParam } from '../grammar/params.ts';
import type { SipRequest } from '../message/message.ts';
import { H } from '../message/names.ts';

/** The event package that a request names, in lower case; empty where it names none. */
export const eventName = (request: SipRequest): string =>
  (request.header(H.Event) ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

export const eventParam = (event: string, name: string): string | undefined =>
  event.includes(';') ? getParam(event.slice(event.indexOf(';')), name) : undefined;

/** Whether both name one subscription of a dialog: other parameters may differ (RFC 6665 §8.2.1). */
export const isSameEvent = (a: string, b: string): boolean =>
  a.split(';', 1)[0]?.trim().toLowerCase() === b.split(';', 1)[0]?.trim().toLowerCase() &&
  eventParam(a, 'id') === eventParam(b, 'id');
