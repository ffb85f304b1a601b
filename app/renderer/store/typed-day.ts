/** A day as a field for dates gives it. */

/** Midnight at its beginning where this computer is, ms since 1970; undefined of what is no date. */
export function dayOf(text: string): number | undefined {
  const [year, month, day] = text.split('-').map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const at = new Date(year, month - 1, day).getTime();
  return Number.isNaN(at) || at < 0 ? undefined : at;
}
