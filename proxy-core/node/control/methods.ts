/**
 * Everything that can be asked of an exchange from outside SIP: the areas joined. The command line, the control socket
 * and the desktop program are derived from this table.
 */
import type * as v from 'valibot';
import { aliasesArea } from './areas/aliases.ts';
import { bansArea } from './areas/bans.ts';
import { devicesArea } from './areas/devices.ts';
import { domainsArea } from './areas/domains.ts';
import { forwardsArea } from './areas/forwards.ts';
import { locationArea } from './areas/location.ts';
import { messagesArea } from './areas/messages.ts';
import { presenceArea } from './areas/presence.ts';
import { statusArea } from './areas/status.ts';
import { subscriptionsArea } from './areas/subscriptions.ts';
import { traceArea } from './areas/trace.ts';
import { userRecordsArea } from './areas/user-records.ts';
import { usersArea } from './areas/users.ts';
import { whyArea } from './areas/why.ts';

export const methods = {
  ...usersArea,
  ...userRecordsArea,
  ...devicesArea,
  ...aliasesArea,
  ...domainsArea,
  ...locationArea,
  ...forwardsArea,
  ...messagesArea,
  ...bansArea,
  ...presenceArea,
  ...subscriptionsArea,
  ...statusArea,
  ...traceArea,
  ...whyArea,
} as const;

export type Methods = typeof methods;
export type MethodName = keyof Methods;
export type Params<M extends MethodName> = v.InferInput<Methods[M]['params']>;
export type Result<M extends MethodName> = Awaited<ReturnType<Methods[M]['handle']>>;

/** An exchange's administration, in this process or at the other end of a control socket. */
export interface ExchangeAdmin {
  /** @throws AdminError with one sentence for a person. */
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
}
