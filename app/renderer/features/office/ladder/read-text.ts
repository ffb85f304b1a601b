/** Takes the text of a message apart for reading: its first line, its header fields by their long names, the lines of its body. */

export interface HeaderField {
  /** As the RFCs write it; of a short form the long name. */
  readonly name: string;
  readonly value: string;
}

export interface ReadText {
  readonly start: string;
  readonly fields: readonly HeaderField[];
  readonly body: readonly string[];
  /** In lower case, without parameters; empty where there is none. */
  readonly bodyType: string;
}

/** RFC 3261 §7.3.3 and the registry of header fields. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  d: 'Request-Disposition',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  j: 'Reject-Contact',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
  y: 'Identity',
};

/** @param text line feeds alone, as the exchange shows messages. */
export function readText(text: string): ReadText {
  const end = text.indexOf('\n\n');
  const head = (end < 0 ? text : text.slice(0, end)).split('\n');
  const rest = end < 0 ? '' : text.slice(end + 2);
  const fields: HeaderField[] = [];
  for (const line of head.slice(1)) {
    const last = fields.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) {
      fields[fields.length - 1] = { name: last.name, value: `${last.value} ${line.trim()}` };
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 0) {
      if (line.trim() !== '') fields.push({ name: '', value: line });
      continue;
    }
    const name = line.slice(0, colon).trim();
    fields.push({ name: LONG_NAMES[name.toLowerCase()] ?? name, value: line.slice(colon + 1).trim() });
  }
  const type = fields.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';
  const body = rest.replace(/\n+$/, '');
  return {
    start: head[0] ?? '',
    fields,
    body: body === '' ? [] : body.split('\n'),
    bodyType: (type.split(';')[0] ?? '').trim().toLowerCase(),
  };
}
