/**
 * Everything that can be asked of an exchange from outside SIP: the areas joined. The command line, the control socket
 * and the desktop program are derived from this table.
 */
import type * as v from 'valibot';
import { aliasesArea } from './areas/aliases.ts';
import { auditArea } from './areas/audit.ts';
import { bansArea } from './areas/bans.ts';
import { callsArea } from './areas/calls.ts';
import { devicesArea } from './areas/devices.ts';
import { domainsArea } from './areas/domains.ts';
import { forwardsArea } from './areas/forwards.ts';
import { invitesArea } from './areas/invites.ts';
import { locationArea } from './areas/location.ts';
import { messagesArea } from './areas/messages.ts';
import { presenceArea } from './areas/presence.ts';
import { recordsArea } from './areas/records.ts';
import { refusalsArea } from './areas/refusals.ts';
import { settingsArea } from './areas/settings.ts';
import { statsArea } from './areas/stats.ts';
import { statusArea } from './areas/status.ts';
import { subscriptionsArea } from './areas/subscriptions.ts';
import { traceArea } from './areas/trace.ts';
import { trustArea } from './areas/trust.ts';
import { userRecordsArea } from './areas/user-records.ts';
import { usersArea } from './areas/users.ts';
import { whyArea } from './areas/why.ts';
import type { WatchEvent } from './watch.ts';

export const methods = {
  ...usersArea,
  ...userRecordsArea,
  ...devicesArea,
  ...invitesArea,
  ...aliasesArea,
  ...domainsArea,
  ...locationArea,
  ...forwardsArea,
  ...messagesArea,
  ...bansArea,
  ...refusalsArea,
  ...trustArea,
  ...presenceArea,
  ...subscriptionsArea,
  ...callsArea,
  ...recordsArea,
  ...statusArea,
  ...statsArea,
  ...traceArea,
  ...whyArea,
  ...auditArea,
  ...settingsArea,
} as const;

export type Methods = typeof methods;
export type MethodName = keyof Methods;
export type Params<M extends MethodName> = v.InferInput<Methods[M]['params']>;
export type Result<M extends MethodName> = Awaited<ReturnType<Methods[M]['handle']>>;

/** Listings that can be watched. */
export type WatchName = { [M in MethodName]: Methods[M] extends { readonly watch: unknown } ? M : never }[MethodName];
export type Watched<M extends WatchName> = NonNullable<ReturnType<Methods[M]['watch']['one']>>;

export interface WatchOptions {
  /** Whether what is there is told first; it is unless this says no. */
  readonly snapshot?: boolean;
  /** Ends the watch. */
  readonly signal?: AbortSignal;
}

/** An exchange's administration, in this process or at the other end of a control socket. */
export interface ExchangeAdmin {
  /** @throws AdminError with one sentence for a person. */
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
  /**
   * What a listing has and how it changes, for as long as it is read. Of `params` the filters count.
   * @throws AdminError, also when the connection to the exchange ends.
   */
  watch<M extends WatchName>(
    method: M,
    params: Params<M>,
    options?: WatchOptions,
  ): AsyncGenerator<WatchEvent<Watched<M>>>;
}
