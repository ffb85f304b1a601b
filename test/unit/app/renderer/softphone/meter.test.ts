import { expect, it } from 'vitest';
import { levelOf } from '../../../../../app/renderer/softphone/meter.ts';

it.each([
  ['silence', 0, 0],
  ['what nobody hears', 0.0005, 0],
  ['half way down, −30 dB', 10 ** (-30 / 20), 0.5],
  ['as loud as it can be', 1, 1],
])('%s', (_, amplitude, level) => {
  const samples = Float32Array.from({ length: 512 }, (__, index) => (index % 2 === 0 ? amplitude : -amplitude));
  expect(levelOf(samples)).toBeCloseTo(level, 5);
});
