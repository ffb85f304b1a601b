/** The listings that are about calls. */
import type { ListSpec } from '../../../store/office-list.ts';

const keyOf = ({ id }: { readonly id: number }): string => String(id);

export const callList: ListSpec<'calls.list'> = { method: 'calls.list', keyOf, newestFirst: true };
export const recordList: ListSpec<'records.list'> = { method: 'records.list', keyOf, newestFirst: true };
