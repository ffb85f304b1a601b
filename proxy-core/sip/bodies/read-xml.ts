/** The XML reader port on saxes: no entities but the five of XML, no DOCTYPE, and no more than `XML_LIMITS`. */
import { SaxesParser } from 'saxes';
import { type ReadXml, XML_LIMITS, type XmlElement, type XmlRead } from './xml.ts';

interface Open {
  readonly name: string;
  readonly space: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/** Ends the reading at once: saxes itself would go on to the end of the text. */
class Refusal extends Error {
  override readonly name = 'Refusal';
}

export const readXml: ReadXml = (text): XmlRead => {
  try {
    return { ok: true, root: parse(text) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.message };
    throw error;
  }
};

function parse(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: Open[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  let attributes = 0;
  parser.on('error', () => refuse('not well-formed XML'));
  parser.on('doctype', () => refuse('XML with a DOCTYPE'));
  parser.on('opentag', (tag) => {
    const given = Object.values(tag.attributes);
    attributes += given.length;
    if (++elements > XML_LIMITS.elements || attributes > XML_LIMITS.attributes) refuse('XML with too many elements');
    if (open.length >= XML_LIMITS.depth) refuse('XML that is too deep');
    const element: Open = {
      ...{ name: tag.local, space: tag.uri, children: [], text: '' },
      attributes: new Map(given.filter(({ prefix }) => prefix === '').map(({ local, value }) => [local, value])),
    };
    open.at(-1)?.children.push(element);
    open.push(element);
    root ??= element;
  });
  parser.on('closetag', () => void open.pop());
  const add = (more: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += more;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.write(text).close();
  return root ?? refuse('not well-formed XML');
}

function refuse(reason: string): never {
  throw new Refusal(reason);
}
