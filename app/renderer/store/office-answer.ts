/** One answer of the exchange, asked for again from time to time while somebody looks at it. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { OfficeMethod, OfficeParams, Result } from '../../shared/office-admin.ts';
import type { Timer } from './clock.ts';
import type { ListPorts } from './office-list.ts';

export type AnswerView<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly reason: string };

export interface OfficeAnswer<T> extends StoreApi<AnswerView<T>> {
  /** Asks now, and every so many ms, while the office is on, until the returned function is called. */
  follow(everyMs?: number): () => void;
}

export function createOfficeAnswer<M extends OfficeMethod>(
  { admin, office, clock }: ListPorts,
  method: M,
  params: OfficeParams<M>,
): OfficeAnswer<Result<M>> {
  const store = createStore<AnswerView<Result<M>>>()(() => ({ state: 'loading' }));
  return Object.assign(store, {
    follow(everyMs?: number) {
      let isWanted = true;
      let timer: Timer | undefined;
      /** Only the last round goes on: one that was under way when the office came back would be a second loop. */
      let last = 0;
      const round = async (): Promise<void> => {
        const mine = ++last;
        if (office.getState().office?.state === 'on') {
          const answer = await admin.ask(method, params);
          if (!isWanted || mine !== last) return;
          if (answer.ok) store.setState({ state: 'ready', value: answer.value }, true);
          else store.setState({ state: 'failed', reason: answer.reason }, true);
        }
        if (everyMs !== undefined) timer = clock.after(everyMs, () => void round());
      };
      void round();
      const release = office.subscribe((state, before) => {
        if (state.office?.state === before.office?.state || state.office?.state !== 'on') return;
        timer?.cancel();
        void round();
      });
      return () => {
        isWanted = false;
        timer?.cancel();
        release();
      };
    },
  });
}
