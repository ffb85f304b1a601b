/**
 * The messages of RFC 5118 (IPv6), each whole in `rfc5118/`, asked of the same office, which is `[2001:db8::10]` itself.
 *
 * Every file has the bytes of the archive in the appendix of the RFC, but that its lines end in CRLF (there in LF) and
 * that both of §4.10 have their empty line after the headers. Three messages state a length that their body then has
 * not; `length` is the right one where it matters.
 */
import type { TortureCase } from './case.ts';

export const rfc5118: readonly TortureCase[] = [
  {
    file: 'ipv6-good',
    section: '4.1',
    reads: { host: '[2001:db8::10]', port: undefined, contacts: ['sip:caller@[2001:db8::1]'] },
    stranger: 401,
    proved: 200,
    why: 'A domain may be an address in brackets.',
  },
  {
    file: 'ipv6-bad',
    section: '4.2',
    reads: 'refused',
    stranger: 400,
    why: 'Without brackets it cannot be told where the address ends and the port begins.',
  },
  {
    file: 'port-ambiguous',
    section: '4.3',
    reads: { host: '[2001:db8::10:5070]', port: undefined },
    stranger: 407,
    proved: 'sent to 2001:db8::10:5070 port 5060',
    why: 'The 5070 is inside the brackets: it is another host, on the usual port, and no registrar of ours.',
  },
  {
    file: 'port-unambiguous',
    section: '4.4',
    reads: { host: '[2001:db8::10]', port: 5070 },
    stranger: 407,
    proved: 'sent to 2001:db8::10 port 5070',
    why: 'Outside the brackets it is the port, where another program listens than we.',
  },
  {
    file: 'via-received-param-with-delim',
    section: '4.5',
    reads: { received: '[2001:db8::9:255]', via: 'UDP [2001:db8::9:1] z9hG4bKas3-111' },
    stranger: 407,
    proved: 404,
    why: 'Brackets around received are read; we write our own, without. There is no user in what it is sent to.',
  },
  {
    file: 'via-received-param-no-delim',
    section: '4.5',
    reads: { received: '2001:db8::9:255', via: 'UDP [2001:db8::9:1] z9hG4bKas3' },
    stranger: 200,
    why: 'As RFC 3261 has it. An OPTIONS to our own address asks whether we are there.',
  },
  {
    file: 'ipv6-in-sdp',
    section: '4.6',
    reads: 'refused',
    stranger: 400,
    why: 'It states 268 bytes and has 251, so that its end must have been lost (RFC 3261 §18.3).',
  },
  {
    file: 'ipv6-in-sdp',
    length: 251,
    section: '4.6',
    reads: { user: 'user', host: '[2001:db8::10]', cseq: 8612, bytes: 251 },
    stranger: 407,
    proved: 'forwarded',
    why: 'Our own address stands for our first domain; the body is not ours to judge.',
  },
  {
    file: 'mult-ip-in-header',
    section: '4.7',
    reads: { vias: 3, via: 'UDP [2001:db8::9:1]:6050 z9hG4bKas3-111' },
    stranger: 407,
    proved: 500,
    why: 'Vias of both families stand beside each other. Its name is not found, and a 503 of ours goes back as 500.',
  },
  {
    file: 'mult-ip-in-sdp',
    section: '4.8',
    reads: { cseq: 8912, bytes: 181 },
    stranger: 407,
    proved: 'forwarded',
    why: 'A body with addresses of both families is not ours to judge. What follows the 181 bytes that it states is cut off.',
  },
  {
    file: 'ipv4-mapped-ipv6',
    section: '4.9',
    reads: {
      via: 'UDP [::ffff:192.0.2.10]:19823 z9hG4bKbh19',
      vias: 2,
      contacts: ['sip:ted@[::ffff:192.0.2.2]'],
      bytes: 236,
    },
    stranger: 'forwarded',
    why: 'Mapped addresses are IPv6 addresses; east.example.com is not ours, so that nobody of ours is claimed.',
  },
  {
    file: 'ipv6-bug-abnf-3-colons',
    section: '4.10',
    reads: { host: '[2001:db8::192.0.2.1]', toUri: 'sip:user@[2001:db8::192.0.2.1]' },
    stranger: 407,
    proved: 'sent to 2001:db8::192.0.2.1 port 5060',
    why: 'Three colons were a slip in the grammar of RFC 3261 (mended by RFC 5954): they are read as two.',
  },
  {
    file: 'ipv6-correct-abnf-2-colons',
    section: '4.10',
    reads: { host: '[2001:db8::192.0.2.1]', toUri: 'sip:user@[2001:db8::192.0.2.1]' },
    stranger: 407,
    proved: 'sent to 2001:db8::192.0.2.1 port 5060',
    why: 'The same address as it should be written.',
  },
];
