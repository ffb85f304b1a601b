/** What a call costs with 10, 10,000 and 100,000 phones registered: the same, or something is searched through. */
import { cpuPerCall, withCallee } from '../load.ts';
import { dataWithPhones } from '../office.ts';
import { mediansOf } from '../rounds.ts';
import type { Figure, Row } from '../row.ts';
import { type Server, startTandem } from '../servers.ts';

const SIZES = [10, 10_000, 100_000];
const RATES = [300, 150, 75];
/** Larger tables miss the processor's caches more often; a search would cost a thousand times as much. */
const MUST = 1.25;

export const flat: Row = {
  name: 'flat',
  async run({ quick, program }) {
    const servers: Server[] = [];
    try {
      for (const size of SIZES) servers.push(await startTandem(program, await dataWithPhones(program, size)));
      const found = await measured(servers, quick);
      const first = found[0] ?? Number.NaN;
      return found.map((tandem, i): Figure => {
        const what = `CPU per call, ${SIZES[i]?.toLocaleString('en-GB')} registered (× that of 10)`;
        return { what, unit: 'ms', digits: 3, tandem, measure: tandem / first, must: MUST };
      });
    } finally {
      for (const server of servers) await server.close();
    }
  },
};

async function measured(servers: readonly Server[], quick: boolean): Promise<readonly number[]> {
  const all = (perSecond: number, seconds: number): Promise<(number | undefined)[]> =>
    Promise.all(servers.map((server) => cpuPerCall(server, { count: perSecond * seconds, perSecond })));
  const called = <T>(rest: readonly Server[], work: () => Promise<T>): Promise<T> => {
    const [server, ...others] = rest;
    return server === undefined ? work() : withCallee(server, () => called(others, work));
  };
  return called(servers, async () => {
    // Not counted: the first calls pay for compiling.
    await all(150, quick ? 12 : 40);
    const found = await mediansOf(quick ? 1 : 3, RATES, (perSecond) => all(perSecond, quick ? 5 : 10));
    return found.figures;
  });
}
