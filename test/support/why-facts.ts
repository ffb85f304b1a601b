/** What the rules of `why` may know, as a test says it: an office with Ada (1001), Ben (1002) and Cleo (1003). */
import type { Ban, Binding } from '../../proxy-core/server/stores.ts';
import { aorOf } from '../../proxy-core/server/stores.ts';
import { sdpOf } from '../../proxy-core/server/trace/summary.ts';
import type { Departure, Facts, KnownUser } from '../../proxy-core/server/why/facts.ts';
import { storiesOf } from '../../proxy-core/server/why/story.ts';
import { bindingOf } from './memory-stores.ts';
import { DOMAIN, type TraceScript } from './trace-script.ts';

export interface Known {
  readonly bindings?: Readonly<Record<string, readonly Binding[]>>;
  readonly departures?: Readonly<Record<string, Departure>>;
  readonly bans?: readonly Ban[];
  readonly talks?: Readonly<Record<string, { readonly number: string; readonly since: number }>>;
  readonly transports?: readonly string[];
  /** How long after the last message somebody asks, in ms. */
  readonly later?: number;
}

const USERS: readonly KnownUser[] = [
  { number: '1001', domain: DOMAIN, name: 'Ada' },
  { number: '1002', domain: DOMAIN, name: 'Ben' },
  { number: '1003', domain: DOMAIN, name: '' },
];

/** In UTC. */
export const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16);

export const registeredAt = (number: string, received: string, more: Partial<Binding> = {}): Binding =>
  bindingOf(aorOf(number, DOMAIN), `sip:${number}@${received.slice(received.indexOf(':') + 1)}`, { received, ...more });

export function factsOf(script: TraceScript, known: Known = {}): Facts {
  const { bindings = {}, departures = {}, bans = [], talks = {}, transports = ['UDP', 'TCP'], later = 60_000 } = known;
  const messages = script.read();
  const heard = messages.filter(({ entry }) => entry.direction === 'in');
  return {
    ...{ now: script.now + later, startedAt: Date.UTC(2026, 0, 5, 8), time: clock, transports },
    ...{ domains: [DOMAIN, 'b.example'], minExpires: 60, contactsPerUser: 10, notes: script.notes() },
    stories: storiesOf(messages),
    user: (number, domain) => USERS.find((user) => user.number === number && user.domain === domain),
    realm: (domain) => domain,
    bindings: ({ number }) => bindings[number] ?? [],
    departure: ({ number }) => departures[number],
    ban: (host) => bans.find(({ address }) => address === host),
    lastFrom: (host, port) =>
      heard.filter(({ entry }) => entry.remote.host === host && entry.remote.port === port).at(-1),
    offersFrom: (host, port) =>
      heard
        .filter(({ entry }) => entry.remote.host === host && entry.remote.port === port)
        .filter((read) => sdpOf(read).length > 0)
        .reverse(),
    talksWith: ({ number }) => talks[number],
  };
}
