/** Sends a form once at a time and keeps the reason when it is refused. */
import { useRef, useState } from 'react';
import type { Outcome } from '../store/types.ts';

export interface Submit {
  readonly busy: boolean;
  readonly problem: string | undefined;
  /** Gives whether it was accepted; a second press while one is under way does nothing. */
  send(question: () => Promise<Outcome>): Promise<boolean>;
}

export function useSubmit(): Submit {
  const [state, setState] = useState<{ busy: boolean; problem: string | undefined }>({
    busy: false,
    problem: undefined,
  });
  const underWay = useRef(false);
  return {
    ...state,
    async send(question) {
      if (underWay.current) return false;
      underWay.current = true;
      setState({ busy: true, problem: undefined });
      const outcome = await question();
      underWay.current = false;
      setState({ busy: false, problem: outcome.ok ? undefined : outcome.reason });
      return outcome.ok;
    },
  };
}
