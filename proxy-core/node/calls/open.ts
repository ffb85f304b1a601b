/** The book of calls of a running exchange, its records and its webhook, put together. */
import { Calls, type CallsOptions } from '../../server/calls/calls.ts';
import { RecordKeeper } from '../../server/calls/record-keeper.ts';
import type { ExchangeLog } from '../../server/exchange-log.ts';
import type { Store } from '../store/index.ts';
import { CallWebhook } from './webhook.ts';

export interface RunningCallsOptions extends Pick<CallsOptions, 'clock' | 'settings'> {
  readonly log: ExchangeLog;
  readonly store: Store;
  /** Nothing but this machine may be reached. */
  readonly loopback: boolean;
}

export interface RunningCalls {
  readonly book: Calls;
  close(): void;
}

export function openCalls({ clock, log, settings, store, loopback }: RunningCallsOptions): RunningCalls {
  const { records } = store.calls;
  const book = new Calls({
    ...{ clock, log, settings, locations: store.location },
    quality: (callId, aor, report) => records.addQuality(callId, aor, report),
  });
  for (const call of records.open()) if (!book.restore(call)) records.forgetOpen(call.id);
  book.listen(new RecordKeeper(records));
  const { feed } = store;
  book.listen({
    changed: ({ id, state }) => {
      if (feed.isWatched('calls')) feed.changed('calls', String(id), state === 'ended' ? 'removed' : 'changed');
    },
  });
  const webhook = new CallWebhook({ calls: store.calls, loopback, log });
  return {
    book,
    close: () => {
      book.close();
      webhook.close();
    },
  };
}
