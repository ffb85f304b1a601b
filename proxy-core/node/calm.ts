/** Keeps a flood of events from becoming one of the log: beyond a few sentences in a time, only how many more there were. */

const AT_ONCE = 20;
const EVERY_MS = 10_000;

/** Passes on `tell`, at most `AT_ONCE` times in `EVERY_MS`. @param now in ms, from any start. */
export function calm(tell: (sentence: string) => void, now: () => number = () => performance.now()): typeof tell {
  let since = Number.NEGATIVE_INFINITY;
  let told = 0;
  return (sentence) => {
    if (now() - since >= EVERY_MS) {
      const more = told - AT_ONCE;
      since = now();
      told = 0;
      if (more > 0) tell(`${more} more of that kind were not written down.`);
    }
    if (told++ < AT_ONCE) tell(sentence);
  };
}
