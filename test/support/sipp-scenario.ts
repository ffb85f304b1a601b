/** Scenarios for sipp, put together from small steps instead of one file for each method and failure. */

export interface Sent {
  readonly method: string;
  /** Such as `sip:1002@[remote_ip]:[remote_port]`. */
  readonly uri?: string;
  readonly from?: string;
  readonly to?: string;
  readonly cseq?: number;
  readonly lines?: readonly string[];
  /** Of the type that a line names; lines without their ends. */
  readonly body?: readonly string[];
  /** Steps back to the message whose branch it shares. */
  readonly branchOf?: number;
}

const HERE = '[remote_ip]:[remote_port]';
export const CALLER = `sip:[field0]@${HERE}`;
export const CALLEE = `sip:[field1]@${HERE}`;

/** Makes sipp answer the challenge that came last; to be used after `receive(401)` or `receive(407)`. */
export const CREDENTIALS = '[field2]';

export function send({
  method,
  uri = CALLEE,
  from = CALLER,
  to = `<${CALLEE}>`,
  cseq = 1,
  lines = [],
  body,
  branchOf,
}: Sent): string {
  const message = [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=${branchOf === undefined ? '[branch]' : `[branch-${branchOf}]`};rport`,
    ...(lines.some((line) => line.startsWith('Max-Forwards')) ? [] : ['Max-Forwards: 70']),
    `From: <${from}>;tag=[call_number]`,
    to.startsWith('[') ? to : `To: ${to}`,
    'Call-ID: [call_id]',
    `CSeq: ${cseq} ${method}`,
    'Contact: <sip:caller@[local_ip]:[local_port];transport=[transport]>',
    ...lines,
    `Content-Length: ${body === undefined ? 0 : '[len]'}`,
    ...(body === undefined ? [] : ['', ...body]),
  ];
  return `<send${method === 'ACK' ? '' : ' retrans="500"'}><![CDATA[\n${message.join('\n')}\n\n]]></send>`;
}

export function receive(status: number, more = ''): string {
  const auth = status === 401 || status === 407 ? ' auth="true"' : '';
  return `<recv response="${status}"${auth}${more}/>`;
}

export const maybe = (status: number): string => `<recv response="${status}" optional="true"/>`;

/** A request whose body holds all of these, as regular expressions without quotes; `variable` is any free number. */
export function expectBody(method: string, variable: number, ...parts: readonly string[]): string {
  const checks = parts.map((part, i) => {
    const text = part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
    return `<ereg regexp="${text}" search_in="body" check_it="true" assign_to="${variable + i}"/>`;
  });
  const known = parts.map((_, i) => `${variable + i}`).join(',');
  return `<recv request="${method}"><action>${checks.join('')}</action></recv><Reference variables="${known}"/>`;
}

export const expectRequest = (method: string, more = ''): string => `<recv request="${method}"${more}/>`;

/** Answers the request that came last. */
export function answer(status: number, lines: readonly string[] = []): string {
  const message = [
    `SIP/2.0 ${status} As Asked`,
    ...[
      '[last_Via:]',
      '[last_Record-Route:]',
      '[last_From:]',
      '[last_To:];tag=callee[call_number]',
      '[last_Call-ID:]',
      '[last_CSeq:]',
    ],
    'Contact: <sip:callee@[local_ip]:[local_port];transport=[transport]>',
    ...lines,
    'Content-Length: 0',
  ];
  return `<send><![CDATA[\n${message.join('\n')}\n\n]]></send>`;
}

/** The same inside a dialog, where To has its tag. */
export const answerInside = (status: number, lines: readonly string[] = []): string =>
  answer(status, lines).replace(/;tag=callee\[call_number\]/, '');

export const scenario = (...steps: readonly string[]): string =>
  `<?xml version="1.0" encoding="us-ascii"?>\n<scenario name="made">\n${steps.join('\n')}\n</scenario>\n`;
