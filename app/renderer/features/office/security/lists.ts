/** The listings that are about strangers. */
import type { ListSpec } from '../../../store/office-list.ts';

/** Each new refusal moves its row to the top. */
export const refusalList: ListSpec<'refusals.list'> = {
  method: 'refusals.list',
  keyOf: ({ key }) => key,
  grouped: true,
};
export const networkList: ListSpec<'trust.list'> = { method: 'trust.list', keyOf: ({ network }) => network };
