/** Gives calls the names by which their other sides are known here, before anybody sees them, and again when that changes. */
import type { CallSnapshot } from './types.ts';
import { namedBy, type Who } from './who.ts';

export interface CallNames {
  /** Takes the calls as the softphone lists them. */
  take(calls: readonly CallSnapshot[]): void;
  /** Something else is known from now on. */
  again(): void;
}

export function createCallNames(who: Who, tell: (calls: readonly CallSnapshot[]) => void): CallNames {
  let last: readonly CallSnapshot[] = [];
  /** A call that is named as before stays the same object, so that nothing is drawn for it. */
  let before = new Map<CallSnapshot, CallSnapshot>();

  const named = (): readonly CallSnapshot[] => {
    const now = new Map(
      last.map((call) => {
        const fresh = namedBy(call, who);
        const known = before.get(call);
        return [call, known?.peer.name === fresh.peer.name ? known : fresh] as const;
      }),
    );
    before = now;
    return [...now.values()];
  };
  return {
    take(calls) {
      last = calls;
      tell(named());
    },
    again() {
      const was = [...before.values()];
      const now = named();
      if (now.some((call, index) => call !== was[index])) tell(now);
    },
  };
}
