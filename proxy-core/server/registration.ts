/** What a REGISTER asks for, read from its headers (RFC 3261 §10.2, RFC 5626 §4, RFC 3327). */
import { fail, ok, type Result } from '../sip/grammar/result.ts';
import type { SipUri } from '../sip/grammar/uri.ts';
import type { SipRequest } from '../sip/message/message.ts';
import { H } from '../sip/message/names.ts';
import { deltaSeconds, parseAddresses } from '../sip/message/parse.ts';
import type { Source } from '../sip/transport/port.ts';
import { receivedText } from './targets.ts';

export interface AskedContact {
  readonly text: string;
  readonly uri: SipUri;
  /** In thousandths. */
  readonly q: number;
  /** Seconds; undefined leaves it to the registrar. */
  readonly expires: number | undefined;
  readonly instance: string;
  readonly regId: number;
}

export interface Registration {
  readonly callId: string;
  readonly cseq: number;
  /** `all` stands for `Contact: *` with Expires 0: remove everything. */
  readonly contacts: readonly AskedContact[] | 'all';
  readonly path: readonly string[];
  readonly userAgent: string;
  readonly received: string;
  readonly listener: string;
}

const MAX_CONTACT = 1024;
const MAX_PATHS = 8;

export function readRegistration(request: SipRequest, source: Source): Result<Registration> {
  const contacts = readContacts(request);
  if (!contacts.ok) return contacts;
  const path = request.list(H.Path);
  if (path.length > MAX_PATHS) return fail('too many Path values');
  if (!parseAddresses(request, H.Path).ok) return fail('a malformed Path');
  // Behind another proxy the sender is that proxy, not the phone.
  const isDirect = request.headers.count(H.Via) === 1 && request.list(H.Via).length === 1;
  return ok({
    callId: request.callId,
    cseq: request.cseq,
    contacts: contacts.value,
    path,
    userAgent: (request.header(H.UserAgent) ?? '').slice(0, 200),
    received: isDirect ? receivedText(source) : '',
    listener: source.listener,
  });
}

function readContacts(request: SipRequest): Result<readonly AskedContact[] | 'all'> {
  const expires = deltaSeconds(request.header(H.Expires));
  if (request.list(H.Contact).includes('*')) {
    if (request.list(H.Contact).length > 1 || expires !== 0)
      return fail('"Contact: *" with other contacts or without Expires: 0');
    return ok('all');
  }
  const addresses = parseAddresses(request, H.Contact);
  if (!addresses.ok) return fail(`${addresses.error} in Contact`);
  const contacts: AskedContact[] = [];
  for (const address of addresses.value) {
    if (!address.uri.ok) return fail(`${address.uri.error} in Contact`);
    if (!address.uri.value.isSip) return fail('a Contact that is no SIP address');
    if (address.uriText.length > MAX_CONTACT) return fail('a Contact too long');
    const q = readQ(address.param('q'));
    if (q === undefined) return fail('a malformed q in Contact');
    contacts.push({
      text: address.uriText,
      uri: address.uri.value,
      q,
      // A malformed expires means the default (§10.2.1.1, §20.10).
      expires: address.has('expires') ? deltaSeconds(address.param('expires')) : expires,
      instance: readInstance(address.param('+sip.instance')),
      regId: readRegId(address.param('reg-id')),
    });
  }
  return ok(contacts);
}

/** Without q all contacts are alike: as good as the best. */
function readQ(text: string | undefined): number | undefined {
  if (text === undefined) return 1000;
  if (!/^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text)) return undefined;
  return Math.round(Number(text) * 1000);
}

function readInstance(text: string | undefined): string {
  const match = /^<([^<>"\\\s]{1,200})>$/.exec(text ?? '');
  return match?.[1] ?? '';
}

function readRegId(text: string | undefined): number {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
}
