import { describe, expect, it, test } from 'vitest';
import { rating, scoreOf } from '../../../../../../app/renderer/softphone/call/e-model.ts';
import { QualityMeter } from '../../../../../../app/renderer/softphone/call/quality-meter.ts';
import type { MediaStats } from '../../../../../../app/shared/phone-port.ts';
import { settle, World } from '../phone-world.ts';
import { callOf, talkTo } from '../talks.ts';

describe('the E-model', () => {
  const good = { codec: 'PCMU', lossPercent: 0, roundTripMs: 20, jitterMs: 2 };

  it('gives G.711 on a good network the best that G.107 knows', () => {
    expect(rating(good)).toBe(93.2);
    expect(scoreOf(93.2)).toBeCloseTo(4.41, 2);
  });

  // ITU-T G.107 B.1: R of 90, 80, 70, 60 and 50.
  test.each([
    [90, 4.34],
    [80, 4.02],
    [70, 3.6],
    [60, 3.1],
    [50, 2.58],
    [0, 1],
    [-5, 1],
  ])('an R of %d is a score of %d', (r, mos) => expect(scoreOf(r)).toBeCloseTo(mos, 2));

  // Ie,eff = 95 · Ppl / (Ppl + 25.1).
  test.each([
    [1, 89.6],
    [5, 77.4],
    [20, 51.1],
    [100, 17.3],
  ])('%d %% lost leave G.711 an R of %d', (lossPercent, r) =>
    expect(rating({ ...good, lossPercent })).toBeCloseTo(r, 1),
  );

  it('takes nothing off for 100 ms one way, and ever more from there', () => {
    const at = (roundTripMs: number) => rating({ ...good, roundTripMs });
    expect(at(80)).toBe(93.2);
    // 140 ms of network and 60 of packet and buffer are 200 one way: 3.04 by §7.4.
    expect(at(280)).toBeCloseTo(90.16, 2);
    expect(at(1000)).toBeLessThan(at(600));
    expect(at(60_000)).toBeGreaterThanOrEqual(0);
  });

  it('never leaves its scale, whatever comes in', () => {
    for (const codec of ['opus', 'G722', 'PCMA', '', 'toString'])
      for (const lossPercent of [-5, 0, 50, 1e9])
        for (const roundTripMs of [0, 1e5]) {
          const score = scoreOf(rating({ codec, lossPercent, roundTripMs, jitterMs: 1e4 }));
          expect(score).toBeGreaterThanOrEqual(1);
          expect(score).toBeLessThan(4.5);
        }
  });
});

const stats = (more: Partial<MediaStats>): MediaStats => ({
  ...{ received: 0, sent: 0, lost: 0, silentMs: 0, jitterMs: 2, codec: 'PCMU', protection: '' },
  ...{ ice: null, peer: null, roundTripMs: null },
  ...more,
});

describe('the meter', () => {
  it('says nothing before a packet came', () => {
    const meter = new QualityMeter();
    expect(meter.add(stats({}))).toMatchObject({ here: null, there: null });
    expect(meter.summary).toBeUndefined();
  });

  it('shows the last ten seconds, and sums up the whole', () => {
    const meter = new QualityMeter();
    // Ten good seconds, ten in which a tenth is lost, ten good ones.
    let [received, lost] = [0, 0];
    const second = (losing: number) => {
      received += 50 - losing;
      lost += losing;
      return meter.add(stats({ received, lost, sent: received })).here;
    };
    const run = (losing: number) => Array.from({ length: 10 }, () => second(losing)).at(-1);
    expect(run(0)).toMatchObject({ lossPercent: 0 });
    const bad = run(5);
    expect(bad?.lossPercent).toBeCloseTo(10, 1);
    expect(bad?.mos).toBeLessThan(3.6);
    second(0);
    expect(run(0)).toMatchObject({ lossPercent: 0 });
    expect(meter.summary?.here?.lossPercent).toBeCloseTo((100 * 50) / 1550, 1);
    expect(meter.summary?.there).toBeNull();
  });

  it('keeps what the other side said last, though it falls silent', () => {
    const meter = new QualityMeter();
    const peer = { lost: 20, lossPercent: 4, jitterMs: 6 };
    const live = meter.add(stats({ received: 100, sent: 200, peer, roundTripMs: 40 }));
    expect(live).toMatchObject({ there: { lossPercent: 4, jitterMs: 6 }, roundTripMs: 40 });
    expect(meter.add(stats({ received: 150, sent: 250 }))).toMatchObject({ there: null, roundTripMs: null });
    expect(meter.summary).toMatchObject({
      ...{ codec: 'PCMU', roundTripMs: 40 },
      there: { lossPercent: 10, jitterMs: 6 },
      here: { lossPercent: 0, jitterMs: 2, mos: 4.4 },
    });
  });

  it('takes late packets for what they are: no losses', () => {
    const meter = new QualityMeter();
    meter.add(stats({ received: 100, lost: 10 }));
    expect(meter.add(stats({ received: 160, lost: 0 })).here?.lossPercent).toBe(0);
  });
});

test('a call shows how both sides hear, and on the whole once it is over', async () => {
  const world = await World.registered();
  world.stats = {
    received: 500,
    sent: 500,
    lost: 0,
    peer: { lost: 50, lossPercent: 10, jitterMs: 3 },
    roundTripMs: 30,
  };
  const { id } = await talkTo(world);
  await world.pass(3_000);
  const live = callOf(world, id);
  expect(live.quality).toMatchObject({ here: { lossPercent: 0 }, there: { lossPercent: 10 }, roundTripMs: 30 });
  expect(live.summary).toBeUndefined();
  world.softphone.hangUp(id);
  await settle();
  expect(callOf(world, id).summary).toMatchObject({
    ...{ codec: 'PCMU', roundTripMs: 30 },
    here: { lossPercent: 0, mos: 4.4 },
    there: { lossPercent: 10 },
  });
});
