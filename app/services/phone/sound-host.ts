/**
 * Where the peers of a call send sound to: our address as it is at this moment. It may have become another one, or none,
 * before anybody noticed, and a call that is answered then must not fail for it.
 */
import { networkInterfaces } from 'node:os';
import type { Clock } from '../../../proxy-core/sip/transaction/clock.ts';

/** How long a call waits for a network, in ms: a change from one to another takes a few seconds. */
export const WAITS_MS = 10_000;
const LOOK_EVERY_MS = 200;

/** `known` where this computer still has it, else what `afresh` finds; undefined where there is no way now. */
export async function presentHost(
  known: string,
  afresh: () => Promise<string>,
  interfaces: typeof networkInterfaces = networkInterfaces,
): Promise<string | undefined> {
  const isHere = Object.values(interfaces()).some((list) => list?.some(({ address }) => address === known));
  return isHere ? known : afresh().catch(() => undefined);
}

/** Looks again until there is one, for so long as a call may wait. @param isOver nobody needs it any more */
export async function waitedFor(
  clock: Clock,
  find: () => Promise<string | undefined>,
  isOver: () => boolean,
): Promise<string | undefined> {
  for (let left = WAITS_MS; ; left -= LOOK_EVERY_MS) {
    const found = await find();
    if (found !== undefined || left <= 0 || isOver()) return found;
    await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve));
  }
}
