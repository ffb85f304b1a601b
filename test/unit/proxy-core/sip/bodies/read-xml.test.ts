/** Documents that no honest phone sends: each is refused in a phrase, and soon. */
import { describe, expect, test } from 'vitest';
import { readXml } from '../../../../../proxy-core/sip/bodies/read-xml.ts';
import { XML_LIMITS } from '../../../../../proxy-core/sip/bodies/xml.ts';

const reasonOf = (text: string): string => {
  const read = readXml(text);
  return read.ok ? 'read' : read.reason;
};

describe('XML', () => {
  test('is read with namespaces, attributes and text', () => {
    const read = readXml('<p:a xmlns:p="urn:p" x="1" p:y="2">t<b xmlns="urn:b">&lt;&#x41;</b><![CDATA[<c>]]></p:a>');
    if (!read.ok) throw new Error(read.reason);
    const { root } = read;
    expect([root.name, root.space, root.text, [...root.attributes]]).toEqual(['a', 'urn:p', 't<c>', [['x', '1']]]);
    expect(root.children.map(({ name, space, text }) => [name, space, text])).toEqual([['b', 'urn:b', '<A']]);
  });

  test.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['an element that is not closed', '<a><b></a>'],
    ['an attribute twice', '<a x="1" x="2"/>'],
    ['a prefix that is not bound', '<p:a/>'],
    ['an entity that nobody declared', '<a>&lol;</a>'],
    ['two roots', '<a/><b/>'],
    ['a control character', '<a>\u0001</a>'],
    ['a torn tag', '<a'],
  ])('with %s is not well-formed', (_what, text) => {
    expect(reasonOf(text)).toBe('not well-formed XML');
  });

  test.each([
    ['a billion laughs', `<!DOCTYPE a [<!ENTITY a "ha">${'<!ENTITY b "&a;&a;">'.repeat(30)}]><a>&b;</a>`],
    ['a file of ours', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
  ])('%s is refused for its DOCTYPE', (_what, text) => {
    expect(reasonOf(text)).toBe('XML with a DOCTYPE');
  });

  test('is refused beyond its limits', () => {
    const { depth, elements, attributes } = XML_LIMITS;
    expect(reasonOf('<a>'.repeat(depth) + '</a>'.repeat(depth))).toBe('read');
    expect(reasonOf('<a>'.repeat(depth + 1))).toBe('XML that is too deep');
    expect(reasonOf(`<a>${'<b/>'.repeat(elements)}</a>`)).toBe('XML with too many elements');
    const many = Array.from({ length: attributes + 1 }, (_, i) => `a${i}=""`).join(' ');
    expect(reasonOf(`<a ${many}/>`)).toBe('XML with too many elements');
  });

  test('of a million elements, one in the other, costs no more than the first few', () => {
    const text = '<a>'.repeat(1_000_000);
    const since = performance.now();
    expect(reasonOf(text)).toBe('XML that is too deep');
    expect(performance.now() - since).toBeLessThan(500);
  });
});
