/**
 * Messages of RFC 4475 as data, with what we make of each. The section is that of the RFC; long and binary ones are
 * shortened to what they test.
 */

export interface Torture {
  readonly name: string;
  readonly section: string;
  readonly wire: string;
  /**
   * `valid`: read, and what is read of it. A status: refused so. `dropped`: refused without an answer, as a response or
   * what has no line of a request.
   */
  readonly expect: 'dropped' | 400 | 413 | 505 | Readonly<Record<string, unknown>>;
}

const text = (lines: readonly string[], body = ''): string =>
  `${lines.map((line) => line.replace('{length}', String(body.length))).join('\r\n')}\r\n\r\n${body}`;

const SDP =
  'v=0\r\no=mhandley 29739 7272939 IN IP4 192.0.2.3\r\ns=-\r\nc=IN IP4 192.0.2.4\r\nt=0 0\r\nm=audio 49217 RTP/AVP 0 12\r\na=rtpmap:31 LPC\r\n';

/** A sound INVITE, of which single lines are replaced. */
function invite(changes: Readonly<Record<string, string | readonly string[]>> = {}, body = SDP): string {
  const lines: Record<string, string | readonly string[]> = {
    start: 'INVITE sip:user@example.com SIP/2.0',
    Via: 'Via: SIP/2.0/UDP 192.0.2.95:5060;branch=z9hG4bKkdjuw',
    MaxForwards: 'Max-Forwards: 70',
    From: 'From: "caller" <sip:caller@example.net>;tag=93942939o2',
    To: 'To: "callee" <sip:user@example.com>',
    CallId: 'Call-ID: torture.0ha0isndaksdj',
    CSeq: 'CSeq: 8 INVITE',
    Contact: 'Contact: <sip:caller@host5.example.net>',
    Type: 'Content-Type: application/sdp',
    Length: 'Content-Length: {length}',
    ...changes,
  };
  return text(Object.values(lines).flat(), body);
}

const UNUSUAL_URI =
  "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com";
const UNUSUAL_METHOD = "!interesting-Method0123456789_*+`.%indeed'~";

export const torture: readonly Torture[] = [
  {
    name: 'a short tortuous INVITE',
    section: '3.1.1.1',
    wire: text(
      [
        'INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0',
        'TO :',
        ' sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n',
        'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
        '  ;',
        '  tag = 98asjd8',
        'MaX-fOrWaRdS: 0068',
        'Call-ID: wsinv.ndaksdj@192.0.2.1',
        'Content-Length   : {length}',
        'cseq: 0009',
        '  INVITE',
        'Via  : SIP  /   2.0',
        ' /UDP',
        '    192.0.2.2;branch=390skdjuw',
        's :',
        'NewFangledHeader:   newfangled value',
        ' continued newfangled value',
        'UnknownHeaderWithUnusualValue: ;;,,;;,;',
        'Content-Type: application/sdp',
        'Route:',
        ' <sip:services.example.com;lr;unknownwith=value;unknown-no-value>',
        'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
        '  branch  =   z9hG4bK9ikj8  ,',
        ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
        ' z9hG4bK30239',
        'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =',
        '      newvalue ;',
        '  secondparam ; q = 0.33',
      ],
      SDP,
    ),
    expect: {
      method: 'INVITE',
      toTag: '1918181833n',
      fromTag: '98asjd8',
      fromDisplay: 'J Rosenberg \\"',
      cseq: 9,
      maxForwards: 68,
      via: 'UDP 192.0.2.2 390skdjuw',
      vias: 3,
      contacts: ['sip:jdrosen@example.com'],
      body: SDP,
    },
  },
  {
    name: 'wide range of valid characters',
    section: '3.1.1.2',
    wire: text([
      `${UNUSUAL_METHOD} ${UNUSUAL_URI} SIP/2.0`,
      "Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~",
      `To: "BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f" <${UNUSUAL_URI}>`,
      "From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com> ;fromParam''~+*_!.-%=\"\xd1\x80\xd0\xb0\";tag=_token~1'+`*%!-.",
      'Call-ID: intmeth.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{',
      `CSeq: 139122385 ${UNUSUAL_METHOD}`,
      'Max-Forwards: 255',
      "extensionHeader-!.%*+_`'~:\xef\xbb\xbf\xe5\xa4\xa7\xe5\x81\x9c\xe9\x9b\xbb",
      'Content-Length: 0',
    ]),
    expect: {
      method: UNUSUAL_METHOD,
      cseq: 139_122_385,
      user: "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*",
      fromTag: "_token~1'+`*%!-.",
      fromDisplay: "token1~` token2'+_ token3*%!.-",
      maxForwards: 255,
    },
  },
  {
    name: 'escaped % where it means something else unescaped',
    section: '3.1.1.3',
    wire: invite({
      start: 'INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0',
      To: 'To: sip:%75se%72@example.com',
    }),
    expect: { user: 'sips%3Auser%40example.com', userDecoded: 'sips:user@example.com', toUser: 'user' },
  },
  {
    name: 'escaped nulls in URIs',
    section: '3.1.1.4',
    wire: invite({ To: 'To: sip:null-%00-null@example.com' }),
    expect: { toUser: 'null-\0-null' },
  },
  {
    name: 'a % that escapes nothing',
    section: '3.1.1.5',
    wire: invite({
      start: 'RE%47IST%45R sip:registrar.example.com SIP/2.0',
      To: 'To: "%Z%45" <sip:resource@example.com>',
      CSeq: 'CSeq: 29344 RE%47IST%45R',
    }),
    expect: { method: 'RE%47IST%45R', toDisplay: '%Z%45' },
  },
  {
    name: 'no white space between display name and <',
    section: '3.1.1.6',
    wire: invite({ From: 'From: caller<sip:caller@example.com>;tag=323' }),
    expect: { fromDisplay: 'caller', fromTag: '323' },
  },
  {
    name: 'long values',
    section: '3.1.1.7',
    wire: invite({
      From: `From: sip:${'longuser'.repeat(60)}@${'host'.repeat(15)}.example.net;tag=${'1'.repeat(300)}`,
      Via: Array.from({ length: 34 }, (_, i) => `Via: SIP/2.0/TCP sip${i}.example.com;branch=z9hG4bK${i}`),
    }),
    expect: { fromTag: '1'.repeat(300), vias: 34 },
  },
  {
    name: 'extra bytes after the message in a datagram',
    section: '3.1.1.8',
    wire: `${invite({}, '')}INVITE sip:joe@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.5\r\n\r\n`,
    expect: { method: 'INVITE', body: '', vias: 1 },
  },
  {
    name: 'a semicolon in the user part',
    section: '3.1.1.9',
    wire: invite({ start: 'OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0', CSeq: 'CSeq: 8 OPTIONS' }),
    expect: { userDecoded: 'user;par=u@example.net', uriParams: '' },
  },
  {
    name: 'varied and unknown transports',
    section: '3.1.1.10',
    wire: invite({
      Via: [
        'Via: SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw',
        'Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf',
        'Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj',
        'Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en',
      ],
    }),
    expect: { via: 'UDP t1.example.com z9hG4bKkdjuw', vias: 4 },
  },
  {
    name: 'a binary body',
    section: '3.1.1.11',
    wire: invite(
      { Type: 'Content-Type: multipart/mixed;boundary=7a9cbec02ceef655' },
      '--7a\r\n\r\n0\x82\x00\xff\x00\r\n\r\n--',
    ),
    expect: { body: '--7a\r\n\r\n0\x82\x00\xff\x00\r\n\r\n--' },
  },
  {
    name: 'an unusual reason phrase',
    section: '3.1.1.12',
    wire: invite({ start: 'SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\xd0\xbe', To: 'To: <sip:user@example.com>;tag=1' }),
    expect: { status: 200, reason: '= 2**3 * 5**2 \xd0\xbd\xd0\xbe' },
  },
  {
    name: 'an empty reason phrase',
    section: '3.1.1.13',
    wire: invite({ start: 'SIP/2.0 100 ' }, ''),
    expect: { status: 100, reason: '' },
  },
  {
    name: 'extraneous separators in headers',
    section: '3.1.2.1',
    wire: invite({ Via: 'Via: SIP/2.0/UDP 192.0.2.15;;,;,,', Contact: 'Contact: "Joe" <sip:joe@example.org>;;;;' }),
    expect: 400,
  },
  {
    name: 'Content-Length larger than the message',
    section: '3.1.2.2',
    wire: invite({ Length: 'Content-Length: 9999' }),
    expect: 400,
  },
  {
    name: 'negative Content-Length',
    section: '3.1.2.3',
    wire: invite({ Length: 'Content-Length: -999' }),
    expect: 400,
  },
  {
    name: 'a request with scalars that overflow',
    section: '3.1.2.4',
    wire: invite({ start: 'REGISTER sip:example.com SIP/2.0', CSeq: 'CSeq: 36893488147419103232 REGISTER' }),
    expect: 400,
  },
  {
    name: 'a response with scalars that overflow',
    section: '3.1.2.5',
    wire: invite({ start: 'SIP/2.0 503 Service Unavailable', CSeq: 'CSeq: 9292394834772304023312 OPTIONS' }),
    expect: 'dropped',
  },
  {
    name: 'a quoted string that never closes',
    section: '3.1.2.6',
    wire: invite({ To: 'To: "Mr. J. User <sip:j.user@example.com>' }),
    expect: 400,
  },
  {
    name: '<> around the Request-URI',
    section: '3.1.2.7',
    wire: invite({ start: 'INVITE <sip:user@example.com> SIP/2.0' }),
    expect: 400,
  },
  {
    name: 'white space in the Request-URI',
    section: '3.1.2.8',
    wire: invite({ start: 'INVITE sip:user@example.com; lr SIP/2.0' }),
    expect: 400,
  },
  {
    name: 'more than one space in the request line',
    section: '3.1.2.9',
    wire: invite({ start: 'INVITE  sip:user@example.com  SIP/2.0' }),
    expect: 400,
  },
  {
    name: 'spaces after the request line',
    section: '3.1.2.10',
    wire: invite({ start: 'INVITE sip:user@example.com SIP/2.0  ' }),
    expect: 400,
  },
  {
    name: 'escaped headers in the Request-URI',
    section: '3.1.2.11',
    wire: invite({ start: 'INVITE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0' }),
    expect: { uriHeaders: '?Route=%3Csip:example.com%3E' },
  },
  {
    name: 'a time zone that SIP does not know',
    section: '3.1.2.12',
    wire: invite({ Date: 'Date: Fri, 01 Jan 2010 16:00:00 EST' }),
    expect: { cseq: 8 },
  },
  {
    name: 'a Contact whose URI wants angle brackets',
    section: '3.1.2.13',
    wire: invite({ Contact: 'Contact: sip:user@example.com?Route=%3Csip:sip.example.com%3E' }),
    expect: { contacts: 'refused' },
  },
  {
    name: 'spaces within an address',
    section: '3.1.2.14',
    wire: invite({ To: 'To: "Watson, Thomas" < t.watson@example.org >' }),
    expect: { toUri: 'refused' },
  },
  {
    name: 'a display name that wants quotes',
    section: '3.1.2.15',
    wire: invite({ From: 'From: Bell, Alexander <sip:a.g.bell@example.com>;tag=43' }),
    expect: 400,
  },
  {
    name: 'an unknown version',
    section: '3.1.2.16',
    wire: invite({ start: 'INVITE sip:t.watson@example.org SIP/7.0', CSeq: 'CSeq: 8 INVITE' }),
    expect: 505,
  },
  {
    name: 'two methods that differ',
    section: '3.1.2.17',
    wire: invite({ start: 'OPTIONS sip:user@example.com SIP/2.0' }),
    expect: 400,
  },
  {
    name: 'an unknown method and another one',
    section: '3.1.2.18',
    wire: invite({ start: 'NEWMETHOD sip:user@example.com SIP/2.0' }),
    expect: 400,
  },
  {
    name: 'a status that overflows',
    section: '3.1.2.19',
    wire: invite({ start: 'SIP/2.0 4294967301 better not break the receiver' }),
    expect: 'dropped',
  },
  {
    name: 'a branch that is the cookie alone',
    section: '3.2.1',
    wire: invite({ Via: 'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK' }),
    expect: { via: 'UDP 192.0.2.1 z9hG4bK' },
  },
  {
    name: 'essential headers missing',
    section: '3.3.1',
    wire: text([
      'INVITE sip:user@example.com SIP/2.0',
      'CSeq: 193942 INVITE',
      'Via: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf',
      'l: 0',
    ]),
    expect: 400,
  },
  {
    name: 'an unknown scheme in the Request-URI',
    section: '3.3.2',
    wire: invite({ start: 'INVITE nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0' }),
    expect: { scheme: 'nobodyknowsthisscheme' },
  },
  {
    name: 'a known but unusual scheme in the Request-URI',
    section: '3.3.3',
    wire: invite({ start: 'INVITE soap.beep://192.0.2.103:3002 SIP/2.0' }),
    expect: { scheme: 'soap.beep' },
  },
  {
    name: 'unknown schemes in headers',
    section: '3.3.4',
    wire: invite({
      To: 'To: isbn:2983792873',
      From: 'From: <http://www.example.com>;tag=3234233',
      Contact: 'Contact: <name:John_Smith>',
    }),
    expect: { toScheme: 'isbn', fromTag: '3234233', contacts: ['name:John_Smith'] },
  },
  {
    name: 'single headers that come twice',
    section: '3.3.8',
    wire: invite({ CallId: ['Call-ID: a', 'Call-ID: b'], CSeq: ['CSeq: 8 INVITE', 'CSeq: 59 INVITE'] }),
    expect: 400,
  },
  {
    name: 'two Content-Lengths',
    section: '3.3.9',
    wire: invite({ Length: ['Content-Length: 5', 'Content-Length: {length}'] }),
    expect: 400,
  },
  {
    name: 'Max-Forwards of 0',
    section: '3.3.11',
    wire: invite({ MaxForwards: 'Max-Forwards: 0' }),
    expect: { maxForwards: 0 },
  },
  {
    name: 'a Contact with a parameter of its URI outside the brackets',
    section: '3.3.13',
    wire: invite({ Contact: 'Contact: sip:+19725552222@gw1.example.net;unknownparam' }),
    expect: { contacts: ['sip:+19725552222@gw1.example.net'] },
  },
  {
    name: 'a Contact with it inside',
    section: '3.3.14',
    wire: invite({ Contact: 'Contact: <sip:+19725552222@gw1.example.net;unknownparam>' }),
    expect: { contacts: ['sip:+19725552222@gw1.example.net;unknownparam'] },
  },
  {
    name: 'a Contact with escaped headers',
    section: '3.3.15',
    wire: invite({ Contact: 'Contact: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>' }),
    expect: { contacts: ['sip:user@example.com?Route=%3Csip:sip.example.com%3E'] },
  },
  {
    name: 'an INVITE of RFC 2543',
    section: '3.4.1',
    wire: text(
      [
        'INVITE sip:UserB@example.com SIP/2.0',
        'Via: SIP/2.0/UDP iftgw.example.com',
        'From: <sip:+13035551111@ift.client.example.net;user=phone>',
        'Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>',
        'To: sip:+16505552222@ss1.example.net;user=phone',
        'Call-ID: inv2543.1717@ift.client.example.com',
        'CSeq: 56 INVITE',
        'Content-Type: application/sdp',
      ],
      SDP,
    ),
    expect: { via: 'UDP iftgw.example.com ', fromTag: undefined, maxForwards: undefined, body: SDP },
  },
];
