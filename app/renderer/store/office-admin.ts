/** The exchange's administration as the window asks it: typed by the exchange's own methods, every answer an Outcome. */
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { OfficeMethod, OfficeParams, Result, WatchEvent, Watched, WatchName } from '../../shared/office-admin.ts';
import type { Client } from '../../shared/schema.ts';
import { ask } from './ask.ts';
import type { Outcome } from './types.ts';

/** A listing that can be shown here. */
export type ListName = WatchName & OfficeMethod;

export interface OfficeWatch<Item> {
  /** Waits for changes; none once it is closed. */
  next(): Promise<Outcome<readonly WatchEvent<Item>[]>>;
  close(): void;
}

export interface OfficeAdmin {
  ask<M extends OfficeMethod>(method: M, params: OfficeParams<M>): Promise<Outcome<Result<M>>>;
  /** What changes of a listing from now on. */
  watch<M extends ListName>(method: M, params: OfficeParams<M>): Promise<Outcome<OfficeWatch<Watched<M>>>>;
}

export function createOfficeAdmin(bridge: Pick<Client<BridgeSchema>, 'office'>): OfficeAdmin {
  const { office } = bridge;
  return {
    // The exchange answers what its own table says of this method.
    ask: (method, params) => ask(() => office.ask({ method, params })) as never,
    async watch(method, params) {
      const opened = await ask(() => office.watch({ method, params }));
      if (!opened.ok) return opened;
      const which = { watch: opened.value };
      return {
        ok: true,
        value: {
          next: () => ask(() => office.next(which)) as never,
          close: () => void ask(() => office.unwatch(which)),
        },
      };
    },
  };
}
