/** What a ladder shows of each message: between which columns its arrow goes, of what kind it is, and how long before it nothing came. */
import type { Ladder, LadderArrow } from '../../../store/office-types.ts';

/** How a row is coloured: an ask, an answer on the way, a yes, an ask for the password, elsewhere, a no. */
export type RowKind = 'request' | 'progress' | 'success' | 'challenge' | 'redirect' | 'failure' | 'unreadable';

export interface LadderRow {
  readonly arrow: LadderArrow;
  /** Columns, from 0. */
  readonly from: number;
  readonly to: number;
  readonly kind: RowKind;
  /** ms in which nothing passed before it; absent where that is too short to be seen. */
  readonly pause?: number;
}

/** From here on a person notices that nothing happens. */
const PAUSE_MS = 500;

export function rowsOf({ hops, arrows }: Ladder): readonly LadderRow[] {
  const columns = new Map(hops.map(({ id }, column) => [id, column]));
  return arrows.map((arrow) => ({
    arrow,
    from: columns.get(arrow.fromHop) ?? 0,
    to: columns.get(arrow.toHop) ?? 0,
    kind: kindOf(arrow),
    ...(arrow.delay >= PAUSE_MS && { pause: arrow.delay }),
  }));
}

function kindOf({ handled, status }: LadderArrow): RowKind {
  if (handled === 'unreadable' || handled === 'refused') return 'unreadable';
  if (status === undefined) return 'request';
  if (status < 200) return 'progress';
  if (status < 300) return 'success';
  if (status < 400) return 'redirect';
  // 401 and 407 ask for a password, 423 and 428 for other words: none of it is the end.
  return status === 401 || status === 407 || status === 423 || status === 428 ? 'challenge' : 'failure';
}
