/** CPU per digest registration, 401 and 200. Tandem's binding is on the disk before the 200; Kamailio's is in memory only. */
import { cpuPerRegistration, numbers } from '../load.ts';
import { mediansOf } from '../rounds.ts';
import { compared, type Row } from '../row.ts';
import { withBoth } from '../servers.ts';

const RATES = [1_000, 500, 250];

export const registration: Row = {
  name: 'registration',
  run: ({ quick, program }) =>
    withBoth(program, numbers, async (tandem, kamailio) => {
      const both = (perSecond: number, count: number): Promise<(number | undefined)[]> =>
        Promise.all([
          cpuPerRegistration(tandem, { count, perSecond }),
          cpuPerRegistration(kamailio, { count, perSecond }),
        ]);
      // Not counted: the first ones pay for compiling.
      await both(500, quick ? 5_000 : 15_000);
      const found = await mediansOf(quick ? 1 : 5, RATES, (perSecond) => both(perSecond, perSecond * (quick ? 4 : 10)));
      const [ours = Number.NaN, theirs = Number.NaN] = found.figures;
      const what = `CPU per digest registration, ${found.perSecond.toLocaleString('en-GB')} a second`;
      return [compared({ what, unit: 'ms', digits: 3, tandem: ours, kamailio: theirs, must: 3, aim: 1 })];
    }),
};
