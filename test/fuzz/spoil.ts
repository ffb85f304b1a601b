/** The mutating fuzzer: takes sound stories and spoils their messages, endlessly and repeatably. */
import { chance } from '../support/rough-network.ts';
import { mutate, type Random } from './mutate.ts';
import { seeds } from './seeds.ts';
import type { Step, Story } from './session.ts';

const MODES = ['proxy', 'proxy', 'proxy', 'redirect', 'stateless'] as const;

/** The story of one seed. */
export function spoiltStory(seed: number): Story {
  const random = chance(seed);
  // Small seeds give small first numbers.
  for (let i = 0; i < 5; i++) random();
  const steps = seeds[Math.floor(random() * seeds.length)] ?? [];
  const mode = MODES[Math.floor(random() * MODES.length)] ?? 'proxy';
  return { office: { mode, trusting: random() < 0.5 }, steps: steps.map((step) => spoiltStep(step, random)) };
}

function spoiltStep(step: Step, random: Random): Step {
  // What comes later is reached only when what comes first is sound.
  if (random() < 0.4) return step;
  switch (step.do) {
    case 'send':
      return { ...step, wire: mutate(step.wire, random), over: random() < 0.3 ? 'TCP' : 'UDP' };
    case 'answer':
    case 'cancel':
    case 'ack':
    case 'bye':
      return { ...step, spoil: 1 + Math.floor(random() * 1_000_000) };
    default:
      return step;
  }
}
