/** Servers and phones to which no way could be found or opened: DNS, refused and broken connections. */
import { parseUri } from '../../../sip/grammar/uri.ts';
import { isNumeric } from '../../nat/addresses.ts';
import { transportOf } from '../../targets.ts';
import type { Facts } from '../facts.ts';
import { type Rule, rule } from '../reason.ts';
import type { Story } from '../story.ts';
import { calleeOf, quoted } from '../words.ts';
import { failed, failureOf, found, isDuring, reasonIn } from './failed-ways.ts';

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

export const connections: readonly Rule[] = [
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
        `this computer has no way to ${failure.whom}: ${/No UDP listener/.test(failure.reason) ? 'none of its listeners is in that network' : 'the network there cannot be reached'}.`,
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
        `no connection to ${failure.whom} came about in time.`,
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
          : `the exchange has as many connections open as it may, and none to ${failure.whom} could be added.`,
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
        `the connection to ${failure.whom} broke: ${quoted(reasonIn(failure.reason))}.`,
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

function wantedTransport(uri: string): string | undefined {
  const parsed = parseUri(uri);
  if (!parsed.ok) return undefined;
  return transportOf(parsed.value) ?? parsed.value.param('transport')?.toUpperCase();
}
