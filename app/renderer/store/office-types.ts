/** What the listings of the exchange hold and take, by their names. */
import type { OfficeParams, Result } from '../../shared/office-admin.ts';
import type { ListName } from './office-admin.ts';

export type ListItem<M extends ListName> = Result<M> extends { readonly items: readonly (infer Item)[] } ? Item : never;

/** What is wanted of it; where a page begins is the list's own affair. */
export type ListQuery<M extends ListName> = Omit<OfficeParams<M>, 'after' | 'limit'>;

export type AliasInfo = ListItem<'aliases.list'>;
export type BanInfo = ListItem<'bans.list'>;
export type RefusalInfo = ListItem<'refusals.list'>;
export type NetworkInfo = ListItem<'trust.list'>;
export type RestlessPhone = Result<'location.restless'>[number];
export type {
  AuditInfo,
  CallInfo,
  Difference,
  HandlingInfo,
  RecordFilter,
  RecordInfo,
  SettingInfo,
  UserInfo,
} from '../../shared/office-admin.ts';
export type NewInvite = Result<'invites.add'>;
export type { KindChange, MadeBackup, ReadBackup } from '../../shared/office-backup.ts';
export type BindingInfo = ListItem<'location.list'>;
export type DeviceInfo = ListItem<'devices.list'>;
export type KeptMessage = ListItem<'messages.list'>;
export type WatchRule = Result<'presence.rule'>;
export type WebhookInfo = Result<'records.webhook'>;
export type LampInfo = ListItem<'presence.list'>;
export type WatchList = ListItem<'lists.list'>;
export type WatcherInfo = ListItem<'subscriptions.list'>;
export type ExchangeMode = Result<'users.mode'>['inEffect'];
export type Stats = Result<'stats'>;
export type OfficeStatus = Result<'status'>;
export type TracedCall = Result<'trace.list'>[number];
export type { OfficeParams };

/** A call as a diagram: who took part, and every message between them and the exchange. */
export type Ladder = Result<'trace.ladder'>;
export type LadderHop = Ladder['hops'][number];
export type LadderArrow = Ladder['arrows'][number];
/** A message with its text, secrets masked, lines ended by line feeds alone. */
export type LadderMessage = Result<'trace.show'>[number];
export type WhyReason = Result<'why'>['reasons'][number];
