/** CPU per proxied call: INVITE 100 180 200 ACK BYE 200, record-routed, at a busy rate and at a quiet one. */
import { cpuPerCall, numbers, type Rate, withCallee } from '../load.ts';
import { mediansOf } from '../rounds.ts';
import { compared, type Row } from '../row.ts';
import { withBoth } from '../servers.ts';

const row = (name: string, rates: readonly number[]): Row => ({
  name,
  run: ({ quick, program }) =>
    withBoth(program, numbers, (tandem, kamailio) =>
      withCallee(tandem, () =>
        withCallee(kamailio, async () => {
          const both = (rate: Rate): Promise<(number | undefined)[]> =>
            Promise.all([cpuPerCall(tandem, rate), cpuPerCall(kamailio, rate)]);
          // Not counted: the first calls pay for compiling.
          await both({ count: quick ? 3_000 : 8_000, perSecond: 300 });
          const seconds = quick ? 4 : 10;
          const found = await mediansOf(quick ? 1 : 5, rates, (perSecond) =>
            both({ count: perSecond * seconds, perSecond }),
          );
          const [ours = Number.NaN, theirs = Number.NaN] = found.figures;
          const what = `CPU per proxied call, ${found.perSecond} a second`;
          return [compared({ what, unit: 'ms', digits: 3, tandem: ours, kamailio: theirs, must: 2, aim: 1 })];
        }),
      ),
    ),
});

export const call = row('call', [600, 300, 150]);
/** Where the program sleeps between two datagrams, each costs more. */
export const quietCall = row('quiet-call', [100, 50]);
