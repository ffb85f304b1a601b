/** What a REGISTER asks for, read from its headers (RFC 3261 §10.2, RFC 5626 §4 and §6, RFC 3327, RFC 5627). */
import { fail, ok, type Result } from '../sip/grammar/result.ts';
import type { SipUri } from '../sip/grammar/uri.ts';
import type { SipRequest } from '../sip/message/message.ts';
import { H } from '../sip/message/names.ts';
import { deltaSeconds, optionTags, parseAddresses } from '../sip/message/parse.ts';
import type { Source } from '../sip/transport/port.ts';
import { type Answer, answer } from './step.ts';
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
  /** What the phone said to support. */
  readonly knowsGruu: boolean;
  readonly knowsOutbound: boolean;
  /** It came from the phone itself, not by way of another proxy. */
  readonly isDirect: boolean;
}

const MAX_CONTACT = 1024;
const MAX_PATHS = 8;

const bad = (reason: string): Result<never, Answer> => fail(answer(400, `Bad Request - ${reason}`));

/** The error is the answer to give. */
export function readRegistration(request: SipRequest, source: Source): Result<Registration, Answer> {
  const asked = readContacts(request);
  if (!asked.ok) return bad(asked.error);
  const path = request.headers.find(H.Path) < 0 ? NO_PATH : request.list(H.Path);
  if (path.length > MAX_PATHS) return bad('too many Path values');
  const paths = parseAddresses(request, H.Path);
  if (!paths.ok || paths.value.some(({ uri }) => !uri.ok || !uri.value.isSip)) return bad('a malformed Path');
  // Behind another proxy the sender is that proxy, not the phone.
  const isDirect = request.headers.count(H.Via) === 1 && request.list(H.Via).length === 1;
  const supported = extensionsOf(request);
  const knowsOutbound = supported.includes('outbound');
  let contacts = asked.value;
  if (contacts !== 'all' && contacts.some(({ regId }) => regId > 0)) {
    const edge = paths.value.at(-1)?.uri;
    if (isDirect || (edge?.ok === true && edge.value.has('ob'))) {
      // One flow at a time, so that each has its own answer (RFC 5626 §6).
      if (contacts.filter(({ expires }) => expires !== 0).length > 1) return bad('several Contacts with a reg-id');
    } else {
      if (knowsOutbound) return fail(answer(439));
      contacts = contacts.map((contact) => ({ ...contact, regId: 0 }));
    }
  }
  return ok({
    callId: request.callId,
    cseq: request.cseq,
    contacts,
    path,
    userAgent: (request.header(H.UserAgent) ?? '').slice(0, 200),
    received: isDirect ? receivedText(source, request.via) : '',
    listener: source.listener,
    knowsGruu: supported.includes('gruu'),
    knowsOutbound,
    isDirect,
  });
}

/** What is required is supported too. */
function extensionsOf(request: SipRequest): readonly string[] {
  if (request.headers.find(H.Supported) < 0 && request.headers.find(H.Require) < 0) return NO_TAGS;
  return [...optionTags(request, H.Supported), ...optionTags(request, H.Require)];
}

const NO_PATH: readonly string[] = [];
const NO_TAGS: readonly string[] = [];

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
    const instance = readInstance(address.param('+sip.instance'));
    contacts.push({
      text: address.uriText,
      uri: address.uri.value,
      q,
      // A malformed expires means the default (§10.2.1.1, §20.10).
      expires: address.has('expires') ? deltaSeconds(address.param('expires')) : expires,
      instance,
      // Without an instance there is nothing that it could be a flow of (RFC 5626 §6).
      regId: instance === '' ? 0 : readRegId(address.param('reg-id')),
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
