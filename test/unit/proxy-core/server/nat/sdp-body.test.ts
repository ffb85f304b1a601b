/** Descriptions read and rewritten in place. */
import { describe, expect, test } from 'vitest';
import { SdpBody } from '../../../../../proxy-core/server/nat/sdp-body.ts';

const OURS = { address: '192.0.2.1', port: 20_000, rtcpPort: 20_001 };
const SECOND = { address: '192.0.2.1', port: 20_004, rtcpPort: 20_005 };
const SIX = { address: '2001:db8::1', port: 20_000, rtcpPort: 20_001 };

const lines = (...all: string[]): string => all.map((line) => `${line}\r\n`).join('');
const session = (...more: string[]): string => lines('v=0', 'o=- 1 1 IN IP4 10.0.0.7', 's=-', ...more);

function parse(text: string): SdpBody {
  const sdp = SdpBody.parse(text);
  if (sdp === undefined) throw new Error('no description');
  return sdp;
}

describe('rewriting', () => {
  const cases: [what: string, before: string, own: (typeof OURS | undefined)[], after: string][] = [
    [
      'the address for all, and the port; the rest stays',
      session('c=IN IP4 10.0.0.7', 't=0 0') + lines('m=audio 4000 RTP/AVP 0 8', 'a=ptime:20'),
      [OURS],
      session('c=IN IP4 192.0.2.1', 't=0 0') + lines('m=audio 20000 RTP/AVP 0 8', 'a=ptime:20'),
    ],
    [
      'addresses of single streams and RTCP elsewhere',
      session('t=0 0') +
        lines('m=audio 4000 RTP/AVP 0', 'c=IN IP4 10.0.0.7', 'a=rtcp:4009 IN IP4 10.0.0.8') +
        lines('m=video 4002 RTP/AVPF 96', 'i=a picture', 'c=IN IP4 10.0.0.9', 'a=rtcp:4002', 'a=rtcp-mux'),
      [OURS, SECOND],
      session('t=0 0') +
        lines('m=audio 20000 RTP/AVP 0', 'c=IN IP4 192.0.2.1', 'a=rtcp:20001') +
        lines('m=video 20004 RTP/AVPF 96', 'i=a picture', 'c=IN IP4 192.0.2.1', 'a=rtcp:20004', 'a=rtcp-mux'),
    ],
    [
      'one stream only, whose neighbour keeps the address of all',
      session('c=IN IP4 10.0.0.7', 't=0 0') + lines('m=audio 4000 RTP/AVP 0', 'm=message 7000 TCP/MSRP *'),
      [OURS, undefined],
      session('c=IN IP4 10.0.0.7', 't=0 0') +
        lines('m=audio 20000 RTP/AVP 0', 'c=IN IP4 192.0.2.1', 'm=message 7000 TCP/MSRP *'),
    ],
    [
      'nothing of a refused stream',
      session('c=IN IP4 10.0.0.7', 't=0 0') + lines('m=audio 4000 RTP/AVP 0', 'm=video 0 RTP/AVP 96'),
      [OURS, undefined],
      session('c=IN IP4 192.0.2.1', 't=0 0') + lines('m=audio 20000 RTP/AVP 0', 'm=video 0 RTP/AVP 96'),
    ],
    [
      'a hold by 0.0.0.0, which stays one',
      session('c=IN IP4 0.0.0.0', 't=0 0') + lines('m=audio 4000 RTP/AVP 0'),
      [OURS],
      session('c=IN IP4 0.0.0.0', 't=0 0') + lines('m=audio 20000 RTP/AVP 0'),
    ],
    [
      'a hold for the other family',
      session('c=IN IP4 0.0.0.0', 't=0 0') + lines('m=audio 4000 RTP/AVP 0'),
      [SIX],
      session('c=IN IP6 ::', 't=0 0') + lines('m=audio 20000 RTP/AVP 0'),
    ],
    [
      'IPv4 for a side that speaks IPv6',
      session('c=IN IP4 10.0.0.7', 't=0 0') + lines('m=audio 4000 RTP/SAVP 0'),
      [SIX],
      session('c=IN IP6 2001:db8::1', 't=0 0') + lines('m=audio 20000 RTP/SAVP 0'),
    ],
    [
      'candidates, whose place ours takes, with the credentials left',
      session('c=IN IP4 10.0.0.7', 't=0 0') +
        lines('m=audio 4000 UDP/TLS/RTP/SAVPF 111', 'a=ice-ufrag:abcd', 'a=ice-options:trickle ice2') +
        lines('a=candidate:1 1 UDP 1 10.0.0.7 4000 typ host', 'a=candidate:2 1 UDP 1 192.0.2.9 4000 typ srflx') +
        lines('a=remote-candidates:1 10.0.0.9 4000', 'a=rtcp-mux'),
      [OURS],
      session('c=IN IP4 192.0.2.1', 't=0 0') +
        lines('m=audio 20000 UDP/TLS/RTP/SAVPF 111', 'a=ice-ufrag:abcd', 'a=ice-options:ice2') +
        lines('a=candidate:1 1 UDP 2130706431 192.0.2.1 20000 typ host', 'a=rtcp-mux'),
    ],
    [
      'candidates that were still to come',
      session('c=IN IP4 10.0.0.7', 'a=ice-ufrag:abcd', 't=0 0') + lines('m=audio 9 RTP/SAVPF 111', 'a=sendrecv'),
      [OURS],
      session('c=IN IP4 192.0.2.1', 'a=ice-ufrag:abcd', 't=0 0') +
        lines('m=audio 20000 RTP/SAVPF 111', 'a=sendrecv') +
        lines('a=candidate:1 1 UDP 2130706431 192.0.2.1 20000 typ host') +
        lines('a=candidate:1 2 UDP 2130706430 192.0.2.1 20001 typ host'),
    ],
    [
      'lines that end without a return, and a last one without any end',
      'v=0\no=- 1 1 IN IP4 10.0.0.7\ns=-\nt=0 0\nm=audio 4000 RTP/AVP 0',
      [OURS],
      'v=0\no=- 1 1 IN IP4 10.0.0.7\ns=-\nt=0 0\nm=audio 20000 RTP/AVP 0\nc=IN IP4 192.0.2.1\n',
    ],
  ];
  test.each(cases)('%s', (_what, before, own, after) => {
    expect(parse(before).rewritten(own)).toBe(after);
  });
});

describe('reading', () => {
  test('where media goes, and whether it may', () => {
    const { media, hasIce } = parse(
      session('c=IN IP4 192.0.2.7/127', 'a=sendonly', 't=0 0') +
        lines('m=audio 4000 RTP/AVP 0', 'a=rtcp:4444 IN IP4 192.0.2.8') +
        lines('m=video 4002/1 RTP/AVP 96', 'c=IN IP6 2001:db8::7', 'a=inactive', 'a=rtcp-mux') +
        lines('m=image 4004 udptl t38', 'a=sendrecv', 'm=application 4006 TCP/BFCP *', 'm=audio 70000 RTP/AVP 0'),
    );
    expect(hasIce).toBe(false);
    expect(media).toMatchObject([
      {
        address: '192.0.2.7',
        port: 4000,
        rtcpPort: 4444,
        rtcpAddress: '192.0.2.8',
        isRtp: true,
        isDatagrams: true,
        sends: true,
        receives: false,
      },
      { address: '2001:db8::7', port: 4002, rtcpPort: undefined, isMuxed: true, sends: false, receives: false },
      { isRtp: false, isDatagrams: true, sends: true, receives: true },
      { isDatagrams: false },
      { port: 0 },
    ]);
  });

  test.each(['0.0.0.0', '224.1.1.1', 'host.example', '999.1.1.1'])('%s is no address to send to', (address) => {
    const { media } = parse(session(`c=IN IP4 ${address}`, 't=0 0') + lines('m=audio 4000 RTP/AVP 0'));
    expect(media[0]).toMatchObject({ address: undefined, receives: false });
  });

  test.each([
    ['nothing', ''],
    ['something else', 'hello'],
    ['no stream', session('t=0 0')],
    ['streams without end', session('t=0 0') + 'm=audio 1 RTP/AVP 0\r\n'.repeat(17)],
    ['lines without end', session('t=0 0') + lines('m=audio 1 RTP/AVP 0') + 'a=x\r\n'.repeat(2_000)],
  ])('%s is no description', (_what, text) => {
    expect(SdpBody.parse(text)).toBeUndefined();
  });
});
