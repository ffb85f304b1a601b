/** How people, phones and places are named in sentences. */

import type { NameAddr } from '../../sip/grammar/name-addr.ts';
import { toText } from '../../sip/grammar/text.ts';
import type { SipUri } from '../../sip/grammar/uri.ts';
import { H } from '../../sip/message/names.ts';
import { phrase } from '../phrase.ts';
import type { Binding } from '../stores.ts';
import type { Endpoint } from '../trace/entry.ts';
import { withoutUriSecrets } from '../trace/mask.ts';
import { endpointText } from '../trace/summary.ts';
import type { Facts, KnownUser } from './facts.ts';
import type { Leg, Story } from './story.ts';

const LONGEST = 80;

/** Text of others within a sentence: one line, not too long. */
export const quoted = (bytes: string): string =>
  toText(withoutUriSecrets(bytes).slice(0, LONGEST))
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
    .trim();

/** `1002 (Ben)`, or the number alone. */
export const named = ({ number, name }: KnownUser): string => (name === '' ? number : `${number} (${name})`);

export const userIn = (uri: SipUri | undefined): string => (uri?.isSip === true ? quoted(uri.userDecoded) : '');

const uriOf = ({ uri }: NameAddr): SipUri | undefined => (uri.ok ? uri.value : undefined);

/** The domain of ours that is meant: an address in place of a name means the first one. */
export function domainIn(uri: SipUri | undefined, facts: Facts): string {
  const host = uri?.host.toLowerCase() ?? '';
  return facts.domains.includes(host) ? host : (facts.domains[0] ?? '');
}

/** Who is at one end of a request, as the office knows him, else as he calls himself. */
export interface Person {
  readonly user: KnownUser | undefined;
  /** For sentences. */
  readonly text: string;
  readonly number: string;
  readonly domain: string;
}

function personOf(uri: SipUri | undefined, facts: Facts): Person {
  const number = userIn(uri);
  const domain = domainIn(uri, facts);
  const user = number === '' ? undefined : facts.user(number, domain);
  const address = quoted(uri?.toString() ?? '?').replace(/^sips?:/, '');
  return { user, number, domain, text: user === undefined ? number || address : named(user) };
}

/** Who sent it, by From; who registers, by To. */
export function callerOf({ request, legs }: Story, facts: Facts): Person {
  const message = (request ?? legs[0]?.request)?.message;
  if (message === undefined) return personOf(undefined, facts);
  return personOf(uriOf(message.method === 'REGISTER' ? message.to : message.from), facts);
}

/** Who was called. */
export function calleeOf({ request, legs }: Story, facts: Facts): Person {
  const message = request?.message;
  if (message !== undefined) return personOf(message.uri.user === '' ? uriOf(message.to) : message.uri, facts);
  return personOf(legs[0]?.request.message.uri, facts);
}

/** Where it came from. */
export const placeOf = ({ request, spoilt, legs }: Story): Endpoint =>
  (request ?? spoilt ?? legs[0]?.request)?.entry.remote ?? { host: '?', port: 0 };

export const at = (place: Endpoint): string => endpointText(place);

/** What a binding is called: its label, else what the phone calls itself. */
export const deviceName = ({ device, userAgent }: Pick<Binding, 'device' | 'userAgent'>): string =>
  quoted(device !== '' ? device : userAgent);

/** The phone at the other end of a leg, such as `the phone of 1002 (Yealink T46) at 192.0.2.7:5062`. */
export function phoneOf(leg: Leg, story: Story, facts: Facts): string {
  const { remote } = leg.request.entry;
  const callee = calleeOf(story, facts);
  const agent = agentOf(leg, callee, facts);
  const place = at(remote);
  if (callee.user === undefined)
    return agent === '' ? phrase(`the other side at ${place}`) : phrase(`the other side (${agent}) at ${place}`);
  return agent === '' ? phoneAt(callee.text, place) : phrase(`the phone of ${callee.text} (${agent}) at ${place}`);
}

/** `the phone of 1002 (Ben) at 192.0.2.7:5062`. */
export const phoneAt = (text: string, place: string): string => phrase(`the phone of ${text} at ${place}`);

function agentOf(leg: Leg, callee: Person, facts: Facts): string {
  for (const { message } of leg.answers) {
    const agent = message.header(H.UserAgent) ?? message.header(H.Server);
    if (agent !== undefined) return quoted(agent);
  }
  const { host, port } = leg.request.entry.remote;
  const binding =
    callee.user &&
    facts.bindings(callee.user).find(({ received }) => received.endsWith(`:${port}`) && received.includes(host));
  return binding === undefined ? '' : deviceName(binding);
}

/** The beginning of a sentence in upper case. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Without a word of any language. */
export const listed = (items: readonly string[]): string => items.join(', ');

/** A sentence with what else is known: `A turned the call away; it says: "No".` Each of `more` is a phrase, or empty. */
export const together = (sentence: string, ...more: readonly string[]): string =>
  `${[sentence.replace(/\.$/, ''), ...more.filter((one) => one !== '')].join('; ')}.`;

/** What an answer itself gives as its reason, as an addition to a sentence. */
export const itSays = (text: string | undefined): string =>
  text === undefined ? '' : phrase(`it says: "${quoted(text)}"`);

/** The numbers of those whom somebody may have meant, as an addition to a sentence. */
export function nearWords(near: readonly string[]): string {
  const [one, ...others] = near;
  if (one === undefined) return '';
  return others.length === 0 ? phrase(`${one} is near it`) : phrase(`${listed(near)} are near it`);
}

export const times = (count: number): string =>
  count === 1 ? phrase('once') : count === 2 ? phrase('twice') : phrase(`${count} times`);

export const seconds = (ms: number): string => {
  const whole = Math.max(1, Math.round(ms / 1000));
  return whole === 1 ? phrase('1 second') : phrase(`${whole} seconds`);
};

/** The address in `udp:192.0.2.7:5062`, without brackets; empty for an empty text. */
export const receivedHost = (received: string): string => /^\w+:\[?([^\]]*)\]?:\d+$/.exec(received)?.[1] ?? '';

/** `udp:192.0.2.7:5062` as a place. */
export const receivedPlace = (received: string): string => received.slice(received.indexOf(':') + 1);
