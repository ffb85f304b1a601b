/** One message in short, for lists, ladders and texts: what a person looks at before he reads the whole. */

import type { NameAddr } from '../../sip/grammar/name-addr.ts';
import { toText } from '../../sip/grammar/text.ts';
import { H } from '../../sip/message/names.ts';
import { mediaCodecs, readSdp } from '../../sip/sdp/index.ts';
import { bodyOf } from './bodies.ts';
import type { TraceEntry } from './entry.ts';
import { masked, withoutUriSecrets } from './mask.ts';
import type { ReadingFault, ReadMessage } from './reading.ts';

/** What became of a message: taken, taken for a repetition, not let in, or not understood. */
export type Handling = 'taken' | 'repeated' | 'refused' | 'unreadable';

export interface SdpSummary {
  readonly type: string;
  /** Where its writer wants media: `192.0.2.7:4000`. */
  readonly address: string;
  readonly profile: string;
  readonly direction: string;
  readonly codecs: readonly string[];
}

export interface MessageSummary {
  readonly id: number;
  /** ms since 1970, exact to the microsecond. */
  readonly at: number;
  readonly direction: 'in' | 'out';
  readonly transport: string;
  /** `host:port`, IPv6 in brackets. */
  readonly local: string;
  readonly remote: string;
  /** Empty for datagrams. */
  readonly connection: string;
  readonly handled: Handling;
  /** The message of which this is a repetition. */
  readonly repeats?: number;
  readonly bytes: number;
  /** Such as `INVITE` or `486 Busy Here`. */
  readonly label: string;
  /** Absent where the message cannot be read. */
  readonly method?: string;
  readonly status?: number;
  readonly uri?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly from?: string;
  readonly to?: string;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly branch?: string;
  readonly contact?: string;
  readonly userAgent?: string;
  readonly sdp?: readonly SdpSummary[];
  readonly fault?: ReadingFault;
}

const LONGEST = 200;
const short = (text: string): string => toText(withoutUriSecrets(text).slice(0, LONGEST));

/** Without the port where the system chose one that nobody knows. */
export const endpointText = ({ host, port }: TraceEntry['remote']): string =>
  `${host.includes(':') ? `[${host}]` : host}${port === 0 ? '' : `:${port}`}`;

export function summaryOf(read: ReadMessage): MessageSummary {
  const { entry, message, fault, repeats, callId } = read;
  const base = {
    ...{ id: entry.id, at: entry.at, direction: entry.direction, transport: entry.transport },
    ...{ local: endpointText(entry.local), remote: endpointText(entry.remote), connection: entry.connection },
    handled: handlingOf(read),
    ...(repeats !== undefined && { repeats }),
    bytes: entry.wire.length,
    ...(callId !== '' && { callId: short(callId) }),
    ...(fault !== undefined && { fault: { ...fault, text: short(fault.text) } }),
  };
  if (message === undefined) return { ...base, label: short(/^[^\r\n]*/.exec(masked(entry.wire))?.[0] ?? '') };
  const { from, to, via, cseq, cseqMethod: method } = message;
  const contact = message.header(H.Contact);
  const userAgent = message.header(H.UserAgent) ?? message.header(H.Server);
  const sdp = sdpOf(read);
  return {
    ...base,
    label: message.kind === 'request' ? message.method : short(`${message.status} ${message.reason}`),
    method,
    ...(message.kind === 'request' ? { uri: short(message.uriText) } : { status: message.status }),
    ...{ cseq, from: aorText(from), to: aorText(to), branch: short(via.branch) },
    ...(from.tag !== undefined && { fromTag: short(from.tag) }),
    ...(to.tag !== undefined && { toTag: short(to.tag) }),
    ...(contact !== undefined && { contact: short(contact) }),
    ...(userAgent !== undefined && { userAgent: short(userAgent) }),
    ...(sdp.length > 0 && { sdp }),
  };
}

export function handlingOf({ entry, fault, repeats }: ReadMessage): Handling {
  if (entry.isRefused) return 'refused';
  if (fault !== undefined) return 'unreadable';
  return repeats === undefined ? 'taken' : 'repeated';
}

/** `1001@office.example`, without what a number and its domain do not need. */
export function aorText({ uri, uriText }: NameAddr): string {
  if (!uri.ok || !uri.value.isSip) return short(uriText);
  const { userDecoded, host, port } = uri.value;
  return short(`${userDecoded === '' ? '' : `${userDecoded}@`}${host}${port === undefined ? '' : `:${port}`}`);
}

/** The streams that a message's description offers; empty where there is none that can be read. */
export function sdpOf({ message }: ReadMessage): SdpSummary[] {
  const text = message === undefined ? undefined : bodyOf(message, 'application/sdp');
  const read = text === undefined ? undefined : readSdp(text);
  if (read?.ok !== true) return [];
  const session = read.value;
  return session.media.map((media) => {
    const connection = media.connection ?? session.connection;
    const codecs = mediaCodecs(media).map(({ name }) => name);
    return {
      type: short(media.type),
      address: `${short(String(connection?.ip ?? '?'))}:${media.port}`,
      profile: short(media.protocol),
      direction: media.direction ?? session.direction ?? 'sendrecv',
      codecs: codecs.map(short),
    };
  });
}
