import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerOffer,
  buildOffer,
  parseDescription,
  readFragment,
  saysTrickle,
  writeFragment,
} from '../../../../../proxy-core/sip/sdp/index.ts';

const PASSWORD = 'pppppppppppppppppppppp';
const CREDENTIALS = `a=ice-pwd:${PASSWORD}\r\na=ice-ufrag:abcd\r\n`;
const LINE = 'm=audio 9 RTP/AVP 0\r\na=mid:0\r\n';
const HOST = 'a=candidate:1 1 UDP 2130706431 192.0.2.1 4000 typ host\r\n';
const read = (text: string, mid = '0') => {
  const fragment = readFragment(text, mid);
  return fragment.ok ? fragment.value : expect.fail(fragment.error.reason);
};

describe('a fragment', () => {
  const host = {
    foundation: '1',
    component: 1,
    priority: 2130706431,
    address: '192.0.2.1',
    port: 4000,
    type: 'host',
  } as const;

  it.each([true, false])('is read as it was written (the last: %s)', (ended) => {
    const relay = {
      ...host,
      foundation: 'r',
      type: 'relay',
      port: 5,
      related: { address: '192.0.2.9', port: 6 },
    } as const;
    const fragment = { ufrag: 'abcd', password: PASSWORD, candidates: [host, relay], ended };
    expect(read(writeFragment(fragment, 'sound'), 'sound')).toEqual(fragment);
  });

  it('may have its credentials in the line, and say for all lines that it is the last', () => {
    expect(read(`a=end-of-candidates\r\n${LINE}${CREDENTIALS}${HOST}`)).toEqual({
      ...{ ufrag: 'abcd', password: PASSWORD, ended: true },
      candidates: [host],
    });
  });

  it('of another line tells nothing of ours', () => {
    expect(read(`${CREDENTIALS}m=video 9 RTP/AVP 96\r\na=mid:1\r\n${HOST}a=end-of-candidates\r\n`)).toMatchObject({
      ...{ candidates: [], ended: false },
    });
    expect(read(`${CREDENTIALS}${LINE}m=video 9 RTP/AVP 96\r\na=mid:1\r\n${HOST}`).candidates).toEqual([]);
  });

  it('tells no more than forty candidates, and none that cannot be used', () => {
    const many = Array.from({ length: 60 }, (_, i) => HOST.replace('4000', String(4000 + i))).join('');
    expect(read(CREDENTIALS + LINE + many).candidates).toHaveLength(40);
    const odd =
      HOST.replace('UDP', 'TCP') +
      HOST.replace('192.0.2.1', 'a.local') +
      HOST.replace('4000', '0') +
      HOST.replace('192.0.2.1', '239.1.1.1');
    expect(read(CREDENTIALS + LINE + odd).candidates).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['no credentials', LINE + HOST],
    ['a short password', `a=ice-pwd:short\r\na=ice-ufrag:abcd\r\n${LINE}`],
    ['no lines', 'candidates'],
    ['a line that is none', `${CREDENTIALS}m=audio\r\n`],
    ['a control character', `${CREDENTIALS}a=x\u0001\r\n`],
    ['too many bytes', CREDENTIALS + LINE + HOST.repeat(200)],
  ])('with %s is broken', (_, text) => {
    expect(readFragment(text, '0')).toMatchObject({ ok: false, error: { status: 400 } });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 4 }), (text, mid) => {
        expect(typeof readFragment(CREDENTIALS + text, mid).ok).toBe('boolean');
        expect(typeof readFragment(text, mid).ok).toBe('boolean');
      }),
    );
  });
});

describe('a description of a side that tells candidates later', () => {
  const sdp = (...lines: string[]): string =>
    ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 0.0.0.0', 't=0 0', 'm=audio 9 RTP/AVP 0', ...lines, ''].join(
      '\r\n',
    );
  const ICE = ['a=ice-ufrag:abcd', `a=ice-pwd:${PASSWORD}`];
  const audioOf = (text: string) => {
    const parsed = parseDescription(text);
    return parsed.ok ? parsed.value.audio : expect.fail(parsed.error.reason);
  };

  it.each(['trickle', 'ice2 trickle', 'trickle ice2', 'a trickle b'])('says so among its options (%s)', (options) => {
    const audio = audioOf(sdp(...ICE, 'a=mid:0', `a=ice-options:${options}`));
    expect(audio?.ice).toMatchObject({ trickles: true, ended: false, candidates: [] });
    // It has no address yet; that is no hold.
    expect([audio?.direction, audio?.rtp]).toEqual(['sendrecv', undefined]);
  });

  it('says so for all lines too, and that it is done', () => {
    const text = sdp(...ICE, 'a=mid:0', 'a=end-of-candidates').replace('t=0 0', 't=0 0\r\na=ice-options:trickle');
    expect(audioOf(text)?.ice).toMatchObject({ trickles: true, ended: true });
  });

  it.each([
    ['another option', ['a=mid:0', 'a=ice-options:trickles untrickle']],
    ['no name for its line', ['a=ice-options:trickle']],
    ['a name that is none', ['a=mid:a b', 'a=ice-options:trickle'].map((line) => line.replace('a b', '"'))],
  ])('does not with %s', (_, lines) => {
    expect(audioOf(sdp(...ICE, ...lines))?.ice).not.toHaveProperty('trickles');
  });

  it('on hold by its address without ICE stays so', () => {
    expect(audioOf(sdp())?.direction).toBe('sendonly');
  });

  it('is answered under the name that its line has', () => {
    const ice = { ufrag: 'ours', password: 'o'.repeat(24), candidates: [], chosen: [], ended: false };
    const local = {
      ...({ sessionId: '1', version: 1, address: '192.0.2.7', port: 5000, direction: 'sendrecv', ice } as const),
      codecs: [{ payloadType: 0, name: 'PCMU', clockRate: 8000, channels: 1, fmtp: '' }],
    };
    const answered = answerOffer(sdp(...ICE, 'a=mid:sound', 'a=ice-options:trickle'), local);
    if (!answered.ok) return expect.fail(answered.error.reason);
    expect(answered.value.sdp).toContain('a=mid:sound\r\n');
    expect(answered.value.sdp).not.toContain('a=end-of-candidates');
    expect(answered.value.agreed.layout.mid).toBe('sound');
    const offer = buildOffer({ ...local, ice: { ...ice, ended: true } });
    expect(offer.sdp).toMatch(/a=mid:0\r\n[\s\S]*a=ice-options:trickle ice2\r\n[\s\S]*a=end-of-candidates\r\n/);
    expect([saysTrickle(offer.sdp), saysTrickle(sdp())]).toEqual([true, false]);
    expect(buildOffer({ ...local, ice: undefined }).sdp).not.toContain('a=mid');
  });
});
