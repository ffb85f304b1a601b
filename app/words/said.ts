/**
 * Translates sentences that were made elsewhere: by the softphone, the services, the main process and the exchange. They
 * speak English, which goes to logs, to scripts and to disk as it is; the window finds the sentence again by its words
 * and puts the values that stood in it into the translation. What is not known stays as it came.
 */
import { i18n, saidInEnglish } from './language.ts';

interface Template {
  readonly id: string;
  readonly names: readonly string[];
  readonly pattern: RegExp;
  /** The longest piece that is always there: nothing else has to be matched. */
  readonly piece: string;
}

interface Book {
  readonly of: ReturnType<typeof saidInEnglish>;
  readonly plain: ReadonlyMap<string, string>;
  readonly templates: readonly Template[];
  /** What was asked before. */
  readonly known: Map<string, string>;
}

const MOST_KNOWN = 500;
const LONGEST = 2_000;
/** A value may be a sentence itself, and that have one in it. */
const DEEPEST = 3;

let book: Book | undefined;

/** `text` in the language of this process. */
export function said(text: string): string {
  const sentences = saidInEnglish();
  if (sentences.length === 0 || text.length > LONGEST) return text;
  if (book?.of !== sentences) book = read(sentences);
  const known = book.known.get(text);
  if (known !== undefined) return known;
  const translated = find(text, book, 0) ?? text;
  if (book.known.size >= MOST_KNOWN) book.known.clear();
  book.known.set(text, translated);
  return translated;
}

function read(of: Book['of']): Book {
  const plain = new Map<string, string>();
  const templates: Template[] = [];
  for (const [english, id] of of) {
    const pieces = english.split(/\{(\w+)\}/);
    if (pieces.length === 1) {
      plain.set(english, id);
      continue;
    }
    const fixed = pieces.filter((_, index) => index % 2 === 0);
    templates.push({
      id,
      names: pieces.filter((_, index) => index % 2 === 1),
      pattern: new RegExp(`^${fixed.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.+?)')}$`, 's'),
      piece: fixed.reduce((longest, piece) => (piece.length > longest.length ? piece : longest), ''),
    });
  }
  // Who says more himself leaves less to guess.
  const length = ({ pattern, names }: Template) => pattern.source.length - 5 * names.length;
  templates.sort((a, b) => length(b) - length(a));
  return { of, plain, templates, known: new Map() };
}

function find(text: string, within: Book, depth: number): string | undefined {
  const { plain, templates } = within;
  const id = plain.get(text);
  if (id !== undefined) return i18n._(id);
  // A sentence inside another one has lost its full stop.
  const whole = plain.get(`${text}.`);
  if (whole !== undefined) return i18n._(whole).replace(/\.$/, '');
  for (const template of templates) {
    const found = text.includes(template.piece) ? template.pattern.exec(text) : null;
    if (found === null) continue;
    const values = template.names.map((name, index) => {
      const value = found[index + 1] ?? '';
      return [name, (depth < DEEPEST ? find(value, within, depth + 1) : undefined) ?? value] as const;
    });
    return i18n._(template.id, Object.fromEntries(values));
  }
  return undefined;
}
