/** Administration of an exchange, in this process or through the control socket of a running one. */

export type { Ladder, LadderArrow } from '../../server/trace/ladder.ts';
export { createAdmin } from './admin.ts';
export type { BanInfo } from './areas/bans.ts';
export type { HandlingInfo } from './areas/forwards.ts';
export type { LocationInfo } from './areas/location.ts';
export type { MessageInfo } from './areas/messages.ts';
export type { LampInfo, WatchRuleInfo } from './areas/presence.ts';
export type { ExchangeStatus } from './areas/status.ts';
export type { SubscriptionInfo } from './areas/subscriptions.ts';
export type { ShownMessage } from './areas/trace.ts';
export type { UserRecord } from './areas/user-records.ts';
export type { UserInfo } from './areas/users.ts';
export { connectControl, type RemoteAdmin } from './client.ts';
export { AdminError } from './errors.ts';
export { domainField } from './fields.ts';
export type { ImportRow } from './import.ts';
export type { ExchangeAdmin } from './methods.ts';
export type { ModeInfo } from './modes.ts';
export { everything } from './paging.ts';
export { reachAdmin } from './reach.ts';
export { type ControlServer, listenControl } from './server.ts';
export { controlPath } from './socket-path.ts';
