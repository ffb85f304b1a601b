/** Servers and phones to which no way could be found or opened: DNS, TLS, refused and broken connections. */
import { parseUri } from '../../../sip/grammar/uri.ts';
import { isNumeric } from '../../nat/addresses.ts';
import { transportOf } from '../../targets.ts';
import type { TraceNote } from '../../trace/entry.ts';
import type { Facts } from '../facts.ts';
import { type Finding, type Rule, rule } from '../reason.ts';
import { finalOf, type Leg, type Story, statusOf } from '../story.ts';
import { at, calleeOf, phoneOf, quoted, sentence } from '../words.ts';

/** Notes and messages are not written down in the same moment, in ms. */
const SLACK_MS = 100;

interface Failure {
  readonly leg: Leg | undefined;
  /** Who could not be reached, for a sentence. */
  readonly whom: string;
  readonly place: string;
  /** As the system or OpenSSL said it. */
  readonly reason: string;
  readonly messages: readonly number[];
}

const endOf = ({ answers }: Story): number => (finalOf(answers)?.entry.at ?? Number.POSITIVE_INFINITY) + SLACK_MS;
const isDuring = (story: Story, { at: when }: TraceNote): boolean =>
  when >= story.at - SLACK_MS && when <= endOf(story);

const failed = (story: Story): boolean => statusOf(story) >= 400 || (statusOf(story) === 0 && story.legs.length > 0);

/** The last way that was tried and failed, where it decided how the request ended. */
function failureOf(story: Story, facts: Facts, pattern: RegExp): Failure | undefined {
  if (!failed(story) || story.legs.some((leg) => statusOf(leg) > 0)) return undefined;
  for (const note of [...facts.notes].reverse()) {
    const { hop, callId } = note.details;
    if (typeof hop !== 'string' || !isDuring(story, note)) continue;
    const leg = story.legs.find(({ request }) => plainPlace(request.entry.remote) === hop);
    if (leg === undefined && callId !== story.callId) continue;
    const reason = reasonsOf(note, facts).find((one) => pattern.test(one));
    if (reason === undefined) continue;
    const ids = [story.request, leg?.request].flatMap((read) => (read === undefined ? [] : [read.entry.id]));
    const whom = leg === undefined ? hop : phoneOf(leg, story, facts);
    return { leg, whom, place: hop, reason, messages: ids };
  }
  return undefined;
}

const plainPlace = ({ host, port }: Leg['request']['entry']['remote']): string => `${host}:${port}`;

/** Why a way failed: what broke the connection first, which the transport told the log, then what came of it. */
function reasonsOf({ at: when, details }: TraceNote, facts: Facts): string[] {
  const place = String(details.hop);
  const colon = place.lastIndexOf(':');
  const host = place.slice(0, colon);
  const shown = at({ host, port: Number(place.slice(colon + 1)) });
  const begin = `The connection with ${shown} was closed: `;
  const told = facts.notes.filter((one) => one.text.startsWith(begin) && Math.abs(one.at - when) <= SLACK_MS);
  const closed = told.map(({ text }) => text.slice(begin.length).replace(/\.$/, ''));
  return [...closed.reverse(), ...(typeof details.reason === 'string' ? [details.reason] : [])];
}

const found = ({ place, reason, messages }: Failure, text: string, todo: string): Finding => ({
  text: sentence(text),
  todo,
  values: { place, reason },
  messages,
});

/** A name or address for which there was no way at all. */
function unresolved(story: Story, facts: Facts): { host: string; uri: string } | undefined {
  if (!failed(story) || story.legs.length > 0 || story.request === undefined) return undefined;
  const { wire } = story.request.entry;
  const hosts = calleeHosts(story, facts);
  const note = facts.notes.find(
    (one) =>
      one.text === 'no address was found' &&
      isDuring(story, one) &&
      typeof one.details.host === 'string' &&
      (hosts.has(one.details.host) || wire.includes(one.details.host)),
  );
  return note === undefined ? undefined : { host: quoted(String(note.details.host)), uri: String(note.details.uri) };
}

/** Where the phones of who is called say that they are, which the request itself does not name. */
function calleeHosts(story: Story, facts: Facts): ReadonlySet<string> {
  const { user } = calleeOf(story, facts);
  const contacts = user === undefined ? [] : facts.bindings(user).map(({ contact }) => contact);
  return new Set(contacts.flatMap((contact) => /[@:]([^@:;>]+)(?::\d+)?(?:;|>|$)/.exec(contact)?.[1] ?? []));
}

const TLS_SIDE = 'Ask whoever runs that server to put its certificate right';

export const connections: readonly Rule[] = [
  rule('tls.expired', (story, facts) => {
    const failure = failureOf(story, facts, /certificate has expired|CERT_HAS_EXPIRED/i);
    return (
      failure &&
      found(
        failure,
        `The certificate of ${failure.whom} has expired, so no TLS connection was made.`,
        `${TLS_SIDE}, and see whether the clock of this computer is right.`,
      )
    );
  }),

  rule('tls.not-yet', (story, facts) => {
    const failure = failureOf(story, facts, /certificate is not yet valid|CERT_NOT_YET_VALID/i);
    return (
      failure &&
      found(
        failure,
        `The certificate of ${failure.whom} is not valid yet, so no TLS connection was made.`,
        'See whether the clock of this computer is right; it is the usual cause.',
      )
    );
  }),

  rule('tls.wrong-name', (story, facts) => {
    const failure = failureOf(story, facts, /its certificate is for|altnames|ERR_TLS_CERT_ALTNAME/i);
    const named = /its certificate is for (.*), not for (.*)$/.exec(failure?.reason ?? '');
    return (
      failure &&
      found(
        failure,
        named === null
          ? `The certificate of ${failure.whom} is for another name, so no TLS connection was made.`
          : `The certificate of ${failure.whom} is for ${quoted(named[1] ?? '')} and not for ${quoted(named[2] ?? '')}, so no TLS connection was made.`,
        'Call that side by the name in its certificate, or have it get one for the name that is called.',
      )
    );
  }),

  rule('tls.unknown-authority', (story, facts) => {
    const failure = failureOf(
      story,
      facts,
      /self[- ]signed certificate|unable to (?:verify|get)|unknown ca|issuer certificate/i,
    );
    return (
      failure &&
      found(
        failure,
        `The certificate of ${failure.whom} is signed by nobody whom this exchange knows, so no TLS connection was made.`,
        'If that authority is to be believed, hand its certificate to the exchange with "serve --tls-ca FILE".',
      )
    );
  }),

  rule('tls.client-certificate', (story, facts) => {
    const failure = failureOf(story, facts, /certificate required|bad certificate|unsupported certificate/i);
    return (
      failure &&
      found(
        failure,
        `${failure.whom} wants a certificate from this exchange and does not take the one that it has, or got none.`,
        'Give the exchange a certificate that the other side believes with "serve --tls-cert" and "--tls-key".',
      )
    );
  }),

  rule('tls.failed', (story, facts) => {
    const failure = failureOf(story, facts, /\b(?:tls|ssl|EPROTO|handshake|wrong version number|alert)\b/i);
    return (
      failure &&
      found(
        failure,
        `The TLS connection to ${failure.whom} could not be set up: ${quoted(reasonIn(failure.reason))}.`,
        'See whether that side speaks TLS 1.2 or newer on that port at all; 5061 is the usual one, 5060 is not.',
      )
    );
  }),

  rule('connection.refused', (story, facts) => {
    const failure = failureOf(story, facts, /ECONNREFUSED/);
    return (
      failure &&
      found(
        failure,
        `${failure.whom} refused the connection: nothing listens on that port.`,
        'Start the program there, or set the right port and transport; a phone that was restarted registers again by itself within its time.',
      )
    );
  }),

  rule('connection.unreachable', (story, facts) => {
    const failure = failureOf(story, facts, /EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|No UDP listener can reach/);
    return (
      failure &&
      found(
        failure,
        /No UDP listener/.test(failure.reason)
          ? `This computer has no way to ${failure.whom}: none of its listeners is in that network.`
          : `This computer has no way to ${failure.whom}: the network there cannot be reached.`,
        'See whether network, VPN or IPv6 of this computer work, and whether --listen names an address of the right kind.',
      )
    );
  }),

  rule('connection.timeout', (story, facts) => {
    const failure = failureOf(story, facts, /no connection within|ETIMEDOUT/);
    return (
      failure &&
      found(
        failure,
        `No connection to ${failure.whom} came about in time.`,
        'See whether it is switched on, and whether a firewall drops connections to that port.',
      )
    );
  }),

  rule('connection.none-left', (story, facts) => {
    const failure = failureOf(story, facts, /has no WebSocket open|Too many connections/);
    const isWeb = /WebSocket/.test(failure?.reason ?? '');
    return (
      failure &&
      found(
        failure,
        isWeb
          ? `${failure.whom} has closed its window or lost its network: its WebSocket is gone, and only it can open a new one.`
          : `The exchange has as many connections open as it may, and none to ${failure.whom} could be added.`,
        isWeb
          ? 'Open the page again there.'
          : 'See with "tandem trace list" who opens so many, and keep that address away.',
      )
    );
  }),

  rule('connection.lost', (story, facts) => {
    const failure = failureOf(story, facts, /./);
    return (
      failure &&
      found(
        failure,
        `The connection to ${failure.whom} broke: ${quoted(reasonIn(failure.reason))}.`,
        'Call again; if it happens often, look at the network between, and let the phone keep its connection open (keep-alive).',
      )
    );
  }),

  rule('transport.no-listener', (story, facts) => {
    const none = unresolved(story, facts);
    if (none === undefined) return undefined;
    const transport = wantedTransport(none.uri);
    if (transport === undefined || facts.transports.includes(transport)) return undefined;
    const name = transport.toLowerCase();
    return {
      text: `${none.uri} is to be reached over ${transport}, and this exchange does not listen on ${transport}, so nobody there could call back.`,
      todo: `Start the exchange with one more "--listen ${name}://ADDRESS:${transport === 'TLS' ? 5061 : 5060}", or call without that transport.`,
      values: { uri: none.uri, transport },
      messages: story.request === undefined ? [] : [story.request.entry.id],
    };
  }),

  rule('dns.unknown', (story, facts) => {
    const none = unresolved(story, facts);
    if (none === undefined) return undefined;
    const isAddress = isNumeric(none.host);
    return {
      text: isAddress
        ? `${none.host} is an address that this exchange may not or cannot send to.`
        : `The name ${none.host} could not be found in DNS, or DNS did not answer, so nothing was sent.`,
      todo: isAddress
        ? 'If the exchange was started with --loopback, it reaches this computer alone; else see whether it listens on an address of that kind (IPv4 or IPv6).'
        : `Check how the name is written; see with "nslookup ${none.host}" whether this computer's DNS works.`,
      values: { host: none.host },
      messages: story.request === undefined ? [] : [story.request.entry.id],
    };
  }),
];

const reasonIn = (reason: string): string =>
  reason.replace(/^The (?:connection|datagram) to \S+ (?:failed|could not be sent): /, '');

function wantedTransport(uri: string): string | undefined {
  const parsed = parseUri(uri);
  if (!parsed.ok) return undefined;
  return transportOf(parsed.value) ?? parsed.value.param('transport')?.toUpperCase();
}
