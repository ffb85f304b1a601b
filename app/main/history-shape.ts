/** What the main process accepts as a call that was, and as a question for such calls. */
import * as v from 'valibot';
import {
  CALL_ENDS,
  HISTORY_KINDS,
  MAX_CALLS,
  MAX_FOUND_NUMBERS,
  MAX_RECORDINGS,
  MAX_SOUGHT,
} from '../shared/history.ts';

/** What a peer calls itself may be anything and of any length: it is kept as a line that fits. */
const line = (max: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => text.replace(/\p{Cc}+/gu, ' ').slice(0, max)),
  );
export const idShape = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const moment = v.pipe(v.number(), v.integer(), v.minValue(0));
const figure = v.pipe(v.number(), v.minValue(0));
const sound = v.nullable(v.object({ lossPercent: figure, jitterMs: figure, mos: figure }));

export const callShape = v.object({
  id: idShape,
  accountId: idShape,
  direction: v.picklist(['outgoing', 'incoming']),
  peer: v.object({ name: line(200), number: line(200), uri: line(500) }),
  startedAt: moment,
  answeredAt: v.nullable(moment),
  endedAt: moment,
  end: v.picklist(CALL_ENDS),
  reason: line(500),
  quality: v.nullable(
    v.object({
      codec: line(50),
      protection: line(50),
      here: sound,
      there: sound,
      roundTripMs: v.nullable(figure),
    }),
  ),
  recordings: v.pipe(
    v.array(v.object({ id: idShape, seconds: v.nullable(figure), fault: line(300) })),
    v.maxLength(MAX_RECORDINGS),
  ),
});

export const filterShape = v.object({
  kind: v.picklist(HISTORY_KINDS),
  accountId: v.pipe(v.string(), v.maxLength(100)),
  text: v.pipe(v.string(), v.maxLength(MAX_SOUGHT)),
  numbers: v.pipe(v.array(v.pipe(v.string(), v.maxLength(MAX_SOUGHT))), v.maxLength(MAX_FOUND_NUMBERS)),
});

export const questionShape = v.object({
  filter: filterShape,
  after: v.nullable(v.object({ startedAt: moment, id: idShape })),
  skip: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 * MAX_CALLS)),
});
