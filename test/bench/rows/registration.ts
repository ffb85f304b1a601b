/** CPU per digest registration, 401 and 200. Tandem's binding is on the disk before the 200; Kamailio's is in memory only. */
import { cpuPerRegistration, numbers } from '../load.ts';
import { mediansOf } from '../rounds.ts';
import { compared, type Row } from '../row.ts';
import { withBoth } from '../servers.ts';

const PER_SECOND = 1_000;

export const registration: Row = {
  name: 'registration',
  run: ({ quick, program }) =>
    withBoth(program, numbers, async (tandem, kamailio) => {
      const both = (count: number): Promise<(number | undefined)[]> => {
        const rate = { count, perSecond: PER_SECOND };
        return Promise.all([cpuPerRegistration(tandem, rate), cpuPerRegistration(kamailio, rate)]);
      };
      await both(quick ? 5_000 : 15_000);
      const once = (): Promise<(number | undefined)[]> => both(PER_SECOND * (quick ? 4 : 10));
      const [ours = Number.NaN, theirs = Number.NaN] = await mediansOf(quick ? 1 : 5, once);
      const what = `CPU per digest registration, ${PER_SECOND.toLocaleString('en-GB')} a second`;
      return [compared({ what, unit: 'ms', digits: 3, tandem: ours, kamailio: theirs, must: 3, aim: 1 })];
    }),
};
