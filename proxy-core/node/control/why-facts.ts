/** What the rules of `server/why` may know, from the store, the running exchange and its trace. */

import { networkOf } from '../../server/guard/network.ts';
import { defaultSettings } from '../../server/settings.ts';
import { aorOf } from '../../server/stores.ts';
import type { TraceStore } from '../../server/trace/entry.ts';
import type { ReadMessage } from '../../server/trace/reading.ts';
import { findMessages } from '../../server/trace/select.ts';
import { sdpOf } from '../../server/trace/summary.ts';
import type { Facts, KnownUser } from '../../server/why/facts.ts';
import { type Story, storiesOf } from '../../server/why/story.ts';
import type { AdminParts } from './area.ts';

/** Rules compare each with the others: older ones are left out. */
const MOST_STORIES = 2_000;
/** Other messages of the addresses that take part are looked at too, so many of so many. */
const MOST_HOSTS = 16;
const MESSAGES_OF_A_HOST = 200;

/** @param messages of the subject, in their order. */
export async function factsFor(parts: AdminParts, messages: readonly ReadMessage[]): Promise<Facts> {
  const { store, exchange, now: clock, facts: running } = parts;
  const { users, location, bans } = store;
  const now = clock();
  const settings = exchange?.settings ?? defaultSettings;
  const stories = storiesOf(messages).slice(-MOST_STORIES);
  const heard = exchange?.trace === undefined ? [] : await heardFrom(exchange.trace, hostsOf(stories));
  const aor = ({ number, domain }: KnownUser) => aorOf(number, domain);
  const { startedAt, listeners } = running();

  return {
    ...{ now, startedAt, stories, domains: users.domains(), notes: exchange?.trace?.notes() ?? [] },
    time: timeFor(now),
    transports: listeners.map((listener) => listener.slice(0, listener.indexOf(':')).toUpperCase()),
    minExpires: settings.minExpires,
    contactsPerUser: settings.contactsPerUser,
    user: (number, domain) => users.find(number, domain),
    realm: (domain) => users.realm(domain),
    bindings: (user) => location.lookup(aor(user), now),
    departure: (user) => location.departures.of(aor(user)),
    ban(host) {
      const ban = bans.find(networkOf(host));
      return ban !== undefined && ban.until > now ? ban : undefined;
    },
    lastFrom(host, port) {
      const ofHost = heard.filter(({ entry }) => entry.remote.host === host);
      return ofHost.filter(({ entry }) => entry.remote.port === port).at(-1) ?? ofHost.at(-1);
    },
    offersFrom: (host, port) =>
      heard
        .filter(({ entry }) => entry.remote.host === host && entry.remote.port === port)
        .filter((read) => sdpOf(read).length > 0)
        .reverse(),
    talksWith(user) {
      for (const call of exchange?.calls?.of(aor(user)) ?? []) {
        if (call.state !== 'answered') continue;
        const isCaller = call.caller.aor === aor(user);
        return { number: isCaller ? call.callee.number : call.caller.number, since: call.answeredAt };
      }
      return undefined;
    },
  };
}

/** Addresses to which requests were sent. */
function hostsOf(stories: readonly Story[]): string[] {
  const hosts = stories.flatMap(({ legs }) => legs.map(({ request }) => request.entry.remote.host));
  return [...new Set(hosts.reverse())].slice(0, MOST_HOSTS);
}

/** The newest messages that came from there, in their order. */
async function heardFrom(trace: TraceStore, hosts: readonly string[]): Promise<ReadMessage[]> {
  const found: ReadMessage[] = [];
  for (const host of hosts) {
    const messages = await findMessages(trace, { host, limit: MESSAGES_OF_A_HOST });
    found.push(...messages.filter(({ entry }) => entry.direction === 'in'));
  }
  return found.sort((a, b) => a.entry.id - b.entry.id);
}

/** In the time of this computer; with the day where that is not today, in no language. */
function timeFor(now: number): (ms: number) => string {
  const today = new Date(now).toDateString();
  return (ms) => {
    const date = new Date(ms);
    const time = `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
    if (date.toDateString() === today) return time;
    const two = (part: number): string => String(part).padStart(2, '0');
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
  };
}
