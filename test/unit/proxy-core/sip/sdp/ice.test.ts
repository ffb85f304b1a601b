import { describe, expect, it } from 'vitest';
import { answerOffer, buildOffer, type LocalAudio, parseDescription } from '../../../../../proxy-core/sip/sdp/index.ts';

const PASSWORD = 'pppppppppppppppppppppp';
const HOST = 'a=candidate:1 1 UDP 2130706431 192.0.2.1 4000 typ host';

const sdp = (...lines: string[]): string =>
  [
    'v=0',
    'o=- 1 1 IN IP4 192.0.2.1',
    's=-',
    'c=IN IP4 192.0.2.1',
    't=0 0',
    'm=audio 4000 RTP/AVP 0',
    ...lines,
    '',
  ].join('\r\n');
const read = (text: string) => {
  const parsed = parseDescription(text);
  return parsed.ok ? parsed.value.audio?.ice : expect.fail(parsed.error.reason);
};
const withIce = (...lines: string[]) => read(sdp('a=ice-ufrag:abcd', `a=ice-pwd:${PASSWORD}`, ...lines));

describe('ICE in a description', () => {
  it('is read with every kind of candidate', () => {
    const ice = withIce(
      HOST,
      'a=rtcp:4001 IN IP4 203.0.113.5',
      'a=candidate:2 2 udp 1694498814 203.0.113.5 4001 typ srflx raddr 192.0.2.1 rport 4001 generation 0',
      'a=candidate:0003 1 UDP 16777215 2001:db8::1 5 typ relay raddr 192.0.2.1 rport 4000',
    );
    expect(ice).toEqual({
      ufrag: 'abcd',
      password: PASSWORD,
      isLite: false,
      candidates: [
        { foundation: '1', component: 1, priority: 2130706431, address: '192.0.2.1', port: 4000, type: 'host' },
        {
          foundation: '2',
          component: 2,
          priority: 1694498814,
          address: '203.0.113.5',
          port: 4001,
          type: 'srflx',
          related: { address: '192.0.2.1', port: 4001 },
        },
        {
          foundation: '0003',
          component: 1,
          priority: 16777215,
          address: '2001:db8::1',
          port: 5,
          type: 'relay',
          related: { address: '192.0.2.1', port: 4000 },
        },
      ],
    });
  });

  it('may have its credentials and ice-lite for the whole session', () => {
    const text = sdp(HOST).replace('t=0 0', `t=0 0\r\na=ice-lite\r\na=ice-ufrag:0012\r\na=ice-pwd:${PASSWORD}`);
    expect(read(text)).toMatchObject({ ufrag: '0012', isLite: true });
  });

  it.each([
    ['no password', sdp('a=ice-ufrag:abcd', HOST)],
    ['a short password', sdp('a=ice-ufrag:abcd', 'a=ice-pwd:short', HOST)],
    ['a short ufrag', sdp('a=ice-ufrag:abc', `a=ice-pwd:${PASSWORD}`, HOST)],
    ['a ufrag with a colon', sdp('a=ice-ufrag:ab:cd', `a=ice-pwd:${PASSWORD}`, HOST)],
    ['none of it', sdp()],
  ])('is none with %s', (_, text) => {
    expect(read(text)).toBeUndefined();
  });

  it.each([
    'a=candidate:1 1 TCP 2130706431 192.0.2.2 9 typ host tcptype active',
    'a=candidate:1 1 UDP 2130706431 0123.local 4000 typ host',
    'a=candidate:1 3 UDP 2130706431 192.0.2.2 4000 typ host',
    'a=candidate:1 1 UDP 0 192.0.2.2 4000 typ host',
    'a=candidate:1 1 UDP 4294967295 192.0.2.2 4000 typ host',
    'a=candidate:1 1 UDP 2130706431 192.0.2.2 0 typ host',
    'a=candidate:1 1 UDP 2130706431 192.0.2.2 70000 typ host',
    'a=candidate:1 1 UDP 2130706431 224.0.0.1 4000 typ host',
    'a=candidate:1 1 UDP 2130706431 255.255.255.255 4000 typ host',
    'a=candidate:1 1 UDP 2130706431 192.0.2.2 4000 typ magic',
    'a=candidate:(1) 1 UDP 2130706431 192.0.2.2 4000 typ host',
    'a=candidate:',
    'a=candidate:1 1 UDP',
  ])('passes over %s', (line) => {
    expect(withIce(HOST, line)).toMatchObject({ candidates: [{ address: '192.0.2.1' }] });
  });

  it('is bounded', () => {
    const many = Array.from({ length: 300 }, (_, i) => `a=candidate:1 1 UDP 1000 192.0.2.9 ${1000 + i} typ host`);
    const ice = withIce(HOST, ...many);
    expect(typeof ice === 'object' && ice.candidates).toHaveLength(40);
  });

  it('is not used where the default address is no candidate', () => {
    expect(withIce('a=candidate:1 1 UDP 2130706431 192.0.2.1 4002 typ host')).toBe('mismatch');
    expect(withIce(HOST, 'a=candidate:1 2 UDP 2130706430 192.0.2.1 4005 typ host')).toBe('mismatch');
    expect(withIce(HOST, 'a=candidate:1 2 UDP 2130706430 192.0.2.1 4005 typ host', 'a=rtcp:4005')).toBeTypeOf('object');
    expect(withIce(HOST, 'a=candidate:1 2 UDP 2130706430 192.0.2.1 4005 typ host', 'a=rtcp-mux')).toBeTypeOf('object');
  });
});

describe('our own description', () => {
  const ice = {
    ufrag: 'ours',
    password: 'o'.repeat(24),
    candidates: [
      { foundation: 'h', component: 1, priority: 2130706431, address: '192.0.2.7', port: 5000, type: 'host' },
      {
        foundation: 's',
        component: 1,
        priority: 1694498815,
        address: '203.0.113.7',
        port: 6000,
        type: 'srflx',
        related: { address: '192.0.2.7', port: 5000 },
      },
    ],
    ended: true,
    chosen: [],
  } as const;
  const local: LocalAudio = {
    sessionId: '1',
    version: 1,
    address: '192.0.2.7',
    port: 5000,
    direction: 'sendrecv',
    codecs: [{ payloadType: 0, name: 'PCMU', clockRate: 8000, channels: 1, fmtp: '' }],
    ice,
  };

  it('is read as it was written', () => {
    const { sdp: text } = buildOffer({
      ...local,
      ice: { ...ice, chosen: [{ component: 1, address: '192.0.2.1', port: 4000 }] },
    });
    const { chosen: _, ...rest } = ice;
    expect(read(text)).toEqual({ ...rest, isLite: false, trickles: true, ended: true });
    expect(text).toContain('a=remote-candidates:1 192.0.2.1 4000\r\n');
  });

  it('answers with ICE only who has it', () => {
    const answered = (text: string): string => {
      const made = answerOffer(text, local);
      return made.ok ? made.value.sdp : expect.fail(made.error.reason);
    };
    expect(answered(sdp())).not.toMatch(/ice|candidate/);
    expect(answered(sdp('a=ice-ufrag:abcd', `a=ice-pwd:${PASSWORD}`, HOST))).toContain('a=ice-ufrag:ours');
    const mismatched = answered(sdp('a=ice-ufrag:abcd', `a=ice-pwd:${PASSWORD}`, HOST.replace('4000', '4444')));
    expect(mismatched).toContain('a=ice-mismatch');
    expect(mismatched).not.toContain('a=ice-ufrag');
  });
});
