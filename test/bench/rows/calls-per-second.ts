/** How many calls a second one processor carries before anything has to be sent again. */
import { availableParallelism } from 'node:os';
import { callsCleanly, numbers, withCallee } from '../load.ts';
import { compared, type Row } from '../row.ts';
import { type Server, withBoth } from '../servers.ts';

const FIRST = 400;
const STEP = 1.15;
const MOST = 20_000;

export const callsPerSecond: Row = {
  name: 'calls-per-second',
  // The servers share one processor, one at a time; sipp has the others.
  run: ({ quick, program }) =>
    withBoth(
      program,
      numbers,
      async (tandem, kamailio) => {
        const seconds = quick ? 2 : 4;
        const [ours, theirs] = [await most(tandem, seconds), await most(kamailio, seconds)];
        if (ours === 0 || theirs === 0) throw new Error(`this machine is too busy for ${FIRST} calls a second`);
        const figure = { what: 'calls a second before retransmissions, one processor', unit: '/s', digits: 0 };
        return [compared({ ...figure, tandem: ours, kamailio: theirs, must: 0.5, aim: 1, more: true })];
      },
      availableParallelism() > 1 ? 0 : undefined,
    ),
};

function most(server: Server, seconds: number): Promise<number> {
  return withCallee(server, async () => {
    await callsCleanly(server, { count: 5_000, perSecond: FIRST });
    let reached = 0;
    for (let perSecond = FIRST; perSecond < MOST; perSecond = Math.round(perSecond * STEP)) {
      const rate = { perSecond, count: perSecond * seconds };
      // Once may be chance: something else on this machine.
      if (!(await callsCleanly(server, rate)) && !(await callsCleanly(server, rate))) break;
      reached = perSecond;
    }
    return reached;
  });
}
