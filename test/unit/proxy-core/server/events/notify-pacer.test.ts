import { expect, test } from 'vitest';
import { NotifyPacer } from '../../../../../proxy-core/server/events/notify-pacer.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

test('lets so many out at once and the others in their order, slice by slice', () => {
  const clock = new FakeClock();
  const pacer = new NotifyPacer(clock);
  const sent: number[] = [];
  for (let i = 0; i < 450; i++) pacer.pass(() => sent.push(i));
  expect(sent).toHaveLength(200);
  clock.advance(20);
  expect(sent).toHaveLength(400);
  // Who comes now waits behind those who wait.
  pacer.pass(() => sent.push(450));
  clock.advance(20);
  expect(sent).toEqual(Array.from({ length: 451 }, (_, i) => i));
  expect(clock.waiting).toBe(0);
  clock.advance(20);
  pacer.pass(() => sent.push(451));
  expect(sent.at(-1)).toBe(451);
});

test('one who sends again while his turn lasts waits for another slice', () => {
  const clock = new FakeClock();
  const pacer = new NotifyPacer(clock);
  let sent = 0;
  const again = (): void => {
    if (++sent < 500) pacer.pass(again);
  };
  pacer.pass(again);
  expect(sent).toBe(200);
  clock.advance(1_000);
  expect(sent).toBe(500);
});
