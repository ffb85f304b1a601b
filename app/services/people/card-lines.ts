/** The lines of one vCard (RFC 6350 §3.3), each with its text as it stands, so that what is not touched stays as it is. */

export interface CardLine {
  /** As it stands, folds and line end among it. */
  readonly raw: string;
  /** In capitals; empty where it is no property. */
  readonly name: string;
  /** Ties lines together, such as `item1`; in small letters. */
  readonly group: string;
  /** Behind the name, with its semicolon, such as `;TYPE=WORK`. */
  readonly params: string;
  /** Unfolded, still escaped. */
  readonly value: string;
}

export function linesOf(text: string): CardLine[] {
  return (text.match(/[^\n]*(?:\n[ \t][^\n]*)*(?:\n|$)/g) ?? []).filter((raw) => raw !== '').map(read);
}

function read(raw: string): CardLine {
  const line = raw.replace(/\r?\n[ \t]/g, '').replace(/\r?\n$/, '');
  const colon = colonOf(line);
  const head = /^(?:([\w-]+)\.)?([\w-]+)(.*)$/s.exec(line.slice(0, Math.max(0, colon)));
  if (head === null) return { raw, name: '', group: '', params: '', value: '' };
  const [, group = '', name = '', params = ''] = head;
  return { raw, name: name.toUpperCase(), group: group.toLowerCase(), params, value: line.slice(colon + 1) };
}

/** The first that does not stand in quotes. */
function colonOf(line: string): number {
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at];
    if (char === '"') quoted = !quoted;
    else if (char === ':' && !quoted) return at;
  }
  return -1;
}

/** A line to be written, folded (§3.2). */
export function lineOf(name: string, params: string, value: string, group = ''): CardLine {
  const line = `${group === '' ? '' : `${group}.`}${name}${params}:${value}`;
  return { raw: `${folded(line)}\r\n`, name, group, params, value };
}

/** In lines of at most 75 octets, never within a character. */
function folded(line: string): string {
  if (/^[\x20-\x7e]*$/.test(line)) return line.replace(/.{74}(?=.)/g, '$&\r\n ');
  let room = 74;
  let text = '';
  for (const char of line) {
    const size = Buffer.byteLength(char);
    if (size > room) {
      text += '\r\n ';
      room = 74;
    }
    text += char;
    room -= size;
  }
  return text;
}

export const escapedText = (text: string): string => text.replace(/[\\,;]/g, '\\$&').replace(/\r?\n/g, '\\n');

export const plainText = (value: string): string =>
  value.replace(/\\(.)/gs, (_, char: string) => (char === 'n' || char === 'N' ? '\n' : char));

/** The parts of a structured value, still escaped. */
export function partsOf(value: string): string[] {
  const parts = [''];
  for (const [piece] of value.matchAll(/\\.|;|[^;\\]+|\\/gs)) {
    if (piece === ';') parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts;
}
