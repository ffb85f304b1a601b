/** Writes a message in fewer bytes: compact header names and no needless space (RFC 3261 §7.3.1, §7.3.3). */
import { type HeaderTable, scanHeaders } from './header-table.ts';
import { compactName, H, type HeaderId } from './names.ts';

/** Shortened last: some programs do not know these short names, and answer without a Via that they could not read. */
const LAST: readonly HeaderId[] = [H.Supported, H.SessionExpires, H.Via];

/**
 * The message in at most `bytes`, with no more of its lines written shorter than that takes; as it was where all of them
 * would not bring it there: less readable would help nobody. Every value and the body stay as they are.
 */
export function fitted(wire: string, bytes: number): string {
  let excess = wire.length - bytes;
  if (excess <= 0) return wire;
  const first = wire.indexOf('\n') + 1;
  const headers = scanHeaders(wire, first);
  if (first === 0 || 'reason' in headers) return wire;
  const lines = Array.from({ length: headers.size }, (_, line) =>
    headers.raw.slice(headers.lineStart(line), headers.lineEnd(line)),
  );
  const inTurn = [...lines.keys()].sort((a, b) => turnOf(headers.idAt(a)) - turnOf(headers.idAt(b)));
  for (const line of inTurn) {
    if (excess <= 0) break;
    const short = shortened(headers, line);
    excess -= (lines[line] ?? '').length - short.length;
    lines[line] = short;
  }
  return excess > 0 ? wire : `${wire.slice(0, first)}${lines.join('\r\n')}\r\n\r\n${wire.slice(headers.bodyStart)}`;
}

const turnOf = (id: HeaderId): number => (compactName(id) === undefined ? 0 : 2 + LAST.indexOf(id));

const shortened = (headers: HeaderTable, line: number): string =>
  `${compactName(headers.idAt(line)) ?? headers.nameAt(line)}:${headers.valueAt(line)}`;
