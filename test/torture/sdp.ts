/** Descriptions that a hostile or broken peer may send, and what the phone must make of each as an offer and as an answer. */

/** 400 for what is no description, 488 for one that cannot be used (RFC 3261 §21.4.26), or taken: what our answer then says. */
export type Fate = 400 | 488 | { readonly says?: RegExp; readonly not?: RegExp };

export interface SdpCase {
  readonly name: string;
  readonly sdp: string;
  readonly offer: Fate;
  /** The same as the answer to an offer of ours in the clear, where that differs. */
  readonly answer?: Fate;
  readonly why: string;
}

const HEAD = ['v=0', 'o=peer 1 1 IN IP4 127.0.0.1', 's=-'];
const C = 'c=IN IP4 127.0.0.1';
const TIME = 't=0 0';
const AUDIO = 'm=audio 40000 RTP/AVP 0';
const lines = (...all: readonly string[]): string => `${all.join('\r\n')}\r\n`;
/** A whole one with these lines behind the audio line. */
const withLines = (...more: readonly string[]): string => lines(...HEAD, C, TIME, AUDIO, ...more);
/** A whole one with another audio line. */
const audio = (line: string, ...more: readonly string[]): string => lines(...HEAD, C, TIME, line, ...more);
const connected = (connection: string): string => lines(...HEAD, connection, TIME, AUDIO);
const key = (bytes: number): string => Buffer.alloc(bytes, 7).toString('base64');
const savp = (...crypto: readonly string[]): string => audio('m=audio 40000 RTP/SAVP 0', ...crypto);
const hex = (count: number): string => Array.from({ length: count }, () => 'AB').join(':');
const dtls = (...more: readonly string[]): string => audio('m=audio 40000 UDP/TLS/RTP/SAVP 0', ...more);
const CREDENTIALS = ['a=ice-ufrag:abcd', 'a=ice-pwd:abcdefghijklmnopqrstuv'];
const candidates = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `a=candidate:${i} 1 UDP ${2000 - i} 127.0.0.1 ${40000 + i} typ host`);
const times = (count: number, line: string): string[] => Array.from({ length: count }, () => line);

const TAKEN: Fate = { says: /^m=audio [1-9]\d* RTP\/AVP 0\r$/m };

export const SHAPE: readonly SdpCase[] = [
  { name: 'whole', sdp: withLines(), offer: TAKEN, why: 'what all others are changed from' },
  { name: 'empty', sdp: ' ', offer: 400, why: 'no line of SDP' },
  { name: 'another version', sdp: withLines().replace('v=0', 'v=1'), offer: 400, why: 'RFC 4566 §5.1 knows 0' },
  { name: 'version not first', sdp: lines('s=-', 'v=0', C, AUDIO), offer: 400, why: 'the order is fixed (§5)' },
  {
    name: 'without o=, s= and t=',
    sdp: lines('v=0', C, AUDIO),
    offer: TAKEN,
    why: 'nothing that is needed is missing',
  },
  { name: 'no m= line', sdp: lines(...HEAD, C, TIME), offer: 488, why: 'legal, but no audio' },
  {
    name: 'bare line feeds',
    sdp: withLines().replaceAll('\r', ''),
    offer: TAKEN,
    why: 'parsers should take them (§5)',
  },
  { name: 'no end of the last line', sdp: withLines().trimEnd(), offer: TAKEN, why: 'nothing is missing' },
  { name: 'empty lines', sdp: withLines('', '', ''), offer: TAKEN, why: 'harmless' },
  {
    name: 'bare carriage return',
    sdp: withLines('a=x\ra=sendonly'),
    offer: 400,
    why: 'two readers would see two things',
  },
  { name: 'a folded line', sdp: withLines('a=ptime:', ' 20'), offer: 400, why: 'SDP knows no folding' },
  { name: 'spaces around =', sdp: withLines('a = ptime:20'), offer: 400, why: 'not allowed (§5)' },
  { name: 'a zero byte', sdp: withLines('a=x\0y'), offer: 400, why: 'never allowed in a value (§9, byte-string)' },
  { name: 'escape codes', sdp: withLines('s=\u001b[2J'), offer: 400, why: 'a terminal or log would obey them' },
  { name: 'a byte order mark', sdp: `\u00ef\u00bb\u00bf${withLines()}`, offer: 400, why: 'the first line is not v=0' },
  { name: 'bytes above 127', sdp: withLines('i=\u00ff\u00fe\u00c3\u00a4'), offer: TAKEN, why: 'text in any encoding' },
  {
    name: 'nothing but bytes',
    sdp: String.fromCharCode(...Array.from({ length: 512 }, (_, i) => (i * 89) % 256)),
    offer: 400,
    why: 'no description',
  },
  {
    name: 'names of JavaScript',
    sdp: withLines('a=__proto__:x', 'a=constructor:x'),
    offer: TAKEN,
    why: 'unknown, so passed over',
  },
];

export const SIZE: readonly SdpCase[] = [
  { name: '33 KB', sdp: withLines(...times(33, `a=x:${'y'.repeat(1000)}`)), offer: 400, why: 'nobody needs so much' },
  { name: 'a line of 2 KB', sdp: withLines(`a=x:${'y'.repeat(2045)}`), offer: 400, why: 'nobody needs so much' },
  { name: '700 lines', sdp: withLines(...times(700, 'a=x')), offer: 400, why: 'nobody needs so many' },
  { name: '100 m= lines', sdp: withLines(...times(99, AUDIO)), offer: 400, why: 'our answer must repeat each' },
  {
    name: '16 m= lines, ours the last',
    sdp: lines(...HEAD, C, TIME, ...times(15, 'm=video 0 RTP/AVP 31'), AUDIO),
    offer: { says: /(m=video 0 RTP\/AVP 31\r\n){15}m=audio [1-9]/ },
    answer: 488,
    why: 'as many as are taken; an answer has as many as the offer (RFC 3264 §6)',
  },
  {
    name: '65 formats',
    sdp: audio(`m=audio 40000 RTP/AVP ${times(65, '0').join(' ')}`),
    offer: 400,
    why: 'more than dynamic numbers',
  },
  {
    name: '500 candidates',
    sdp: withLines(...CREDENTIALS, ...candidates(500)),
    offer: { says: /^a=ice-ufrag:/m },
    why: 'the first 40 are read',
  },
  {
    name: '590 lines of candidates without end',
    sdp: withLines(...times(590, 'a=candidate:1 1 UDP 1')),
    offer: TAKEN,
    why: 'none can be read',
  },
];

export const LINE: readonly SdpCase[] = [
  { name: 'port 0', sdp: audio('m=audio 0 RTP/AVP 0'), offer: 488, why: 'the only audio is refused' },
  { name: 'port 65536', sdp: audio('m=audio 65536 RTP/AVP 0'), offer: 400, why: 'no port' },
  { name: 'a negative port', sdp: audio('m=audio -1 RTP/AVP 0'), offer: 400, why: 'no port' },
  { name: 'no port', sdp: audio('m=audio RTP/AVP 0'), offer: 400, why: 'no m= line' },
  { name: 'no formats', sdp: audio('m=audio 40000 RTP/AVP'), offer: 400, why: 'no m= line' },
  {
    name: 'an odd port',
    sdp: audio('m=audio 40001 RTP/AVP 0'),
    offer: TAKEN,
    why: 'even ones are only usual (RFC 3550 §11)',
  },
  {
    name: 'numbers above 127',
    sdp: audio('m=audio 40000 RTP/AVP 128 300'),
    offer: 488,
    why: 'seven bits hold a payload type',
  },
  {
    name: 'formats that are no numbers',
    sdp: audio('m=audio 40000 RTP/AVP pcmu *'),
    offer: 488,
    why: 'RTP has numbers',
  },
  {
    name: 'a dynamic number without rtpmap',
    sdp: audio('m=audio 40000 RTP/AVP 96'),
    offer: 488,
    why: 'it says nothing',
  },
  {
    name: 'rtpmap that makes another of 0',
    sdp: withLines('a=rtpmap:0 PCMU/16000'),
    offer: 488,
    why: 'not the codec that we know',
  },
  {
    name: 'rtpmap with rate 0',
    sdp: audio('m=audio 40000 RTP/AVP 96', 'a=rtpmap:96 PCMU/0'),
    offer: 488,
    why: 'no clock',
  },
  {
    name: 'rtpmap named like a property',
    sdp: audio('m=audio 40000 RTP/AVP 96', 'a=rtpmap:96 __proto__/8000'),
    offer: 488,
    why: 'not known',
  },
  {
    name: 'the same number for two codecs',
    sdp: audio('m=audio 40000 RTP/AVP 0 0', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:0 PCMA/8000'),
    offer: TAKEN,
    why: 'the first counts',
  },
  { name: 'no codec in common', sdp: audio('m=audio 40000 RTP/AVP 18 4 3'), offer: 488, why: 'RFC 3264 §6' },
  {
    name: 'telephone-event alone',
    sdp: audio('m=audio 40000 RTP/AVP 101', 'a=rtpmap:101 telephone-event/8000'),
    offer: 488,
    why: 'digits are no sound',
  },
  { name: 'an unknown profile', sdp: audio('m=audio 40000 RTP/XYZ 0'), offer: 488, why: 'not spoken' },
  { name: 'RTP over TCP', sdp: audio('m=audio 40000 TCP/RTP/AVP 0'), offer: 488, why: 'not spoken' },
  { name: 'a fax alone', sdp: audio('m=image 40000 udptl t38'), offer: 488, why: 'no audio' },
  {
    name: 'the first of two refused',
    sdp: lines(...HEAD, C, TIME, 'm=audio 0 RTP/AVP 0', AUDIO),
    offer: { says: /m=audio 0 RTP\/AVP 0\r\nm=audio [1-9]/ },
    answer: 488,
    why: 'the second is used; an answer has as many as the offer (RFC 3264 §6)',
  },
  {
    name: 'two audio lines of one mid',
    sdp: withLines('a=mid:1', AUDIO, 'a=mid:1'),
    offer: { says: /m=audio [1-9]\d* RTP\/AVP 0[\s\S]*m=audio 0 RTP\/AVP 0/ },
    why: 'a mid says nothing without a group; the first is used',
  },
  {
    name: 'a group of what is not there',
    sdp: lines(...HEAD, C, 'a=group:BUNDLE 7 8 9', TIME, AUDIO),
    offer: TAKEN,
    why: 'we use one line',
  },
];

export const ADDRESS: readonly SdpCase[] = [
  { name: 'no c= line', sdp: lines(...HEAD, TIME, AUDIO), offer: 488, why: 'nowhere to send (RFC 4566 §5.7)' },
  { name: 'c= of the line alone', sdp: lines(...HEAD, TIME, AUDIO, C), offer: TAKEN, why: 'enough (§5.7)' },
  { name: 'no address in c=', sdp: connected('c=IN IP4'), offer: 488, why: 'nowhere to send' },
  { name: 'IPv6 in an IPv4 call', sdp: connected('c=IN IP6 ::1'), offer: 488, why: 'no socket of ours reaches it' },
  { name: 'IPv6 called IPv4', sdp: connected('c=IN IP4 ::1'), offer: 488, why: 'no socket of ours reaches it' },
  { name: 'multicast', sdp: connected('c=IN IP4 224.2.1.1/127'), offer: 488, why: 'a call has one other side' },
  { name: 'multicast of IPv6', sdp: connected('c=IN IP6 ff02::1'), offer: 488, why: 'a call has one other side' },
  {
    name: 'broadcast',
    sdp: connected('c=IN IP4 255.255.255.255'),
    offer: 488,
    why: 'a whole network would get our sound',
  },
  {
    name: 'this network',
    sdp: connected('c=IN IP4 0.1.2.3'),
    offer: 488,
    why: 'no address of a host (RFC 1122 §3.2.1.3)',
  },
  { name: 'a name', sdp: connected('c=IN IP4 peer.example'), offer: 488, why: 'nothing is looked up for a peer' },
  { name: 'numbers above 255', sdp: connected('c=IN IP4 127.0.0.256'), offer: 488, why: 'no address' },
  {
    name: 'an address in other digits',
    sdp: connected('c=IN IP4 0x7f.1'),
    offer: 488,
    why: 'no address; a resolver would take it',
  },
  {
    name: 'an address of three digits each',
    sdp: connected('c=IN IP4 127.000.000.001'),
    offer: 488,
    why: 'octal to some, decimal to others',
  },
  {
    name: 'a stranger, at a phone that keeps to loopback',
    sdp: connected('c=IN IP4 192.0.2.1'),
    offer: 488,
    why: '--loopback',
  },
  {
    name: '0.0.0.0',
    sdp: connected('c=IN IP4 0.0.0.0'),
    offer: { says: /^a=recvonly\r$/m },
    why: 'the old way to hold (RFC 2543 §B.5)',
  },
  {
    name: 'RTCP at a stranger',
    sdp: withLines('a=rtcp:53 IN IP4 192.0.2.1'),
    offer: TAKEN,
    why: 'no report goes there',
  },
];

export const ATTRIBUTE: readonly SdpCase[] = [
  {
    name: 'bandwidths',
    sdp: withLines('b=AS:0', 'b=TIAS:64000', 'b=RS:0', 'b=RR:0', 'b=CT:99999999999999999999', 'b=X-Y:-1'),
    offer: TAKEN,
    why: 'a voice call has none to give away',
  },
  { name: 'RTCP on port 0', sdp: withLines('a=rtcp:0'), offer: TAKEN, why: 'no reports then' },
  { name: 'RTCP on port 99999', sdp: withLines('a=rtcp:99999'), offer: TAKEN, why: 'no reports then' },
  { name: 'RTCP on no port', sdp: withLines('a=rtcp:abc'), offer: TAKEN, why: 'as if it were not there' },
  { name: 'RTCP at a name', sdp: withLines('a=rtcp:40001 IN IP4 peer.example'), offer: TAKEN, why: 'no reports then' },
  { name: 'RTCP above 65535', sdp: audio('m=audio 65535 RTP/AVP 0'), offer: TAKEN, why: 'there is no port above' },
  ...['-20', '0', '1', '1000', '20.5', 'abc', '9'.repeat(400), ''].map(
    (value): SdpCase => ({
      name: `ptime ${value.slice(0, 10)}`,
      sdp: withLines(`a=ptime:${value}`, `a=maxptime:${value}`),
      offer: { ...(TAKEN as object), not: /^a=ptime:(?!20\r)/m },
      why: 'from 10 to 120 ms, or as usual',
    }),
  ),
  {
    name: 'two directions',
    sdp: withLines('a=sendonly', 'a=inactive'),
    offer: { says: /^a=(recvonly|inactive)\r$/m },
    why: 'one of them holds',
  },
  {
    name: 'unknown ones',
    sdp: withLines('a=foo', 'a=bar:baz', 'z=0 0', 'y=1'),
    offer: TAKEN,
    why: 'passed over (RFC 4566 §5.13)',
  },
  { name: 'fmtp without end', sdp: withLines(`a=fmtp:0 ${'a=1;'.repeat(500)}`), offer: TAKEN, why: 'PCMU has none' },
  {
    name: 'words that make readers slow',
    sdp: withLines(
      `a=candidate:${'a '.repeat(1000)}`,
      `a=simulcast: ${' \t'.repeat(1000)}`,
      `a=floorid:${'1 '.repeat(1000)}`,
      `a=source-filter:${' '.repeat(2000)}`,
      `a=mediaclk:${' ='.repeat(1000)}`,
      `a=rid:${'1 '.repeat(1000)}`,
      `a=maxptime:${'.'.repeat(2000)}`,
      `a=imageattr:${'* '.repeat(1000)}`,
    ),
    offer: TAKEN,
    why: 'passed over',
  },
];

export const ICE: readonly SdpCase[] = [
  {
    name: 'credentials that are too short',
    sdp: withLines('a=ice-ufrag:a', 'a=ice-pwd:b', ...candidates(1)),
    offer: { ...(TAKEN as object), not: /a=ice/ },
    why: 'RFC 8839 §5.4: as if there were no ICE',
  },
  {
    name: 'a default that is no candidate',
    sdp: withLines(...CREDENTIALS, 'a=candidate:1 1 UDP 1 127.0.0.1 41000 typ host'),
    offer: { says: /^a=ice-mismatch\r$/m },
    why: 'RFC 8839 §4.2.5',
  },
  {
    name: 'candidates of no use',
    sdp: withLines(
      ...CREDENTIALS,
      'a=candidate:1 1 TCP 5 127.0.0.1 40000 typ host tcptype active',
      'a=candidate:2 1 UDP 0 127.0.0.1 40000 typ host',
      'a=candidate:3 9 UDP 5 127.0.0.1 40000 typ host',
      'a=candidate:4 1 UDP 5 x.local 40000 typ host',
      'a=candidate:5 1 UDP 5 127.0.0.1 0 typ host',
      'a=candidate:6 1 UDP 5 255.255.255.255 40000 typ host',
      'a=candidate:7 1 UDP 99999999999 127.0.0.1 40000 typ host',
      'a=candidate:8 1 UDP 5 127.0.0.1 40000 typ nonsense',
    ),
    offer: { says: /^a=ice-ufrag:/m },
    why: 'none is checked; the peer may check ours',
  },
];

export const PROTECTION: readonly SdpCase[] = [
  { name: 'SAVP without a key', sdp: savp(), offer: 488, why: 'nothing to protect it with' },
  ...[1, 15, 29, 31, 46].map(
    (bytes): SdpCase => ({
      name: `a key of ${bytes} bytes`,
      sdp: savp(`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key(bytes)}`),
      offer: 488,
      why: 'the suite has 30 (RFC 4568 §6.2)',
    }),
  ),
  {
    name: 'a key that is no base64',
    sdp: savp(`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${'!'.repeat(40)}`),
    offer: 488,
    why: 'no key',
  },
  {
    name: 'an unknown suite',
    sdp: savp(`a=crypto:1 NULL_HMAC_SHA1_80 inline:${key(30)}`),
    offer: 488,
    why: 'nothing of ours',
  },
  {
    name: 'a wish not to encrypt',
    sdp: savp(`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key(30)} UNENCRYPTED_SRTP`),
    offer: 488,
    why: 'what is not understood must not be taken (§6.3)',
  },
  {
    name: 'an identifier of 200 bytes',
    sdp: savp(`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key(30)}|2^20|1:200`),
    offer: 488,
    why: '128 at most (§9.2)',
  },
  {
    name: 'the second key can be used',
    sdp: savp(`a=crypto:1 NULL inline:${key(30)}`, `a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:${key(30)}`),
    offer: { says: /^a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:[A-Za-z0-9+/]{40}\r$/m },
    answer: 488,
    why: 'its tag is the answer (§5.1.2); our offer was in the clear',
  },
  {
    name: 'a broken key on a plain line',
    sdp: withLines(`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key(4)}`),
    offer: { ...(TAKEN as object), not: /a=crypto/ },
    why: 'best effort, so in the clear',
  },
  { name: 'DTLS without a fingerprint', sdp: dtls('a=setup:actpass'), offer: 488, why: 'anybody could be there' },
  {
    name: 'a fingerprint by MD5',
    sdp: dtls('a=setup:actpass', `a=fingerprint:md5 ${hex(16)}`),
    offer: 488,
    why: 'MUST NOT (RFC 8122 §5)',
  },
  {
    name: 'SHA-256 of 20 bytes',
    sdp: dtls('a=setup:actpass', `a=fingerprint:sha-256 ${hex(20)}`),
    offer: 488,
    why: 'no certificate has it',
  },
  {
    name: 'SHA-1 of 32 bytes',
    sdp: dtls('a=setup:actpass', `a=fingerprint:sha-1 ${hex(32)}`),
    offer: 488,
    why: 'no certificate has it',
  },
  {
    name: 'a fingerprint that is none',
    sdp: dtls('a=setup:actpass', 'a=fingerprint:sha-256 zz:zz'),
    offer: 488,
    why: 'anybody could be there',
  },
  {
    name: 'setup that says to wait',
    sdp: dtls('a=setup:holdconn', `a=fingerprint:sha-256 ${hex(32)}`),
    offer: 488,
    why: 'nobody would begin (RFC 4145 §4.1)',
  },
  {
    name: 'DTLS as it should be',
    sdp: dtls('a=setup:actpass', `a=fingerprint:SHA-256 ${hex(32).toLowerCase()}`),
    offer: { says: /^a=setup:active\r$/m },
    answer: 488,
    why: 'letters of either case; our offer was in the clear',
  },
];

export const SDP_CASES: readonly SdpCase[] = [
  ...SHAPE,
  ...SIZE,
  ...LINE,
  ...ADDRESS,
  ...ATTRIBUTE,
  ...ICE,
  ...PROTECTION,
];
