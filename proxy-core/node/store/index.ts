/** What the exchange remembers, on SQLite. */

export { type CallCount, QUARTER_MS } from './call-counts.ts';
export type { RecordLimits } from './call-records.ts';
export { UNNAMED_DOMAIN } from './domains.ts';
export * from './errors.ts';
export { ha1Of } from './ha1.ts';
export type { InviteRow } from './invites.ts';
export { NoSuchPlace } from './listing.ts';
export type { SqliteLocationStore } from './location.ts';
export { openStore, type Store } from './open.ts';
export { isWanted, type RecordQuery } from './record-query.ts';
export { recordOf, type SubscriptionRow } from './subscriptions.ts';
export type { StoredUser } from './user-rows.ts';
export type { SqliteUserStore } from './users.ts';
