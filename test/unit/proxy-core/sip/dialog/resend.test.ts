import { describe, expect, it } from 'vitest';
import { sendAccepted } from '../../../../../proxy-core/sip/dialog/accepted.ts';
import { AckKeeper } from '../../../../../proxy-core/sip/dialog/acks.ts';
import { buildRequest, buildResponse } from '../../../../../proxy-core/sip/message/build.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

describe('the 2xx of the side that was called (§13.3.1.4)', () => {
  const run = () => {
    const clock = new FakeClock(0);
    const sent: number[] = [];
    let gaveUp = 0;
    const accepted = sendAccepted({ clock, send: () => sent.push(clock.now()), noAck: () => gaveUp++ });
    return { clock, sent, accepted, gaveUp: () => gaveUp };
  };

  it('goes out again at T1, doubling to T2, until 64 T1', () => {
    const { clock, sent, gaveUp } = run();
    clock.advance(100_000);
    expect(sent).toEqual([0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]);
    expect(gaveUp()).toBe(1);
    expect(clock.waiting).toBe(0);
  });

  it('stops at the ACK, which counts once', () => {
    const { clock, sent, accepted, gaveUp } = run();
    clock.advance(600);
    expect([accepted.acknowledge(), accepted.acknowledge()]).toEqual([true, false]);
    clock.advance(100_000);
    expect([sent.length, gaveUp(), clock.waiting]).toEqual([2, 0, 0]);
  });

  it('stops when told', () => {
    const { clock, sent, accepted, gaveUp } = run();
    accepted.stop();
    clock.advance(100_000);
    expect([sent.length, gaveUp()]).toEqual([1, 0]);
  });
});

describe('the ACK of the side that called (§13.2.2.4)', () => {
  const invite = buildRequest({
    method: 'INVITE',
    uri: 'sip:b@x',
    via: 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1',
    from: '<sip:a@x>;tag=1',
    to: '<sip:b@x>',
    callId: 'c',
    cseq: 1,
  });

  it('answers each repeat of its 2xx for 32 s, and no other 2xx', () => {
    const clock = new FakeClock();
    const keeper = new AckKeeper(clock);
    let sent = 0;
    keeper.send(buildResponse(invite, 200, { toTag: 'one' }), () => sent++);
    expect(keeper.repeat(buildResponse(invite, 200, { toTag: 'one' }))).toBe(true);
    expect(keeper.repeat(buildResponse(invite, 200, { toTag: 'two' }))).toBe(false);
    expect(sent).toBe(2);
    clock.advance(32_000);
    expect(keeper.repeat(buildResponse(invite, 200, { toTag: 'one' }))).toBe(false);
    expect([sent, keeper.size, clock.waiting]).toEqual([2, 0, 0]);
  });

  it('keeps a bounded number', () => {
    const clock = new FakeClock();
    const keeper = new AckKeeper(clock);
    for (let i = 0; i < 1_100; i++) keeper.send(buildResponse(invite, 200, { toTag: `t${i}` }), () => {});
    expect(keeper.size).toBe(1_024);
    keeper.close();
    expect(clock.waiting).toBe(0);
  });
});
