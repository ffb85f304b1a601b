/**
 * The envelope of an instant message (RFC 3862): headers with namespaces, the headers of what is in it, and that. Names are
 * told apart by case (§2.1). What is read is bounded, and what does not fit is no envelope.
 */

export interface Cpim {
  /** Lines of the envelope, by the namespace of their prefix (empty for those without one) and name. */
  readonly headers: readonly CpimHeader[];
  readonly content: string;
}

export interface CpimHeader {
  /** A URN or URI; empty for the headers of RFC 3862 itself. */
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

const MAX_HEAD = 8_192;
const MAX_LINES = 64;
const BLANK = /\r?\n\r?\n/;
const LINE = /^(?:([A-Za-z][\w-]*)\.)?([A-Za-z][\w-]*):[ \t]*(.*)$/;
const NAMESPACE = /^(?:([A-Za-z][\w-]*)[ \t]+)?<([^<>]{1,256})>$/;

/** Undefined where the body is no such envelope. */
export function parseCpim(body: string): Cpim | undefined {
  const end = BLANK.exec(body.slice(0, MAX_HEAD));
  if (end === null) return undefined;
  const lines = body.slice(0, end.index).split(/\r?\n/);
  if (lines.length > MAX_LINES) return undefined;
  const headers: CpimHeader[] = [];
  // `NS: <…>` without a prefix changes what names without one mean (§3.4).
  const namespaces = new Map<string, string>();
  for (const line of lines) {
    const [, prefix = '', name, value = ''] = LINE.exec(line) ?? [];
    if (name === undefined) return undefined;
    if (prefix === '' && name === 'NS') {
      const [, named = '', uri] = NAMESPACE.exec(value.trim()) ?? [];
      if (uri === undefined) return undefined;
      namespaces.set(named, uri);
      continue;
    }
    const namespace = namespaces.get(prefix);
    // A prefix that nobody declared says nothing.
    if (namespace === undefined && prefix !== '') continue;
    headers.push({ namespace: namespace ?? '', name, value: value.trim() });
  }
  return { headers, content: body.slice(end.index + end[0].length) };
}

/** The first header of this name, undefined where there is none. */
export function cpimHeader({ headers }: Cpim, namespace: string, name: string): string | undefined {
  return headers.find((header) => header.namespace === namespace && header.name === name)?.value;
}

/** The address in a From or To, `Name <uri>` or `<uri>`. */
export const cpimAddress = (value: string): string | undefined => /<([^<>\s]{1,512})>\s*$/.exec(value)?.[1];

/** What is in the envelope: its type, in lower case and without parameters, and the bytes after its headers. */
export function cpimPart({ content }: Cpim): { readonly type: string; readonly content: string } | undefined {
  const end = BLANK.exec(content.slice(0, MAX_HEAD));
  if (end === null) return undefined;
  const line = content
    .slice(0, end.index)
    .split(/\r?\n/, MAX_LINES)
    .find((one) => /^content-type[ \t]*:/i.test(one));
  const type = line?.slice(line.indexOf(':') + 1).split(';', 1)[0];
  if (type === undefined) return undefined;
  return { type: type.trim().toLowerCase(), content: content.slice(end.index + end[0].length) };
}
