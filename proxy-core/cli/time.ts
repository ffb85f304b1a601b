/** Times as people at this computer read them. */

/** In local time; `digits` of the second's fraction, up to 6. @param ms since 1970. */
export function clockTime(ms: number, digits = 0): string {
  const date = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  if (digits === 0) return time;
  const micro = Math.floor((ms - Math.floor(ms / 1000) * 1000) * 1000);
  return `${time}.${String(micro).padStart(6, '0').slice(0, digits)}`;
}

/** In UTC, to the second. @param ms since 1970. */
export const utcTime = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
