/** What the exchange does for phones behind NATs, held together. */
import type { Settings } from '../settings.ts';
import type { FlowTokens } from './flow-token.ts';
import type { KeepAlive } from './keep-alive.ts';
import type { RelayCalls } from './relay-calls.ts';

export interface Nat {
  readonly settings: Pick<Settings, 'relay'>;
  readonly flows: FlowTokens;
  /** Undefined where no media can be relayed. */
  readonly calls: RelayCalls | undefined;
  /** Undefined where no phone is pinged. */
  readonly keepAlive: KeepAlive | undefined;
}
