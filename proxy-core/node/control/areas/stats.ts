/** How much of everything there is now, and what was counted since the exchange was started. */
import * as v from 'valibot';
import { method } from '../area.ts';

/** Names say what is counted; `…Bytes` are bytes, `uptime` is in seconds. What only a running exchange knows is absent. */
export type Stats = Readonly<Record<string, number>>;

export const statsArea = {
  stats: method(v.strictObject({}), (_, { store, exchange, facts, now }): Stats => {
    const { users, location, bans, messages, calls } = store;
    const stored = {
      domains: users.domains().length,
      users: users.size,
      registrations: location.size,
      bans: bans.size,
      messagesKept: messages.size,
      callsOnRecord: calls.records.size,
    };
    if (exchange === undefined) return stored;
    const { startedAt, nat } = facts();
    const { rss, heapUsed } = process.memoryUsage();
    const { client, server } = exchange.transactions.size;
    return {
      uptime: Math.floor((now() - startedAt) / 1000),
      ...stored,
      calls: exchange.calls?.size ?? 0,
      subscriptions: exchange.events.subscriptions.size,
      clientTransactions: client,
      serverTransactions: server,
      overloaded: Number(exchange.isOverloaded()),
      ...nat,
      residentBytes: rss,
      heapBytes: heapUsed,
    };
  }),
};
