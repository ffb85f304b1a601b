/** A call of 1001 to 1002, who is busy, as the exchange tells of it. */
import type { Ladder, LadderArrow, LadderMessage, WhyReason } from '../../../app/renderer/store/office-types.ts';

export const AT = Date.UTC(2030, 0, 15, 9, 30);

export const arrowOf = (of: Partial<LadderArrow>): LadderArrow => ({
  ...{ id: 1, at: AT, direction: 'in', transport: 'UDP', local: '192.0.2.1:5060', remote: '192.0.2.7:5060' },
  ...{ connection: '', handled: 'taken', bytes: 700, label: 'INVITE', fromHop: 'udp 192.0.2.7:5060' },
  ...{ toHop: 'exchange', delay: 0, since: 0 },
  ...of,
});

const [caller, callee] = ['udp 192.0.2.7:5060', 'udp 192.0.2.8:5060'];
const sdp = [{ type: 'audio', address: '192.0.2.7:4000', profile: 'RTP/AVP', direction: 'sendrecv', codecs: ['opus'] }];

export const busyCall: readonly LadderArrow[] = [
  arrowOf({ id: 1, method: 'INVITE', sdp }),
  arrowOf({
    id: 2,
    label: '100 Trying',
    status: 100,
    method: 'INVITE',
    fromHop: 'exchange',
    toHop: caller,
    since: 1.2,
  }),
  arrowOf({ id: 3, method: 'INVITE', fromHop: 'exchange', toHop: callee, delay: 0.4, since: 1.6, sdp }),
  arrowOf({
    ...{ id: 4, label: '486 Busy Here', status: 486, method: 'INVITE', fromHop: callee, toHop: 'exchange' },
    ...{ delay: 1_250, since: 1_251.6 },
  }),
  arrowOf({
    ...{ id: 5, label: '486 Busy Here', status: 486, method: 'INVITE', fromHop: 'exchange', toHop: caller },
    ...{ delay: 0.3, since: 1_251.9, handled: 'repeated', repeats: 4 },
  }),
];

export const ladderOf = (arrows: readonly LadderArrow[] = busyCall): Ladder => ({
  ...{ callIds: ['a1b2'], startedAt: AT },
  hops: [
    { id: caller, name: '1001', userAgent: 'Tandem 0.1.0' },
    { id: 'exchange', name: 'Tandem', userAgent: '' },
    { id: callee, name: '1002', userAgent: 'Yealink <T46> & more' },
  ],
  arrows,
});

const TEXTS: Readonly<Record<number, string>> = {
  1: `INVITE sip:1002@office.internal SIP/2.0
Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK7d1;rport
Max-Forwards: 70
From: "Anna Lindqvist" <sip:1001@office.internal>;tag=a1
To: <sip:1002@office.internal>
Call-ID: a1b2
CSeq: 20 INVITE
Contact: <sip:1001@192.0.2.7:5060>
User-Agent: Tandem 0.1.0
X-Own: something
Content-Type: application/sdp
Content-Length: 132

v=0
o=- 1 1 IN IP4 192.0.2.7
s=-
c=IN IP4 192.0.2.7
t=0 0
m=audio 4000 RTP/AVP 96 101
a=rtpmap:96 opus/48000/2
a=sendrecv
`,
};

/** The texts of its messages, as far as tests read them. */
export const busyMessages: readonly LadderMessage[] = busyCall.map((arrow) => ({
  ...arrow,
  text: TEXTS[arrow.id] ?? `SIP/2.0 ${arrow.label}\nCall-ID: a1b2\n`,
}));

export const busyReason: WhyReason = {
  ...{ key: 'callee.busy', at: AT, callId: 'a1b2', text: '1002 was in another call.', todo: 'Call again later.' },
  ...{ values: {}, messages: [4] },
};
