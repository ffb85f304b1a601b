/** No text for people stands in the window's code without a macro. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';
import { expect, it } from 'vitest';

type Node = { readonly type: string } & Record<string, unknown>;

/** Attributes that people read or hear, of elements and of our components. */
const SPOKEN = /^(?:aria-label|aria-description|title|placeholder|alt|label|hint|action|words|name|copy)$/;
const WORDS = /\p{L}{2,}/u;
/** Names are the same in each language, and so are examples of what is typed. */
const SAME_EVERYWHERE = /^(?:Tandem|SRTP,|sip:[\w.;=]+)$/;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

function* unmarked(node: unknown, within: { readonly trans: boolean }): Generator<string> {
  if (Array.isArray(node)) {
    for (const one of node) yield* unmarked(one, within);
    return;
  }
  if (!isNode(node)) return;
  let inside = within;
  if (node.type === 'JSXElement') {
    const { name } = node.openingElement as { name: { name?: string } };
    if (name.name === 'Trans') inside = { trans: true };
  }
  if (node.type === 'JSXText' && !inside.trans && isText(node.value)) yield String(node.value).trim();
  if (node.type === 'JSXAttribute') {
    const { name, value } = node as unknown as { name: { name: unknown }; value: Node | null };
    if (SPOKEN.test(String(name.name)) && value !== null) {
      for (const text of literals(value)) if (isText(text)) yield `${String(name.name)}="${text}"`;
    }
  }
  // What a place in braces may show: a literal, also of a condition.
  for (const child of node.type === 'JSXElement' || node.type === 'JSXFragment' ? (node.children as Node[]) : []) {
    for (const text of literals(child)) if (child.type !== 'Literal' && isText(text)) yield text;
  }
  for (const [key, value] of Object.entries(node)) {
    if (key !== 'type' && typeof value === 'object') yield* unmarked(value, inside);
  }
}

/** The strings that an expression may be. */
function literals(node: unknown): string[] {
  if (!isNode(node)) return [];
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : [];
    case 'JSXExpressionContainer':
      return literals(node.expression);
    case 'ConditionalExpression':
      return [...literals(node.consequent), ...literals(node.alternate)];
    case 'LogicalExpression':
      return literals(node.right);
    case 'TemplateLiteral':
      return (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
    default:
      return [];
  }
}

const isText = (value: unknown): boolean =>
  typeof value === 'string' && WORDS.test(value) && !SAME_EVERYWHERE.test(value.trim());

const found = (code: string): string[] => [...unmarked(parseSync('page.tsx', code).program, { trans: false })];

it('sees text in elements, in attributes and in conditions', () => {
  expect(found('<p>Hello there</p>')).toEqual(['Hello there']);
  expect(found('<Field label="Your name" />')).toEqual(['label="Your name"']);
  expect(found("<p>{a ? 'One thing' : null}</p>")).toEqual(['One thing']);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
  expect(found('<b title={`In use by ${who}`} />')).toEqual(['title="In use by "']);
  expect(found('<p className="a b">{t`Hello`} <Trans>for <b>{name}</b></Trans></p>')).toEqual([]);
});

it.each(
  ['features', 'ui'].flatMap((room) => {
    const folder = join('app/renderer', room);
    return (readdirSync(folder, { recursive: true }) as string[])
      .filter((path) => path.endsWith('.tsx'))
      .map((path) => join(folder, path));
  }),
)('%s', (path) => {
  expect(found(readFileSync(path, 'utf8'))).toEqual([]);
});
