import { expect, test } from 'vitest';
import { askedOf, courseOf } from '../../../../../app/renderer/store/call-course.ts';

const HOUR = 3_600_000;

test('24 hours end with the one that runs', () => {
  const now = Date.UTC(2030, 0, 15, 9, 30);
  const asked = askedOf('day', now);
  expect(asked).toEqual({ from: Date.UTC(2030, 0, 14, 10), to: Date.UTC(2030, 0, 15, 10), step: HOUR });
  const counts = [
    { at: asked.from, calls: { answered: 1, busy: 2 } },
    { at: asked.to - HOUR, calls: { 'no-answer': 4 } },
  ];
  const course = courseOf('day', asked, counts);
  expect(course.starts).toHaveLength(24);
  expect([course.answered[0], course.others[0], course.answered[23], course.others[23]]).toEqual([1, 2, 0, 4]);
});

test('30 days are those of the calendar here, also where one of them has 23 or 25 hours', () => {
  for (const now of [new Date(2030, 3, 10, 12), new Date(2030, 10, 10, 12)]) {
    const asked = askedOf('month', now.getTime());
    const days = courseOf('month', asked, []).starts.map((start) => new Date(start));
    expect(days).toHaveLength(30);
    expect(days.every((day) => day.getHours() === 0 && day.getMinutes() === 0)).toBe(true);
    expect(new Set(days.map((day) => day.toDateString())).size).toBe(30);
    expect(days.at(-1)?.toDateString()).toBe(now.toDateString());
    const last = { at: asked.to - HOUR, calls: { answered: 5 } };
    expect(courseOf('month', asked, [last]).answered.at(-1)).toBe(5);
  }
});

test('what does not belong to the time is not counted', () => {
  const asked = askedOf('day', Date.UTC(2030, 0, 15, 9, 30));
  const course = courseOf('day', asked, [
    { at: asked.from - 1, calls: { answered: 1 } },
    { at: asked.to, calls: { answered: 1 } },
  ]);
  expect([...course.answered, ...course.others].every((count) => count === 0)).toBe(true);
});
