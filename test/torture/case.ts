/** What a row of the torture tables says of one message, and how that is found out. */
import type { SipMessage } from '../../proxy-core/sip/message/message.ts';
import { H } from '../../proxy-core/sip/message/names.ts';
import { maxForwards, parseAddresses } from '../../proxy-core/sip/message/parse.ts';

/** A final status that goes back; `forwarded` by a Route or to the device of the one called; `dropped` without a word. */
export type Fate = number | 'forwarded' | 'dropped' | `sent to ${string}`;

export interface TortureCase {
  /** Name of the file beside this one, without `.dat`. */
  readonly file: string;
  /** The right Content-Length of a message that the RFC counts wrongly: it is asked with this one. */
  readonly length?: number;
  /** Section of the RFC. */
  readonly section: string;
  /** What is read of it, or that it cannot be read. */
  readonly reads: 'refused' | Readonly<Record<string, unknown>>;
  /** What the exchange does with it when a stranger sends it. */
  readonly stranger: Fate;
  /** The same once the sender has proved to be who From (To, of a REGISTER) says; absent where that changes nothing. */
  readonly proved?: Fate;
  readonly why: string;
}

/** The SDP of most of these messages. */
export const SDP = (address: string, session = address): string =>
  `v=0\r\no=mhandley 29739 7272939 IN IP4 ${session}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\n` +
  'm=audio 49217 RTP/AVP 0 12\r\nm=video 3227 RTP/AVP 31\r\na=rtpmap:31 LPC\r\n';

/** Everything that a table may ask of a message. */
export function view(message: SipMessage): Record<string, unknown> {
  const { via, from, to } = message;
  const contacts = parseAddresses(message, H.Contact);
  const start =
    message.kind === 'response'
      ? { status: message.status, reason: message.reason }
      : {
          method: message.method,
          scheme: message.uri.scheme,
          user: message.uri.user,
          userDecoded: message.uri.userDecoded,
          password: message.uri.password,
          host: message.uri.host,
          port: message.uri.port,
          uriParams: message.uri.params,
          uriHeaders: message.uri.headers,
        };
  return {
    ...start,
    via: `${via.transport} ${via.sentBy} ${via.branch}`,
    received: via.received,
    vias: message.list(H.Via).length,
    fromTag: from.tag,
    fromDisplay: from.display,
    toTag: to.tag,
    toDisplay: to.display,
    toUri: to.uri.ok ? to.uri.value.toString() : 'refused',
    toUser: to.uri.ok ? to.uri.value.userDecoded : undefined,
    toScheme: to.uri.ok ? to.uri.value.scheme : undefined,
    cseq: message.cseq,
    callId: message.callId,
    maxForwards: maxForwards(message),
    contacts: contacts.ok ? contacts.value.map(({ uriText }) => uriText) : 'refused',
    accept: message.list(H.Accept),
    require: message.list(H.Require),
    bytes: message.body.length,
    body: message.body,
  };
}
