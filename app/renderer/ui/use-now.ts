/** The time, refreshed each second, for what counts up or down. */
import { useEffect, useState } from 'react';

/** Milliseconds since 1970; stands still while `running` is false. */
export function useNow(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
