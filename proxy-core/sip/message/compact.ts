/** Writes a message in fewer bytes: compact header names and no needless space (RFC 3261 §7.3.1, §7.3.3). */
import { scanHeaders } from './header-table.ts';
import { compactName } from './names.ts';

/** The same message with compact names; every value and the body stay as they are. */
export function compacted(wire: string): string {
  const first = wire.indexOf('\n') + 1;
  const headers = scanHeaders(wire, first);
  if (first === 0 || 'reason' in headers) return wire;
  let text = wire.slice(0, first);
  for (let line = 0; line < headers.size; line++) {
    text += `${compactName(headers.idAt(line)) ?? headers.nameAt(line)}:${headers.valueAt(line)}\r\n`;
  }
  return `${text}\r\n${wire.slice(headers.bodyStart)}`;
}

/** The message in at most `bytes`, where compact names bring it there; else as it was: less readable would help nobody. */
export function fitted(wire: string, bytes: number): string {
  if (wire.length <= bytes) return wire;
  const shorter = compacted(wire);
  return shorter.length <= bytes ? shorter : wire;
}
