/** Header names: a number for each that the stack reads, its usual spelling, its compact form (RFC 3261 §7.3.3, §20). */

/** Numbers of the known headers; `Other` is any header that nothing here reads by number. */
export const H = {
  Other: 0,
  Via: 1,
  From: 2,
  To: 3,
  CallId: 4,
  CSeq: 5,
  MaxForwards: 6,
  Contact: 7,
  Route: 8,
  RecordRoute: 9,
  ContentLength: 10,
  ContentType: 11,
  Expires: 12,
  Authorization: 13,
  ProxyAuthorization: 14,
  WwwAuthenticate: 15,
  ProxyAuthenticate: 16,
  Require: 17,
  ProxyRequire: 18,
  Supported: 19,
  Unsupported: 20,
  Allow: 21,
  Accept: 22,
  UserAgent: 23,
  Server: 24,
  Path: 25,
  ServiceRoute: 26,
  MinExpires: 27,
  RetryAfter: 28,
  Reason: 29,
  Warning: 30,
  Date: 31,
  Subject: 32,
  ReferTo: 33,
  ReferredBy: 34,
  Replaces: 35,
  Event: 36,
  AllowEvents: 37,
  SubscriptionState: 38,
  SessionExpires: 39,
  MinSe: 40,
  RSeq: 41,
  RAck: 42,
  ContentEncoding: 43,
  AcceptEncoding: 44,
  AcceptLanguage: 45,
  PAssertedIdentity: 46,
  PPreferredIdentity: 47,
  Privacy: 48,
  Diversion: 49,
  HistoryInfo: 50,
  AlertInfo: 51,
  CallInfo: 52,
  Priority: 53,
  Timestamp: 54,
  SipEtag: 55,
  SipIfMatch: 56,
  RequestDisposition: 57,
  AcceptContact: 58,
  RejectContact: 59,
  Organization: 60,
  MimeVersion: 61,
  ContentDisposition: 62,
  FlowTimer: 63,
  MaxBreadth: 64,
  AuthenticationInfo: 65,
  Join: 66,
  PRtpStat: 67,
  XRtpStat: 68,
  RecvInfo: 69,
} as const;
export type HeaderId = (typeof H)[keyof typeof H];

const spellings: readonly (readonly [HeaderId, string, string?])[] = [
  [H.Via, 'Via', 'v'],
  [H.From, 'From', 'f'],
  [H.To, 'To', 't'],
  [H.CallId, 'Call-ID', 'i'],
  [H.CSeq, 'CSeq'],
  [H.MaxForwards, 'Max-Forwards'],
  [H.Contact, 'Contact', 'm'],
  [H.Route, 'Route'],
  [H.RecordRoute, 'Record-Route'],
  [H.ContentLength, 'Content-Length', 'l'],
  [H.ContentType, 'Content-Type', 'c'],
  [H.Expires, 'Expires'],
  [H.Authorization, 'Authorization'],
  [H.ProxyAuthorization, 'Proxy-Authorization'],
  [H.WwwAuthenticate, 'WWW-Authenticate'],
  [H.ProxyAuthenticate, 'Proxy-Authenticate'],
  [H.Require, 'Require'],
  [H.ProxyRequire, 'Proxy-Require'],
  [H.Supported, 'Supported', 'k'],
  [H.Unsupported, 'Unsupported'],
  [H.Allow, 'Allow'],
  [H.Accept, 'Accept'],
  [H.UserAgent, 'User-Agent'],
  [H.Server, 'Server'],
  [H.Path, 'Path'],
  [H.ServiceRoute, 'Service-Route'],
  [H.MinExpires, 'Min-Expires'],
  [H.RetryAfter, 'Retry-After'],
  [H.Reason, 'Reason'],
  [H.Warning, 'Warning'],
  [H.Date, 'Date'],
  [H.Subject, 'Subject', 's'],
  [H.ReferTo, 'Refer-To', 'r'],
  [H.ReferredBy, 'Referred-By', 'b'],
  [H.Replaces, 'Replaces'],
  [H.Event, 'Event', 'o'],
  [H.AllowEvents, 'Allow-Events', 'u'],
  [H.SubscriptionState, 'Subscription-State'],
  [H.SessionExpires, 'Session-Expires', 'x'],
  [H.MinSe, 'Min-SE'],
  [H.RSeq, 'RSeq'],
  [H.RAck, 'RAck'],
  [H.ContentEncoding, 'Content-Encoding', 'e'],
  [H.AcceptEncoding, 'Accept-Encoding'],
  [H.AcceptLanguage, 'Accept-Language'],
  [H.PAssertedIdentity, 'P-Asserted-Identity'],
  [H.PPreferredIdentity, 'P-Preferred-Identity'],
  [H.Privacy, 'Privacy'],
  [H.Diversion, 'Diversion'],
  [H.HistoryInfo, 'History-Info'],
  [H.AlertInfo, 'Alert-Info'],
  [H.CallInfo, 'Call-Info'],
  [H.Priority, 'Priority'],
  [H.Timestamp, 'Timestamp'],
  [H.SipEtag, 'SIP-ETag'],
  [H.SipIfMatch, 'SIP-If-Match'],
  [H.RequestDisposition, 'Request-Disposition', 'd'],
  [H.AcceptContact, 'Accept-Contact', 'a'],
  [H.RejectContact, 'Reject-Contact', 'j'],
  [H.Organization, 'Organization'],
  [H.MimeVersion, 'MIME-Version'],
  [H.ContentDisposition, 'Content-Disposition'],
  [H.FlowTimer, 'Flow-Timer'],
  [H.MaxBreadth, 'Max-Breadth'],
  [H.AuthenticationInfo, 'Authentication-Info'],
  [H.Join, 'Join'],
  [H.PRtpStat, 'P-RTP-Stat'],
  [H.XRtpStat, 'X-RTP-Stat'],
  [H.RecvInfo, 'Recv-Info'],
];

const names: string[] = [];
const compactNames: (string | undefined)[] = [];
/** Candidates by length and first letter, so that a name is found without making a string of it. */
const buckets: { readonly id: HeaderId; readonly lower: string }[][] = [];
/** A usual spelling with its colon: nearly all headers are written so, and are known at the first look. */
interface UsualHeader {
  readonly id: HeaderId;
  /** As bytes: the engine compares them faster than two strings. */
  readonly bytes: Uint8Array;
  readonly colon: number;
}

const NONE: readonly UsualHeader[] = [];
/** By the first and the third character, which tell nearly all of them apart. */
const usual: (readonly UsualHeader[])[] = new Array(1024).fill(NONE);
const usualBucketOf = (first: number, third: number): number => (first * 37 + third * 5) & 1023;
const bucketOf = (length: number, first: number): number => (length << 5) | (first & 31);

for (const [id, name, compact] of spellings) {
  names[id] = name;
  compactNames[id] = compact;
  const text = `${name}:`;
  const place = usualBucketOf(text.charCodeAt(0), text.charCodeAt(2));
  usual[place] = [
    ...(usual[place] ?? NONE),
    { id, bytes: Uint8Array.from(text, (char) => char.charCodeAt(0)), colon: name.length },
  ];
  for (const spelling of compact === undefined ? [name] : [name, compact]) {
    const lower = spelling.toLowerCase();
    const bucket = bucketOf(lower.length, lower.charCodeAt(0));
    buckets[bucket] ??= [];
    buckets[bucket]?.push({ id, lower });
  }
}

/** The header that begins at `start` in its usual spelling, its colon right behind; undefined for any other. */
export function usualHeaderAt(text: string, start: number): UsualHeader | undefined {
  const candidates = usual[usualBucketOf(text.charCodeAt(start), text.charCodeAt(start + 2))] ?? NONE;
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i];
    if (candidate === undefined) break;
    const { bytes, colon } = candidate;
    let at = colon;
    // From its end: that is where those differ that begin alike.
    while (at >= 0 && text.charCodeAt(start + at) === bytes[at]) at--;
    if (at < 0) return candidate;
  }
  return undefined;
}

/** The number of the header whose name stands at `text[start, end)`, in any case or compact; `H.Other` when unknown. */
export function headerIdAt(text: string, start: number, end: number): HeaderId {
  const candidates = buckets[bucketOf(end - start, text.charCodeAt(start))];
  if (candidates === undefined) return H.Other;
  next: for (const { id, lower } of candidates) {
    for (let i = 0; i < lower.length; i++) {
      const want = lower.charCodeAt(i);
      const got = text.charCodeAt(start + i);
      if (got !== want && !((got | 32) === want && want >= 97 && want <= 122)) continue next;
    }
    return id;
  }
  return H.Other;
}

export const headerId = (name: string): HeaderId => headerIdAt(name, 0, name.length);

/** The usual spelling, such as `Call-ID`. */
export function headerName(id: HeaderId): string {
  const name = names[id];
  if (name === undefined) throw new RangeError(`no name for header ${id}`);
  return name;
}

/** The compact form, such as `i`; undefined where there is none. */
export const compactName = (id: HeaderId): string | undefined => compactNames[id];

/**
 * Gives the text back, or throws where it holds a line break, which would begin another header. What is read from the wire
 * never holds one; what people typed may, and is to be checked where it comes in.
 */
export function oneLine(text: string): string {
  if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0)
    throw new TypeError('a line break within a line of a message');
  return text;
}
