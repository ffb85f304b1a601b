/** Waits for a condition instead of for a time. */
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `probe` until it gives something other than undefined, null or false, and gives that.
 * Rejects after `timeoutMs` with a message that names `what`, and with the probe's last error where it threw.
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  timeoutMs = 10_000,
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  for (let wait = 5; ; wait = Math.min(wait * 1.5, 100)) {
    try {
      const value = await probe();
      if (value !== undefined && value !== null && value !== false) {
        return value as Exclude<T, undefined | null | false>;
      }
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() >= deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`, { cause: lastError });
    await pause(wait);
  }
}
