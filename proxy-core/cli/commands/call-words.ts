/** How calls are told of on the command line. */
import { utcTime } from '../time.ts';

export const partyOf = ({ number, domain, name }: { number: string; domain: string; name: string }): string => {
  const address = number === '' ? domain : `${number}@${domain}`;
  return name === '' ? address : `${name} <${address}>`;
};

/** Seconds as `1:02:03` or `2:03`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Empty for what did not happen. */
export const timeOf = (ms: number): string => (ms === 0 ? '' : utcTime(ms));
