/** The clock port on Node. */
import type { Clock } from '../sip/transaction/clock.ts';

export const nodeClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
