/**
 * sipp as the other side of a call with our phone: requests and answers put together from small steps. Sent to the phone
 * at `[remote_port]`, or in answer to what came from it.
 */
export const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 45678 RTP/AVP 0',
  'a=rtpmap:0 PCMU/8000',
  '',
].join('\n');

const withBody = (lines: readonly string[], body: string): string =>
  [
    ...lines,
    ...(body === ''
      ? ['Content-Length: 0', '', '']
      : ['Content-Type: application/sdp', 'Content-Length: [len]', '', body]),
  ].join('\n');

const send = (text: string, attributes = ''): string => `<send${attributes}><![CDATA[\n${text}\n]]></send>`;

/** To the request that came last. */
export const answer = (
  status: number,
  more: readonly string[] = [],
  body = '',
  tag = ';tag=sipp[call_number]',
): string =>
  send(
    withBody(
      [
        `SIP/2.0 ${status} As Asked`,
        '[last_Via:]',
        '[last_Record-Route:]',
        '[last_From:]',
        `[last_To:]${tag}`,
        '[last_Call-ID:]',
        '[last_CSeq:]',
        'Contact: <sip:1002@[local_ip]:[local_port]>',
        'Allow: INVITE, ACK, BYE, UPDATE, PRACK',
        ...more,
      ],
      body,
    ),
  );
/** Within a dialog, where To has its tag. */
export const answerInside = (status: number, more: readonly string[] = [], body = ''): string =>
  answer(status, more, body, '');

export const request = (
  method: string,
  cseq: number,
  more: readonly string[] = [],
  body = '',
  to = '[peer_tag_param]',
): string =>
  send(
    withBody(
      [
        `${method} ${to === '' ? 'sip:1001@127.0.0.1:[remote_port]' : '[next_url]'} SIP/2.0`,
        'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
        'Max-Forwards: 70',
        ...(to === '' ? [] : ['[routes]']),
        'From: <sip:1002@sipp.example>;tag=sipp[call_number]',
        `To: <sip:1001@127.0.0.1:[remote_port]>${to}`,
        'Call-ID: [call_id]',
        `CSeq: ${cseq} ${method}`,
        'Contact: <sip:1002@[local_ip]:[local_port]>',
        ...more,
      ],
      body,
    ),
    method === 'ACK' ? '' : ' retrans="500"',
  );

export const receive = (status: number, more = ''): string => `<recv response="${status}"${more}/>`;
export const provisional = (status: number): string => receive(status, ' optional="true"');
export const expects = (method: string): string => `<recv request="${method}" rrs="true"/>`;
export const holds = (header: string, pattern: string): string =>
  `<ereg regexp="${pattern}" search_in="hdr" header="${header}" check_it="true" assign_to="found"/>`;
/** The body matches; without quotes. */
export const body = (pattern: string): string =>
  `<ereg regexp="${pattern}" search_in="body" check_it="true" assign_to="found"/>`;
export const receiveWith = (what: string, ...actions: string[]): string =>
  `<recv ${what} rrs="true"><action>${actions.join('')}</action></recv>`;

/** sipp takes a variable that nothing refers to for a fault, and one that nothing sets as well. */
export function scenario(...steps: readonly string[]): string {
  const text = steps.join('\n');
  const known = [...new Set([...text.matchAll(/assign_to="(\w+)"/g)].map(([, name]) => name))];
  const references = known.length === 0 ? '' : `<Reference variables="${known.join(',')}"/>\n`;
  return `<?xml version="1.0" encoding="us-ascii"?>\n<scenario name="made">\n${text}\n${references}</scenario>\n`;
}

/** What the final answer needs of the INVITE, for between them come other requests; one Via each of phone and exchange. */
export const REMEMBER = [
  '<ereg regexp=".*" search_in="hdr" header="Via:" occurrence="1" assign_to="via1"/>',
  '<ereg regexp=".*" search_in="hdr" header="Via:" occurrence="2" assign_to="via2"/>',
  '<ereg regexp=".*" search_in="hdr" header="Record-Route:" assign_to="route"/>',
  '<ereg regexp=".*" search_in="hdr" header="CSeq:" assign_to="cseq"/>',
];
export const answerInvite = (status: number, more: readonly string[] = [], body = ''): string =>
  answerInside(status, more, body)
    .replace('[last_Via:]', 'Via:[$via1]\nVia:[$via2]')
    .replace('[last_Record-Route:]', 'Record-Route:[$route]')
    .replace('[last_CSeq:]', 'CSeq:[$cseq]');
