/** The fuzzers in their short form: the same stories in each run, the corpus first. `npm run fuzz` goes on from there. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StreamFramer } from '../../proxy-core/sip/transport/framer.ts';
import { chance } from '../support/rough-network.ts';
import { story } from './grammar.ts';
import { mutate } from './mutate.ts';
import { corpus, seeds } from './seeds.ts';
import { play } from './session.ts';
import { spoiltStory } from './spoil.ts';

const SPOILT = 1500;
const GROWN = 500;
const BUDGET_MS = 8_000;

test.each(corpus())('what was found once holds: %s', async (_name, found) => {
  await play(found);
});

describe.each(['proxy', 'redirect', 'stateless'] as const)('as a %s', (mode) => {
  test.each([true, false])('every sound story holds, trusting: %s', async (trusting) => {
    for (const steps of seeds) await play({ office: { mode, trusting }, steps });
  });
});

test(`${SPOILT} spoilt stories hold`, async () => {
  const end = Date.now() + BUDGET_MS;
  let played = 0;
  for (let seed = 1; seed <= SPOILT && Date.now() < end; seed++, played++) {
    await play(spoiltStory(seed)).catch((cause: unknown) => {
      throw new Error(`seed ${seed}`, { cause });
    });
  }
  expect(played).toBeGreaterThan(SPOILT / 10);
});

test(`${GROWN} stories out of the grammar hold`, async () => {
  await fc.assert(fc.asyncProperty(story, play), { seed: 1, numRuns: GROWN, interruptAfterTimeLimit: BUDGET_MS });
});

test('a stream is cut in the same places however small its pieces', () => {
  const wires = seeds.flatMap((steps) => steps.flatMap((step) => (step.do === 'send' ? [step.wire] : [])));
  for (let seed = 1; seed <= 400; seed++) {
    const random = chance(seed * 7919);
    const some = Array.from({ length: 3 }, () => wires[Math.floor(random() * wires.length)] ?? '');
    const stream = some.map((wire) => (random() < 0.3 ? mutate(wire, random) : wire)).join('');
    expect(
      cut(stream, () => 1 + Math.floor(random() * 40)),
      `seed ${seed}`,
    ).toEqual(cut(stream, () => stream.length));
  }
});

/** The messages of a stream, and whether it can be read to its end. */
function cut(stream: string, size: () => number): { messages: string[]; broken: boolean } {
  const messages: string[] = [];
  const sink = { message: (wire: string) => void messages.push(wire), ping: () => undefined, pong: () => undefined };
  const framer = new StreamFramer({ accepted: true, sink });
  let broken = false;
  for (let from = 0; from < stream.length && !broken; ) {
    const to = from + size();
    broken = framer.push(stream.slice(from, to)) !== undefined;
    from = to;
  }
  return { messages, broken };
}
