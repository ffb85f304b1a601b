import { describe, expect, it } from 'vitest';
import {
  acceptAnswer,
  answerOffer,
  buildOffer,
  type Codec,
  type Direction,
  type LocalAudio,
  parseDescription,
} from '../../../../../proxy-core/sip/sdp/index.ts';
import { DESK, EXCHANGE, MOBILE, plain, SECURE, SOFTPHONE } from './offers.ts';

const codec = (payloadType: number, name: string, clockRate = 8000, channels = 1, fmtp = ''): Codec => ({
  payloadType,
  name,
  clockRate,
  channels,
  fmtp,
});
const OPUS = codec(111, 'opus', 48000, 2, 'minptime=10;useinbandfec=1');
const G722 = codec(9, 'G722');
const PCMU = codec(0, 'PCMU');
const PCMA = codec(8, 'PCMA');
const EVENT48 = codec(110, 'telephone-event', 48000);
const EVENT8 = codec(126, 'telephone-event');
const ALL = [OPUS, G722, PCMU, PCMA, EVENT48, EVENT8];

const local = (over: Partial<LocalAudio> = {}): LocalAudio => ({
  sessionId: '77',
  version: 3,
  address: '192.0.2.99',
  port: 20000,
  direction: 'sendrecv',
  codecs: ALL,
  ptime: 20,
  ...over,
});

const answered = (offer: string, over: Partial<LocalAudio> = {}) => {
  const result = answerOffer(offer, local(over));
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
};

const mLines = (sdp: string): string[] => sdp.split('\r\n').filter((line) => line.startsWith('m='));

describe('answers to offers of real kinds', () => {
  const table: ReadonlyArray<{
    name: string;
    offer: string;
    codecs?: readonly Codec[];
    chosen: [string, number];
    event: [number, number] | undefined;
    m: string[];
    rtcp: string;
    ptime: number | undefined;
  }> = [
    {
      name: 'softphone, Opus with events at 8 kHz',
      offer: SOFTPHONE,
      chosen: ['opus', 96],
      event: [101, 8000],
      m: ['m=audio 20000 RTP/AVP 96 101'],
      rtcp: '127.0.0.1:14000',
      ptime: 20,
    },
    {
      name: 'softphone, our preference wins over its order',
      offer: SOFTPHONE,
      codecs: [PCMA, OPUS, EVENT8],
      chosen: ['PCMA', 8],
      event: [101, 8000],
      m: ['m=audio 20000 RTP/AVP 8 101'],
      rtcp: '127.0.0.1:14000',
      ptime: 20,
    },
    {
      name: 'exchange with a dead video line first',
      offer: EXCHANGE,
      chosen: ['PCMU', 0],
      event: [101, 8000],
      m: ['m=video 0 RTP/AVP 99', 'm=audio 20000 RTP/AVP 0 101'],
      rtcp: '192.0.2.10:10343',
      ptime: 30,
    },
    {
      name: 'mobile with AVPF, both event clocks and live video',
      offer: MOBILE,
      chosen: ['opus', 96],
      event: [101, 48000],
      m: ['m=audio 20000 RTP/AVPF 96 101', 'm=video 0 RTP/AVPF 96'],
      rtcp: '198.51.100.7:7079',
      ptime: undefined,
    },
    {
      name: 'mobile, G.711 takes the 8 kHz events',
      offer: MOBILE,
      codecs: [PCMU, EVENT48, EVENT8],
      chosen: ['PCMU', 0],
      event: [99, 8000],
      m: ['m=audio 20000 RTP/AVPF 0 99', 'm=video 0 RTP/AVPF 96'],
      rtcp: '198.51.100.7:7079',
      ptime: undefined,
    },
    {
      name: 'desk set with best-effort SRTP, no events, RTCP elsewhere',
      offer: DESK,
      chosen: ['G722', 9],
      event: undefined,
      m: ['m=audio 0 RTP/SAVP 0 8', 'm=audio 20000 RTP/AVP 9'],
      rtcp: '203.0.113.6:50010',
      ptime: undefined,
    },
  ];

  it.each(table)('$name', ({ offer, codecs, chosen, event, m, rtcp, ptime }) => {
    const { sdp, agreed } = answered(offer, codecs ? { codecs } : {});
    expect(agreed.codecs).toHaveLength(1);
    expect([agreed.codecs[0]?.name, agreed.codecs[0]?.sendPayloadType]).toEqual(chosen);
    expect(agreed.codecs[0]?.receivePayloadType).toBe(chosen[1]);
    const first = agreed.telephoneEvents[0];
    expect(first && [first.sendPayloadType, first.clockRate]).toEqual(event);
    expect(mLines(sdp)).toEqual(m);
    expect(`${agreed.remote.rtcp?.address}:${agreed.remote.rtcp?.port}`).toBe(rtcp);
    expect(agreed.ptime).toBe(ptime);
    expect(sdp).toContain('o=- 77 3 IN IP4 192.0.2.99\r\n');
    expect(parseDescription(sdp).ok).toBe(true);
  });

  it('accepts rtcp-mux only where it was offered', () => {
    expect(answered(SOFTPHONE).sdp).toContain('a=rtcp-mux');
    expect(answered(EXCHANGE).sdp).not.toContain('rtcp-mux');
  });
});

describe('direction', () => {
  const table: ReadonlyArray<[string, Direction, Direction]> = [
    ['sendrecv', 'sendrecv', 'sendrecv'],
    ['sendonly', 'sendrecv', 'recvonly'],
    ['recvonly', 'sendrecv', 'sendonly'],
    ['inactive', 'sendrecv', 'inactive'],
    ['sendrecv', 'sendonly', 'sendonly'],
    ['sendonly', 'sendonly', 'inactive'],
    ['sendrecv', 'inactive', 'inactive'],
  ];
  it.each(table)('offer %s, we want %s: answer %s', (offered, wanted, expected) => {
    const { sdp, agreed } = answered(plain('m=audio 4000 RTP/AVP 0', `a=${offered}`), { direction: wanted });
    expect(agreed.direction).toBe(expected);
    expect(sdp).toContain(`\r\na=${expected}\r\n`);
  });

  it.each([
    ['0.0.0.0', 'IN IP4', 'recvonly'],
    ['::', 'IN IP6', 'recvonly'],
  ])('takes the address %s for a hold', (address, kind, expected) => {
    const { agreed } = answered(plain('m=audio 4000 RTP/AVP 0', `c=${kind} ${address}`));
    expect(agreed.direction).toBe(expected);
    expect(agreed.remote.rtp).toBeUndefined();
  });

  it('takes the direction of the session where the line has none', () => {
    const offer = plain('m=audio 4000 RTP/AVP 0').replace('t=0 0\r\n', 't=0 0\r\na=sendonly\r\n');
    expect(answered(offer).agreed.direction).toBe('recvonly');
  });
});

describe('refusals', () => {
  it.each<[string, string, 400 | 488]>([
    ['audio over SRTP only', SECURE, 488],
    ['no audio at all', plain('m=video 5000 RTP/AVP 99', 'a=rtpmap:99 VP8/90000'), 488],
    ['audio switched off', plain('m=audio 0 RTP/AVP 0'), 488],
    ['nothing in common', plain('m=audio 4000 RTP/AVP 18 3'), 488],
    ['Opus at another clock', plain('m=audio 4000 RTP/AVP 96', 'a=rtpmap:96 opus/16000/2'), 488],
    ['only telephone-event', plain('m=audio 4000 RTP/AVP 101', 'a=rtpmap:101 telephone-event/8000'), 488],
    ['a host name for an address', plain('m=audio 4000 RTP/AVP 0', 'c=IN IP4 pbx.example'), 488],
    ['a multicast address', plain('m=audio 4000 RTP/AVP 0', 'c=IN IP4 224.2.1.1/127'), 488],
    ['the broadcast address', plain('m=audio 4000 RTP/AVP 0', 'c=IN IP4 255.255.255.255'), 488],
    ['no address', plain('m=audio 4000 RTP/AVP 0').replace('c=IN IP4 192.0.2.1\r\n', ''), 488],
    ['an empty text', '', 400],
    ['something else', 'INVITE sip:a@b SIP/2.0\r\n\r\n', 400],
    ['a port above 65535', plain('m=audio 65536 RTP/AVP 0'), 400],
    ['an m= line without formats', plain('m=audio 4000 RTP/AVP'), 400],
    ['a control character', plain('m=audio 4000 RTP/AVP 0', 'a=x:\u0000'), 400],
    ['a lone carriage return', plain('m=audio 4000 RTP/AVP 0', 'a=x:1\ra=y:1'), 400],
    ['too long a text', `${plain('m=audio 4000 RTP/AVP 0')}${'a=x\r\n'.repeat(8000)}`, 400],
    ['too many lines', `${plain('m=audio 4000 RTP/AVP 0')}${'a=x\r\n'.repeat(700)}`, 400],
    ['too many m= lines', plain('m=audio 4000 RTP/AVP 0', ...Array<string>(16).fill('m=audio 1 RTP/AVP 0')), 400],
  ])('%s', (_name, offer, status) => {
    const result = answerOffer(offer, local());
    expect(result.ok).toBe(false);
    if (!result.ok) {
      expect(result.error.status).toBe(status);
      expect(result.error.reason).toMatch(/^[A-Z].{10,}/);
    }
  });

  it('never throws on a mangled offer', () => {
    const source = MOBILE + EXCHANGE;
    for (let i = 0; i < source.length; i += 3) {
      const mangled = source.slice(0, i) + source.slice(i + 1 + (i % 7));
      expect(() => answerOffer(mangled, local())).not.toThrow();
    }
  });
});

describe('our offer and the answer to it', () => {
  it('lists every codec with its parameters', () => {
    const { sdp } = buildOffer(local());
    expect(mLines(sdp)).toEqual(['m=audio 20000 RTP/AVP 111 9 0 8 110 126']);
    expect(sdp).toContain('a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n');
    expect(sdp).toContain('a=ptime:20\r\na=sendrecv\r\n');
    expect(sdp).not.toContain('rtcp-mux');
  });

  it('writes an IPv6 address as such', () => {
    expect(buildOffer(local({ address: '2001:db8::1' })).sdp).toContain('c=IN IP6 2001:db8::1\r\n');
  });

  it('keeps our numbers for receiving when the peer answers with its own', () => {
    const offer = buildOffer(local());
    const answer = plain(
      'm=audio 6000 RTP/AVP 96 101 0',
      'a=rtpmap:96 opus/48000/2',
      'a=fmtp:96 maxplaybackrate=16000',
      'a=rtpmap:101 telephone-event/8000',
    );
    const result = acceptAnswer(offer, answer);
    if (!result.ok) throw new Error(result.error.reason);
    expect(result.value.codecs.map((c) => [c.name, c.sendPayloadType, c.receivePayloadType])).toEqual([
      ['opus', 96, 111],
      ['PCMU', 0, 0],
    ]);
    expect(result.value.codecs[0]?.remoteFmtp).toBe('maxplaybackrate=16000');
    expect(result.value.telephoneEvents.map((c) => [c.sendPayloadType, c.receivePayloadType])).toEqual([[101, 126]]);
  });

  it('puts the event clock that fits the codec first', () => {
    const answer = plain(
      'm=audio 6000 RTP/AVP 111 126 110',
      'a=rtpmap:111 opus/48000/2',
      'a=rtpmap:126 telephone-event/8000',
      'a=rtpmap:110 telephone-event/48000',
    );
    const result = acceptAnswer(buildOffer(local()), answer);
    expect(result.ok && result.value.telephoneEvents.map((c) => c.clockRate)).toEqual([48000, 8000]);
  });

  it.each<[string, string]>([
    ['port 0', plain('m=audio 0 RTP/AVP 0')],
    ['a codec that was not offered', plain('m=audio 6000 RTP/AVP 18')],
    ['SRTP', SECURE],
  ])('refuses an answer with %s', (_name, answer) => {
    expect(acceptAnswer(buildOffer(local()), answer)).toMatchObject({ ok: false, error: { status: 488 } });
  });

  it('mirrors the direction of the answer', () => {
    const accepted = (direction: Direction, wanted: Direction) => {
      const offer = buildOffer(local({ direction: wanted }));
      const result = acceptAnswer(offer, plain('m=audio 6000 RTP/AVP 0', `a=${direction}`));
      return result.ok && result.value.direction;
    };
    expect(accepted('recvonly', 'sendonly')).toBe('sendonly');
    expect(accepted('sendonly', 'sendrecv')).toBe('recvonly');
    expect(accepted('sendrecv', 'inactive')).toBe('inactive');
  });

  it('repeats the m= lines of the call in a later offer', () => {
    const { agreed } = answered(EXCHANGE);
    const { sdp } = buildOffer(local({ version: 4 }), agreed.layout);
    expect(mLines(sdp)).toEqual(['m=video 0 RTP/AVP 99', 'm=audio 20000 RTP/AVP 111 9 0 8 110 126']);
  });
});
