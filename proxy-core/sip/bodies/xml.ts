/** XML as the event packages need it: text made safe to write, and what a reader of documents gives. */

/** One element with what stands in it; names without prefix. */
export interface XmlElement {
  readonly name: string;
  /** Its namespace; empty where there is none. */
  readonly space: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, that of its children not included. */
  readonly text: string;
}

export type XmlRead =
  | { readonly ok: true; readonly root: XmlElement }
  /** `reason` is one short phrase for whoever sent it. */
  | { readonly ok: false; readonly reason: string };

/**
 * Reads a document of some kB. A port: whoever implements it expands no entities, refuses a DOCTYPE, and stops at
 * `XML_LIMITS`, so that nothing costs more than its bytes.
 */
export type ReadXml = (bytes: string) => XmlRead;

export const XML_LIMITS = { depth: 32, elements: 2_000, attributes: 4_000 } as const;

export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * Text for an element or an attribute in double quotes, in ASCII: what is outside stands as character references, and
 * what XML cannot carry at all becomes a question mark.
 */
export function escaped(text: string): string {
  return text.replace(/[^ !#-%(-;=?-~]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    const isBare = code < 32 || (code > 126 && code < 160) || (code >= 0xd800 && code < 0xe000) || code >= 0xfffe;
    return isBare && code < 0x10000 ? '?' : `&#${code};`;
  });
}
