/** The diagram: a column for each phone and one for the exchange, a row with an arrow for each message, oldest first. */
import { t } from '@lingui/core/macro';
import type { KeyboardEvent } from 'react';
import type { LadderHop } from '../../../store/office-types.ts';
import { RowButton } from '../../../ui/row-button.tsx';
import { columnAddress } from './picture.ts';
import { labelOf, meaningWords, pauseWords, sentenceOf, timeWords } from './row-words.ts';
import type { LadderRow } from './rows.ts';

/** px of the times, and of a column at least: what is narrower is scrolled. */
const TIME = 72;
const COLUMN = 144;

export interface DiagramProps {
  readonly hops: readonly LadderHop[];
  readonly rows: readonly LadderRow[];
  /** Ids of the messages by which the failure is known. */
  readonly marked: ReadonlySet<number>;
  readonly chosen: number | undefined;
  onChoose(id: number): void;
}

export function Diagram({ hops, rows, marked, chosen, onChoose }: DiagramProps) {
  const tracks = { gridTemplateColumns: `${TIME}px repeat(${hops.length * 2}, minmax(0, 1fr))` };
  return (
    <div className="ladder">
      <div className="ladder-sheet" style={{ minWidth: TIME + COLUMN * hops.length }}>
        <div className="ladder-hops" style={tracks} aria-hidden="true">
          {hops.map((hop, column) => (
            <div key={hop.id} className="ladder-hop" style={{ gridColumn: `${column * 2 + 2} / span 2` }}>
              <b>{hop.name || hop.id}</b>
              <span>{hop.name === '' ? '' : columnAddress(hop.id)}</span>
              <span>{hop.userAgent}</span>
            </div>
          ))}
        </div>
        <div className="ladder-body">
          <div className="ladder-lines" style={tracks} aria-hidden="true">
            {hops.map((hop, column) => (
              <i key={hop.id} style={{ gridColumn: column * 2 + 3 }} />
            ))}
          </div>
          <ol className="ladder-rows" aria-label={t`Messages, the oldest first`} onKeyDown={walk}>
            {rows.map((row) => (
              <li key={row.arrow.id}>
                {row.pause === undefined ? null : <p className="ladder-pause">{pauseWords(row.pause)}</p>}
                <div
                  className="ladder-message row-pressed"
                  style={tracks}
                  data-kind={row.kind}
                  data-repeated={row.arrow.handled === 'repeated' ? '' : undefined}
                  data-marked={marked.has(row.arrow.id) ? '' : undefined}
                >
                  <RowButton
                    label={sentenceOf(row, hops)}
                    pressed={row.arrow.id === chosen}
                    onClick={() => onChoose(row.arrow.id)}
                  />
                  <span className="ladder-time" aria-hidden="true">
                    {timeWords(row)}
                  </span>
                  <span
                    className="ladder-arrow"
                    aria-hidden="true"
                    data-leftwards={row.to < row.from ? '' : undefined}
                    style={{
                      gridColumn: `${Math.min(row.from, row.to) * 2 + 3} / ${Math.max(row.from, row.to) * 2 + 3}`,
                    }}
                  >
                    <b>{labelOf(row)}</b>
                    <i />
                    <span>{meaningWords(row)}</span>
                  </span>
                </div>
              </li>
            ))}
          </ol>
        </div>
      </div>
    </div>
  );
}

/** The arrow keys, Home and End go from message to message. */
function walk(event: KeyboardEvent<HTMLOListElement>): void {
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined || at < 0) return;
  event.preventDefault();
  all[Math.min(Math.max(next, 0), all.length - 1)]?.focus();
}
