/** The real clock, in the form in which the parts of the main process are given one. */

/** Runs `work` after `ms`; the returned function cancels it. */
export function after(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}

/** Runs `work` every `ms` without keeping the program alive. */
export function every(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms);
  timer.unref();
  return () => clearInterval(timer);
}
