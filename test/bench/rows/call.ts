/** CPU per proxied call: INVITE 100 180 200 ACK BYE 200, record-routed, at a busy rate and at a quiet one. */
import { cpuPerCall, numbers, type Rate, withCallee } from '../load.ts';
import { mediansOf } from '../rounds.ts';
import { compared, type Figure, type Row } from '../row.ts';
import { withBoth } from '../servers.ts';

const RATES = [
  { perSecond: 600, must: 2, aim: 1 },
  { perSecond: 100, must: 2, aim: 1 },
];

export const call: Row = {
  name: 'call',
  run: ({ quick, program }) =>
    withBoth(program, numbers, (tandem, kamailio) =>
      withCallee(tandem, () =>
        withCallee(kamailio, async () => {
          const figures: Figure[] = [];
          // Not counted: the first calls pay for compiling.
          const both = (rate: Rate): Promise<(number | undefined)[]> =>
            Promise.all([cpuPerCall(tandem, rate), cpuPerCall(kamailio, rate)]);
          await both({ count: quick ? 3_000 : 8_000, perSecond: 600 });
          for (const { perSecond, must, aim } of RATES) {
            const rate = { count: perSecond * (quick ? 4 : 10), perSecond };
            const [ours = Number.NaN, theirs = Number.NaN] = await mediansOf(quick ? 1 : 5, () => both(rate));
            const what = `CPU per proxied call, ${perSecond} a second`;
            figures.push(compared({ what, unit: 'ms', digits: 3, tandem: ours, kamailio: theirs, must, aim }));
          }
          return figures;
        }),
      ),
    ),
};
