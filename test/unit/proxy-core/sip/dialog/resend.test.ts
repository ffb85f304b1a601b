import { describe, expect, it } from 'vitest';
import { AckKeeper } from '../../../../../proxy-core/sip/dialog/acks.ts';
import { resendAccepted, resendReliable } from '../../../../../proxy-core/sip/dialog/resend.ts';
import { buildRequest, buildResponse } from '../../../../../proxy-core/sip/message/build.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

describe('what is sent until it is confirmed', () => {
  const run = (resend: typeof resendAccepted) => {
    const clock = new FakeClock(0);
    const sent: number[] = [];
    let given = 0;
    const resending = resend({ clock, send: () => sent.push(clock.now()), gaveUp: () => given++ });
    return { clock, sent, resending, gaveUp: () => given };
  };

  it.each([
    ['a 2xx', resendAccepted, [0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]],
    ['a reliable 1xx', resendReliable, [0, 500, 1500, 3500, 7500, 15500, 31500]],
  ])('%s goes out again with growing pauses until 64 T1', (_what, resend, times) => {
    const { clock, sent, gaveUp } = run(resend);
    clock.advance(100_000);
    expect(sent).toEqual(times);
    expect(gaveUp()).toBe(1);
    expect(clock.waiting).toBe(0);
  });

  it('stops when told', () => {
    const { clock, sent, resending, gaveUp } = run(resendAccepted);
    clock.advance(600);
    resending.stop();
    clock.advance(100_000);
    expect([sent.length, gaveUp(), clock.waiting]).toEqual([2, 0, 0]);
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
