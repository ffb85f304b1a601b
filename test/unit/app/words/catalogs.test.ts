/** No text is left out: the catalogs have what the code says, and Russian and Czech have all of it, whole. */
import { getCatalogs } from '@lingui/cli/api';
import { getConfig } from '@lingui/conf';
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import { beforeAll, describe, expect, it } from 'vitest';

/** What tells a sentence of another room from a text of the window (scripts/words/extractor.mjs). */
const SAID = 'said';

type Tokens = ReturnType<typeof compileMessageOrThrow>;

const FORMS = {
  en: ['one', 'other'],
  ru: ['one', 'few', 'many', 'other'],
  cs: ['one', 'few', 'many', 'other'],
} as const;

interface Shape {
  readonly places: string[];
  /** The forms of each plural, by what it counts. */
  readonly plurals: Record<string, string[]>;
}

/** What stands open in a message, in the order of the alphabet. */
function shapeOf(tokens: Tokens, shape: Shape = { places: [], plurals: {} }): Shape {
  for (const token of Array.isArray(tokens) ? tokens : []) {
    if (!Array.isArray(token)) continue;
    const [name, kind, forms] = token as [string, string?, Record<string, Tokens>?];
    shape.places.push(name);
    if (kind === 'plural' && forms)
      shape.plurals[name] = Object.keys(forms)
        .filter((form) => form !== 'offset')
        .sort();
  }
  shape.places.sort();
  return shape;
}

const tags = (text: string): string[] => [...text.matchAll(/<\/?\d+\/?>/g)].map(([tag]) => tag).sort();

const normal = getConfig({ cwd: process.cwd() });
let inCode: Record<string, { message?: string }> = {};
const known: Record<
  string,
  Record<string, { message?: string; context?: string; translation: string; obsolete?: boolean }>
> = {};

beforeAll(async () => {
  const [catalog] = await getCatalogs(normal);
  inCode = (await catalog?.collect()) ?? {};
  for (const language of Object.keys(FORMS)) known[language] = (await catalog?.read(language)) ?? {};
}, 60_000);

it('finds the texts of the window and the sentences of the other rooms', () => {
  const messages = Object.values(inCode).map(({ message }) => message);
  expect(messages).toContain('Hang up');
  expect(messages).toContain('{who} is busy.');
});

describe.each(['en', 'ru', 'cs'] as const)('the catalog %s', (language) => {
  it('has every text of the code and no other: `npm run words` brings it up to date', () => {
    const texts = (ids: string[], from: Record<string, { message?: string }>) =>
      ids.map((id) => from[id]?.message ?? id);
    const catalog = known[language] ?? {};
    expect(
      texts(
        Object.keys(inCode).filter((id) => catalog[id] === undefined),
        inCode,
      ),
    ).toEqual([]);
    expect(
      texts(
        Object.keys(catalog).filter((id) => inCode[id] === undefined),
        catalog,
      ),
    ).toEqual([]);
  });

  it('has a translation of each', () => {
    const bare = Object.values(known[language] ?? {}).filter(({ translation }) => translation === '');
    expect(bare.map(({ message }) => message)).toEqual([]);
  });

  it('keeps the open places of each, and has every form that the language counts with', () => {
    for (const { message = '', translation, context } of Object.values(known[language] ?? {})) {
      const [here, there] = [message, translation].map((text) => shapeOf(compileMessageOrThrow(text)));
      expect({ message, places: there?.places, tags: tags(translation) }).toEqual({
        message,
        places: here?.places,
        tags: tags(message),
      });
      // English from another room has a number where the translation may count.
      const counted = Object.keys(there?.plurals ?? {});
      expect(context === SAID ? here?.places : Object.keys(here?.plurals ?? {}), message).toEqual(
        context === SAID ? expect.arrayContaining(counted) : counted,
      );
      for (const forms of Object.values(there?.plurals ?? {}))
        expect(forms, message).toEqual([...FORMS[language]].sort());
    }
  });
});
