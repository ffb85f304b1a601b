/** Spoilt messages for `tandem serve` itself, over UDP and TCP; `npm run fuzz` does the same for longer. */
import { expect, test } from 'vitest';
import { floodProcess } from '../fuzz/process.ts';

test('after 1,000 spoilt messages it still answers OPTIONS over UDP and TCP, and has logged no error', async () => {
  const { sent, fault } = await floodProcess(1, 15_000, 1_000);
  expect(fault).toBeUndefined();
  expect(sent).toBeGreaterThan(300);
});
