import { describe, expect, it } from 'vitest';
import { RtcpLeg } from '../../../../proxy-core/media/rtcp-leg.ts';
import {
  ntpMiddle,
  ntpTime,
  parseReports,
  type RtcpReport,
  serialiseGoodbye,
  serialiseReport,
} from '../../../../proxy-core/media/rtcp-packet.ts';
import { packet } from './parts.ts';

const block = {
  ssrc: 0xdeadbeef,
  fractionLost: 12,
  cumulativeLost: -3,
  highestSequence: 0x0001fffe,
  jitter: 77,
  lastReport: 0x12345678,
  sinceLastReport: 65536,
};

describe('RTCP packets', () => {
  it.each<[string, RtcpReport]>([
    ['a receiver report', { ssrc: 1, sender: undefined, blocks: [block] }],
    ['an empty one', { ssrc: 2, sender: undefined, blocks: [] }],
    [
      'a sender report',
      { ssrc: 3, sender: { ntpSeconds: 4, ntpFraction: 5, rtpTimestamp: 6, packets: 7, octets: 8 }, blocks: [block] },
    ],
  ])('survive writing and reading: %s', (_name, report) => {
    const data = serialiseReport(report, 'abc');
    expect(data.length % 4).toBe(0);
    expect(parseReports(data)).toEqual([report]);
  });

  it('end with the CNAME, and a goodbye where one is meant', () => {
    const data = serialiseGoodbye(9, 'abc');
    expect(data.readUInt8(1)).toBe(201);
    expect(data.includes(Buffer.from([1, 3, 0x61, 0x62, 0x63, 0]))).toBe(true);
    expect(data.subarray(-8)).toEqual(Buffer.from([0x81, 203, 0, 1, 0, 0, 0, 9]));
  });

  it('stop at what is malformed', () => {
    const good = serialiseReport({ ssrc: 1, sender: undefined, blocks: [block] }, 'x');
    for (let cut = 0; cut < 32; cut++) expect(parseReports(good.subarray(0, cut))).toEqual([]);
    const lying = Buffer.from(good);
    lying[0] = 0x9f;
    expect(parseReports(lying)).toEqual([]);
    expect(parseReports(Buffer.alloc(64, 0xff))).toEqual([]);
  });

  it('count NTP time from 1900', () => {
    expect(ntpTime(500)).toEqual({ ntpSeconds: 2_208_988_800, ntpFraction: 2 ** 31 });
    expect(ntpMiddle({ ntpSeconds: 0x11112222, ntpFraction: 0x33334444 })).toBe(0x22223333);
  });
});

describe('one side of RTCP', () => {
  const reception = { ssrc: 5, fractionLost: 1, cumulativeLost: 2, highestSequence: 3, jitter: 4 };

  it('reports as a sender only while packets go out, with a timestamp of that moment', () => {
    const leg = new RtcpLeg(77, 'me');
    expect(parseReports(leg.compose(undefined, undefined, 1000))[0]?.sender).toBeUndefined();
    leg.sent(packet({ timestamp: 8000 }), 8000, 1000);
    leg.sent(packet({ timestamp: 8160 }), 8000, 1020);
    const [report] = parseReports(leg.compose(undefined, undefined, 2020));
    expect(report?.sender).toMatchObject({ packets: 2, octets: 6, rtpTimestamp: 8160 + 8000 });
    expect(parseReports(leg.compose(undefined, undefined, 3000))[0]?.sender).toBeUndefined();
  });

  it('says which sender report it answers and how long ago that came', () => {
    const leg = new RtcpLeg(77, 'me');
    const sender = { ...ntpTime(1000), rtpTimestamp: 0, packets: 1, octets: 1 };
    leg.received(serialiseReport({ ssrc: 5, sender, blocks: [] }, 'x'), 1000);
    const [report] = parseReports(leg.compose(reception, undefined, 1500));
    expect(report?.blocks[0]).toMatchObject({ ...reception, lastReport: ntpMiddle(sender), sinceLastReport: 32768 });
  });

  describe('there and back', () => {
    const answered = (lastReport: number, waitedMs: number) => ({
      ...{ ...block, ssrc: 77, cumulativeLost: 9, fractionLost: 64, jitter: 160 },
      ...{ lastReport, sinceLastReport: (waitedMs * 65536) / 1000 },
    });
    const sent = () => {
      const leg = new RtcpLeg(77, 'me');
      leg.sent(packet(), 8000, 1000);
      const [report] = parseReports(leg.compose(undefined, undefined, 1000));
      if (!report?.sender) throw new Error('no sender report');
      return { leg, middle: ntpMiddle(report.sender) };
    };
    const hear = (leg: RtcpLeg, answer: ReturnType<typeof answered>, now: number): void =>
      leg.received(serialiseReport({ ssrc: 5, sender: undefined, blocks: [answer] }, 'x'), now);

    it('is the time since our report without what the other side waited', () => {
      const { leg, middle } = sent();
      expect(leg.roundTripMs(1000)).toBeUndefined();
      hear(leg, answered(middle, 500), 1540);
      expect(leg.roundTripMs(1540)).toBeCloseTo(40, 1);
      expect(leg.heard(1540)).toEqual({ lost: 9, lossPercent: 25, jitterMs: 20 });
      expect(leg.roundTripMs(20_000)).toBeUndefined();
      expect(leg.heard(20_000)).toBeUndefined();
    });

    it.each([
      ['a report that we never sent', 0x12345678, 0],
      ['no report at all', 0, 0],
      ['having waited longer than it took', undefined, 5_000],
    ])('is not known of one that names %s', (_what, lastReport, waitedMs) => {
      const { leg, middle } = sent();
      hear(leg, answered(lastReport ?? middle, waitedMs), 1540);
      expect(leg.roundTripMs(1540)).toBeUndefined();
    });

    it('cannot be driven to what nobody could show', () => {
      const { leg, middle } = sent();
      hear(leg, { ...answered(middle, 0), jitter: 0xffffffff, cumulativeLost: -5 }, 100_000);
      expect(leg.roundTripMs(100_000)).toBeUndefined();
      expect(leg.heard(100_000)).toEqual({ lost: 0, lossPercent: 25, jitterMs: 60_000 });
    });
  });

  it('passes on how the far side receives, as long as that is fresh', () => {
    const peer = new RtcpLeg(77, 'me');
    peer.received(serialiseReport({ ssrc: 5, sender: undefined, blocks: [{ ...block, ssrc: 77 }] }, 'x'), 1000);
    const beyond = peer.remoteView(2000);
    const [report] = parseReports(new RtcpLeg(78, 'me').compose(reception, beyond, 2000));
    expect(report?.blocks[0]).toMatchObject({
      ssrc: 5,
      fractionLost: 12,
      cumulativeLost: -3,
      jitter: 77,
      highestSequence: 3,
    });
    expect(peer.remoteView(1000 + 15_000)).toBeUndefined();
    expect(new RtcpLeg(99, 'me').remoteView(0)).toBeUndefined();
  });
});
