/** How many INVITEs of 1 KB are read in a second of CPU, with all that a proxy asks of one. */
import { H } from '../../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../../proxy-core/sip/message/parse.ts';
import type { Row } from '../row.ts';

const SDP = [
  ...['v=0', 'o=- 20518 0 IN IP4 203.0.113.1', 's=-', 'c=IN IP4 203.0.113.1', 't=0 0'],
  ...['m=audio 54400 RTP/AVP 9 0 8 101', 'a=rtpmap:9 G722/8000', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:8 PCMA/8000'],
  ...['a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-15', 'a=ptime:20', 'a=rtcp:54401', 'a=sendrecv', ''],
].join('\r\n');
const INVITE = [
  'INVITE sip:1002@office.example SIP/2.0',
  'Via: SIP/2.0/UDP 203.0.113.1:5061;branch=z9hG4bKPjnCa0Zs2KtIuLS2mP8MpLHGYC2dUQkP4i;rport',
  'Max-Forwards: 70',
  'From: "Anna Example" <sip:1001@office.example>;tag=XvjsRwUaLGt4SoFg7KxwZHGg2nMg0tR1',
  'To: <sip:1002@office.example>',
  'Contact: <sip:1001@203.0.113.1:5061;ob>',
  'Route: <sip:office.example;lr>',
  'Call-ID: 8GDrz7c8dIP2zwYz5-pIYvE83C5xLUgW',
  'CSeq: 23137 INVITE',
  'Allow: PRACK, INVITE, ACK, BYE, CANCEL, UPDATE, INFO, SUBSCRIBE, NOTIFY, REFER, MESSAGE, OPTIONS',
  'Supported: replaces, 100rel, timer, norefersub, gruu, outbound',
  'Session-Expires: 1800',
  'Min-SE: 90',
  'P-Preferred-Identity: "Anna Example" <sip:1001@office.example;user=phone>',
  'User-Agent: Example Desk Phone/4.2',
  'Content-Type: application/sdp',
  `Content-Length: ${SDP.length}`,
  '',
  SDP,
].join('\r\n');

/** As messages come: never the same string twice in a row. */
const COPIES = 64;

export const parse: Row = {
  name: 'parse',
  run({ quick }) {
    const bytes = Buffer.from(INVITE, 'latin1');
    const copies = Array.from({ length: COPIES }, () => bytes.toString('latin1'));
    let best = 0;
    for (let round = 0; round < (quick ? 4 : 10); round++)
      best = Math.max(best, rate(copies, quick ? 100_000 : 300_000));
    const what = `parse of an INVITE of ${bytes.length} bytes, with what a proxy asks`;
    const figure = { what, unit: '/s', digits: 0, tandem: best, must: 300_000, aim: 600_000, more: true };
    return Promise.resolve([figure]);
  },
};

function rate(copies: readonly string[], count: number): number {
  const before = process.cpuUsage();
  let sum = 0;
  for (let i = 0; i < count; i++) sum += asked(copies[i % COPIES] ?? '');
  const { user, system } = process.cpuUsage(before);
  if (Number.isNaN(sum)) throw new Error('something was not there');
  return (count / (user + system)) * 1e6;
}

/** Via, tags, Call-ID, CSeq, Max-Forwards, Route, the place for a Record-Route, Contact. */
function asked(wire: string): number {
  const parsed = parseMessage(wire);
  if (!parsed.ok || parsed.value.kind !== 'request') throw new Error('not read');
  const { via, from, to, callId, cseq, headers, uri } = parsed.value;
  const known = via.branch.length + (from.tag?.length ?? Number.NaN) + (to.tag?.length ?? 0) + callId.length + cseq;
  const route = headers.first(H.Route)?.length ?? Number.NaN;
  const contact = headers.first(H.Contact)?.length ?? Number.NaN;
  return known + uri.user.length + Number(headers.first(H.MaxForwards)) + route + contact + headers.find(H.RecordRoute);
}
