/** Administration of an exchange, in this process or through the control socket of a running one. */

export type { Ladder, LadderArrow } from '../../server/trace/ladder.ts';
export { createAdmin, type LocalAdmin } from './admin.ts';
export type { AuditInfo } from './areas/audit.ts';
export type { CallInfo } from './areas/calls.ts';
export type { HandlingInfo } from './areas/forwards.ts';
export type { LocationInfo } from './areas/location.ts';
export type { LampInfo, WatchRuleInfo } from './areas/presence.ts';
export type { RecordInfo } from './areas/records.ts';
export type { SettingInfo } from './areas/settings.ts';
export type { ExchangeStatus } from './areas/status.ts';
export type { ShownMessage } from './areas/trace.ts';
export type { UserRecord } from './areas/user-records.ts';
export type { UserInfo } from './areas/users.ts';
export type { Difference } from './audit/difference.ts';
export { connectControl, type RemoteAdmin } from './client.ts';
export { AdminError } from './errors.ts';
export { domainField } from './fields.ts';
export type { ImportRow } from './import.ts';
export type { ControlServer } from './line-server.ts';
export type { ExchangeAdmin, Params, Result, Watched, WatchName } from './methods.ts';
export type { ModeInfo } from './modes.ts';
export { osUser } from './os-user.ts';
export { everything, type Page } from './paging.ts';
export { reachAdmin } from './reach.ts';
export { listenControl } from './server.ts';
export { controlPath } from './socket-path.ts';
export type { WatchEvent } from './watch.ts';
