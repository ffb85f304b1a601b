/** 10,000 spoilt and senseless messages at a phone in a call: it answers after each, its call goes on, nothing piles up. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chance } from '../support/rough-network.ts';
import { usedHeap } from '../support/used-heap.ts';
import { HardyPhone } from '../torture/hardy-phone.ts';
import { story } from './grammar.ts';
import { mutate, type Random } from './mutate.ts';
import { corpus, seeds } from './seeds.ts';
import type { Step } from './session.ts';

const SEED = 20_261;
const MESSAGES = 10_000;
/** Bytes that may stay behind, of everything; one message is some hundred. */
const MOST_LEFT = 8 * 1024 * 1024;

const wires = (steps: readonly Step[]): string[] => steps.flatMap((step) => (step.do === 'send' ? [step.wire] : []));

/** What the exchange is tried with, and what it was once brought down by. */
const known = [...seeds.flatMap(wires), ...corpus().flatMap(([, { steps }]) => wires(steps))];
const grown = fc.sample(story, { seed: SEED, numRuns: 600 }).flatMap(({ steps }) => wires(steps));

/** As if it were meant for the phone, which reads on then. */
const aimed = (wire: string): string =>
  wire
    .replace(/^([^ \r\n]+) +sips?:\S+/, '$1 sip:1001@127.0.0.1:6000')
    .replace(/^(To: *).*$/m, '$1<sip:1001@127.0.0.1>\r');

const noise = (random: Random): string =>
  Array.from({ length: Math.floor(random() * 2_000) }, () => String.fromCharCode(Math.floor(random() * 256))).join('');

function message(random: Random): string {
  const what = random();
  if (what < 0.05) return noise(random);
  const from = what < 0.4 ? grown : known;
  const wire = from[Math.floor(random() * from.length)] ?? '';
  const there = random() < 0.7 ? aimed(wire) : wire;
  return random() < 0.15 ? there : mutate(there, random);
}

test(`${MESSAGES} messages`, { timeout: 60_000 }, async () => {
  const random = chance(SEED);
  const phone = await HardyPhone.open();
  const before = usedHeap();
  for (let i = 0; i < MESSAGES; i++) {
    const wire = message(random);
    await phone.take(wire).catch((cause: unknown) => {
      throw new Error(`message ${i}: ${JSON.stringify(wire)}`, { cause });
    });
    if (i % 20 === 19) {
      await phone.decline();
      await phone.world.pass(5_000);
    }
  }
  // They came far enough to try more than the parser.
  expect([...phone.said]).toEqual(expect.arrayContaining([180, 200, 400, 404, 405, 415, 420, 481, 488, 501, 505]));
  await phone.comesToRest();
  expect(usedHeap() - before).toBeLessThan(MOST_LEFT);
});
