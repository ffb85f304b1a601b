/** Asking somebody to call somebody else (RFC 3515, RFC 3892, RFC 4488): Refer-To, and how it went as message/sipfrag. */
import { parseNameAddr } from '../grammar/name-addr.ts';
import { parseUri, type SipUri, unescapeUri } from '../grammar/uri.ts';
import type { HeaderLine } from '../message/build.ts';
import type { SipMessage, SipRequest } from '../message/message.ts';
import { H } from '../message/names.ts';
import { deltaSeconds } from '../message/parse.ts';
import { reasonPhrase } from '../message/status.ts';
import { formatReplaces, parseReplaces, type Replaces } from './replaces.ts';

export const REFER_EVENT = 'refer';
export const SIPFRAG = 'message/sipfrag';
/** No NOTIFYs are wanted, or none will come (RFC 4488 §4). */
export const REFER_SUB = 'Refer-Sub';

/** More seconds to ring are no limit. */
const LONGEST_RING = 3_600;

export interface Referred {
  /** Without the headers that stood in it. */
  readonly uri: SipUri;
  readonly replaces: Replaces | undefined;
  /** How long it is to ring at most, in seconds. */
  readonly expires: number | undefined;
}

export type ReadRefer =
  | { readonly ok: true; readonly value: Referred }
  /** 400 for what cannot be read, 403 for what is no call to a SIP address. */
  | { readonly ok: false; readonly status: 400 | 403 };

/** Whom a REFER wants to be called. Of the headers within the URI only Replaces (RFC 5589 §7) and Expires are taken. */
export function readReferTo(request: SipRequest): ReadRefer {
  const lines = request.headers.lines(H.ReferTo);
  const address = lines.length === 1 ? parseNameAddr(lines[0] ?? '') : undefined;
  if (address?.ok !== true) return { ok: false, status: 400 };
  const uri = address.value.uri;
  if (!uri.ok) return { ok: false, status: 400 };
  const { value } = uri;
  if (value.scheme !== 'sip') return { ok: false, status: 403 };
  if ((value.param('method') ?? 'INVITE').toUpperCase() !== 'INVITE') return { ok: false, status: 403 };
  const embedded = embeddedHeader(value.headers, 'replaces');
  const replaces = embedded === undefined ? undefined : parseReplaces(embedded);
  if (embedded !== undefined && replaces === undefined) return { ok: false, status: 400 };
  const seconds = deltaSeconds(embeddedHeader(value.headers, 'expires')) ?? 0;
  const expires = seconds > 0 && seconds <= LONGEST_RING ? seconds : undefined;
  return {
    ok: true,
    value: { uri: value.withoutParam('method').with({ headers: '', password: undefined }), replaces, expires },
  };
}

function embeddedHeader(headers: string, name: string): string | undefined {
  for (const part of headers.replace(/^\?/, '').split('&')) {
    const at = part.indexOf('=');
    if (at > 0 && unescapeUri(part.slice(0, at)).toLowerCase() === name) return unescapeUri(part.slice(at + 1));
  }
  return undefined;
}

/** The value of Refer-To. `uri` is a SIP URI as text; `expires` are the seconds that it may ring. */
export function referTo(uri: string, { replaces, expires }: Partial<Omit<Referred, 'uri'>> = {}): string {
  const headers = [
    ...(replaces === undefined ? [] : [`Replaces=${encodeURIComponent(formatReplaces(replaces))}`]),
    ...(expires === undefined ? [] : [`Expires=${expires}`]),
  ];
  if (headers.length === 0) return `<${uri}>`;
  const parsed = parseUri(uri);
  const bare = parsed.ok ? parsed.value.with({ headers: '' }).toString() : uri;
  return `<${bare}?${headers.join('&')}>`;
}

/** The body that tells how the call goes (§2.4.5). */
export const sipfrag = (status: number): string => `SIP/2.0 ${status} ${reasonPhrase(status)}\r\n`;

/** The status that a NOTIFY tells; undefined where it tells none. */
export function sipfragStatus(message: SipMessage): number | undefined {
  const found = /^SIP\/2\.0 ([1-6]\d\d)\b/i.exec(message.body)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Whether the one who refers wants to hear nothing of it (RFC 4488 §4). */
export const wantsSilence = (request: SipRequest): boolean =>
  request.headers.named(REFER_SUB)?.trim().toLowerCase() === 'false';

/** `Event` of the NOTIFYs to the REFER with this CSeq; a second one in the same dialog is told apart by it (§2.4.6). */
export const referEvent = (cseq: number): HeaderLine => [H.Event, `${REFER_EVENT};id=${cseq}`];

/** Whether a NOTIFY is about the REFER with this CSeq. */
export function tellsOf(notify: SipRequest, cseq: number): boolean {
  const [event = '', ...params] = (notify.header(H.Event) ?? '').split(';').map((part) => part.trim().toLowerCase());
  const id = params.find((param) => param.startsWith('id='));
  return event === REFER_EVENT && (id === undefined || id === `id=${cseq}`);
}
