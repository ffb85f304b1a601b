/** Turns the exchange's listeners into what a person types into a phone. */

import { t } from '@lingui/core/macro';
import { listWords } from '../../store/words.ts';

export interface Addresses {
  /** Server to type into other phones, such as `192.0.2.10:5060`; empty where only this computer can reach it. */
  readonly others: readonly string[];
  /** Such as `UDP and TCP, port 5060`. */
  readonly ways: string;
}

/** `listeners` such as `udp://192.0.2.10:5060`; anything else in the list is passed over. */
export function addressesOf(listeners: readonly string[]): Addresses {
  const others = new Set<string>();
  const ways = new Map<string, string[]>();
  for (const listener of listeners) {
    const parts = /^([a-z]+):\/\/(\[[^\]]+\]|[^:/]+):(\d+)$/i.exec(listener);
    const [, scheme, host, port] = parts ?? [];
    if (!scheme || !host || !port) continue;
    if (!isOwn(host)) others.add(`${host}:${port}`);
    const names = ways.get(port) ?? [];
    const name = scheme.toUpperCase();
    if (!names.includes(name)) ways.set(port, [...names, name]);
  }
  const words = [...ways].map(([port, names]) => t`${listWords(names)}, port ${port}`);
  return { others: [...others], ways: words.join('; ') };
}

/** Reached from this computer only, or no address at all but a wildcard. */
function isOwn(host: string): boolean {
  return /^(127\.|\[::1\]|\[::\]|0\.0\.0\.0$|localhost$)/i.test(host);
}
