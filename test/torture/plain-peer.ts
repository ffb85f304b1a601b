/** A peer that speaks to a phone of ours by hand: what it sends, and the phone, registered at it. */
import { buildResponse } from '../../proxy-core/sip/message/build.ts';
import type { SipMessage, SipRequest, SipResponse } from '../../proxy-core/sip/message/message.ts';
import { H } from '../../proxy-core/sip/message/names.ts';
import { NodePhone, type NodePhoneOptions } from '../support/node-phone.ts';
import type { FarEnd } from '../unit/app/services/phone/service-world.ts';

/** @returns the phone and the port that it is reached at. */
export async function registeredAt(
  server: FarEnd,
  calls?: NodePhoneOptions['calls'],
): Promise<{ readonly phone: NodePhone; readonly port: number }> {
  const account = { number: '1001', password: 'x', server: `127.0.0.1:${server.port}` };
  const registering = NodePhone.register({ ...account, ...(calls && { calls }) });
  const { message, port, reply } = await server.next('the REGISTER');
  const contact = `${message.header(H.Contact)};expires=3600`;
  reply(buildResponse(message as SipRequest, 200, { headers: [[H.Contact, contact]] }).wire);
  return { phone: await registering, port };
}

export const isFinalTo =
  (callId: string, method: string) =>
  (message: SipMessage): message is SipResponse =>
    message.kind === 'response' && message.callId === callId && message.cseqMethod === method && message.status >= 200;

let count = 0;

/** A request of somebody whom no exchange stands before. */
export function requestOf(
  port: number,
  method: string,
  callId: string,
  tag: string,
  lines: readonly string[] = [],
  body = '',
): string {
  const to = `<sip:1001@127.0.0.1>${tag === '' ? '' : `;tag=${tag}`}`;
  const head = [
    `${method} sip:1001@127.0.0.1 SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bKreal${++count};rport`,
    'From: <sip:1002@127.0.0.1>;tag=theirs',
    `To: ${to}`,
    `Call-ID: ${callId}`,
    `CSeq: ${method === 'BYE' ? 2 : 1} ${method}`,
    'Max-Forwards: 70',
    `Contact: <sip:1002@127.0.0.1:${port}>`,
    ...lines,
    `Content-Length: ${body.length}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
