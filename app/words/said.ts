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
/** Of a list, or of a sentence with clauses after it. */
const MOST_PARTS = 10;
/** Stands before a clause, which has no capital of its own. No text has it. */
const CLAUSE = '\u0001';

let book: Book | undefined;

/** `text` in the language of this process. */
export function said(text: string): string {
  const sentences = saidInEnglish();
  if (sentences.length === 0 || text.length > LONGEST) return text;
  if (book?.of !== sentences) book = read(sentences);
  const known = book.known.get(text);
  if (known !== undefined) return known;
  const within = book;
  // Of a file, each line has its own fault.
  const translated = text
    .split('\n')
    .map((line) => capitalAsIn(line, find(line, within, 0) ?? line))
    .join('\n');
  if (book.known.size >= MOST_KNOWN) book.known.clear();
  book.known.set(text, translated);
  return translated;
}

/** A clause that came to stand at the beginning has a capital there, if there was one in English. */
function capitalAsIn(text: string, translated: string): string {
  const isFirst = translated.startsWith(CLAUSE) && /^\p{Lu}/u.test(text);
  const plain = translated.replaceAll(CLAUSE, '');
  return isFirst ? plain.charAt(0).toUpperCase() + plain.slice(1) : plain;
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
  return joined(text, within, depth) ?? one(text, within, depth);
}

function one(text: string, within: Book, depth: number): string | undefined {
  const exact = within.plain.get(text);
  if (exact !== undefined) return mark(text, i18n._(exact));
  // A sentence inside another one has lost its full stop.
  const whole = within.plain.get(`${text}.`);
  if (whole !== undefined) return i18n._(whole).replace(/\.$/, '');
  const found = listed(text, within, depth) ?? filled(text, within, depth);
  if (found !== undefined || depth === 0) return found;
  const begun = filled(`${text}.`, within, depth);
  if (begun !== undefined) return begun.replace(/\.$/, '');
  const small = text.charAt(0).toLowerCase() + text.slice(1);
  return small === text ? undefined : one(small, within, depth);
}

/** What stands in the sentences of a template. */
function filled(text: string, within: Book, depth: number): string | undefined {
  for (const template of within.templates) {
    const found = text.includes(template.piece) ? template.pattern.exec(text) : null;
    if (found === null) continue;
    const values = template.names.map((name, index) => {
      const value = found[index + 1] ?? '';
      return [name, (depth < DEEPEST ? find(value, within, depth + 1) : undefined) ?? value] as const;
    });
    return mark(text, i18n._(template.id, Object.fromEntries(values)));
  }
  return undefined;
}

/** `A turned the call away; it says: "No".`, a sentence with clauses after it: each is known by itself. */
function joined(text: string, within: Book, depth: number): string | undefined {
  const end = text.endsWith('.') ? '.' : '';
  const parts = text.slice(0, text.length - end.length).split('; ');
  if (parts.length < 2 || parts.length > MOST_PARTS) return undefined;
  const inside = Math.max(depth, 1);
  const clauses: string[] = [];
  // A semicolon may stand in a clause too: from the end, the shortest that is known is one.
  for (let at = parts.length - 1; at > 0; at--) {
    const clause = one(parts.slice(at).join('; '), within, inside);
    if (!clause?.startsWith(CLAUSE)) continue;
    clauses.unshift(clause);
    parts.length = at;
  }
  const first = clauses.length === 0 ? undefined : one(parts.join('; '), within, inside);
  return first === undefined ? undefined : `${[first, ...clauses].join('; ')}${end}`;
}

/** `20 wrong passwords, 3 refused requests`. */
function listed(text: string, within: Book, depth: number): string | undefined {
  const parts = text.split(', ');
  if (parts.length < 2 || parts.length > MOST_PARTS) return undefined;
  const found: string[] = [];
  for (const part of parts) {
    const known = one(part, within, Math.max(depth, 1));
    if (!known?.startsWith(CLAUSE)) return undefined;
    found.push(known);
  }
  return found.join(', ');
}

const mark = (english: string, translated: string): string => (/[.?!…]["”]?$/.test(english) ? '' : CLAUSE) + translated;
