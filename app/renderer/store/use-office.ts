/** Lists and answers of the exchange for a component: read while it is shown. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { OfficeMethod, OfficeParams, Result } from '../../shared/office-admin.ts';
import { useStores } from './context.tsx';
import type { ListName } from './office-admin.ts';
import { type AnswerView, createOfficeAnswer } from './office-answer.ts';
import { createOfficeList, type ListSpec, type ListView } from './office-list.ts';
import type { ListItem, ListQuery } from './office-types.ts';

export interface ShownList<M extends ListName> extends ListView<ListItem<M>> {
  /** Another one where something else is asked for. */
  readonly asked: string;
  more(): void;
  again(): void;
}

/** @param spec one that is the same at every rendering. */
export function useOfficeList<M extends ListName>(spec: ListSpec<M>, query: ListQuery<M>): ShownList<M> {
  const { officePorts } = useStores();
  const [list] = useState(() => createOfficeList(officePorts, spec, query));
  useEffect(() => list.aim(query));
  useEffect(() => list.follow(), [list]);
  return { ...useStore(list), asked: JSON.stringify(query), more: () => void list.more(), again: () => list.again() };
}

/** @param params are those of the first rendering: give the component a key where they change. */
export function useOfficeAnswer<M extends OfficeMethod>(
  method: M,
  params: OfficeParams<M>,
  everyMs?: number,
): AnswerView<Result<M>> {
  const { officePorts } = useStores();
  const [answer] = useState(() => createOfficeAnswer(officePorts, method, params));
  useEffect(() => answer.follow(everyMs), [answer, everyMs]);
  return useStore(answer);
}
