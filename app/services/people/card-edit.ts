/** Changes in a vCard what a person changed, and nothing else: properties and parameters that are not ours stay untouched. */
import { type ContactNumber, MAX_NOTE, type NumberKind } from '../../shared/contact.ts';
import type { ContactDraft } from '../../shared/contact-files/draft.ts';
import { readVCards } from '../../shared/contact-files/vcard.ts';
import { type CardLine, escapedText, lineOf, linesOf, partsOf, plainText } from './card-lines.ts';

/** What a card says of a person; null where it cannot be read, or is no person. */
export function draftOf(text: string): ContactDraft | null {
  if (/^(?:X-ADDRESSBOOKSERVER-)?KIND:group\s*$/im.test(text)) return null;
  return readVCards(text).drafts[0] ?? null;
}

/** @param before what the person saw, which `text` says */
export function editedCard(text: string, before: ContactDraft, after: ContactDraft): string {
  let lines = linesOf(text);
  if (after.name !== before.name || after.company !== before.company) lines = named(lines, before, after);
  lines = valuesChanged(lines, numbersOf(before), numbersOf(after), numberLine);
  const emails = (draft: ContactDraft) => draft.emails.map((value) => ({ kind: 'other' as const, value }));
  lines = valuesChanged(lines, emails(before), emails(after), emailLine);
  if (after.note !== before.note) lines = single(lines, 'NOTE', escapedText(after.note + unseen(lines, before.note)));
  if (after.photo !== before.photo) lines = pictured(lines, after.photo);
  return withoutLoneLabels(lines)
    .map(({ raw }) => raw)
    .join('');
}

/** The end of a note that is longer than those that are shown. */
function unseen(lines: readonly CardLine[], shown: string): string {
  if (shown.length < MAX_NOTE) return '';
  return plainText(lines.find(({ name }) => name === 'NOTE')?.value ?? '')
    .trim()
    .slice(shown.length);
}

function named(lines: readonly CardLine[], before: ContactDraft, after: ContactDraft): CardLine[] {
  let done = [...lines];
  if (after.company !== before.company) {
    const rest = partsOf(done.find(({ name }) => name === 'ORG')?.value ?? '').slice(1);
    const parts = [escapedText(after.company), ...rest];
    done = single(done, 'ORG', parts.every((part) => part === '') ? '' : parts.join(';'));
  }
  const shown = after.name || after.company || after.numbers[0]?.value || after.emails[0] || '';
  done = single(done, 'FN', escapedText(shown));
  if (after.name === before.name) return done;
  const parts = partsOf(done.find(({ name }) => name === 'N')?.value ?? '').map(plainText);
  return single(done, 'N', nameParts(parts, before.name, after.name).map(escapedText).join(';'), true);
}

/** Family name, given name and so on: where one of them was changed that one alone, else from the words. */
function nameParts(parts: readonly string[], before: string, after: string): readonly string[] {
  const [was, is] = [before.split(' '), after.split(' ')];
  let start = 0;
  while (start < was.length && start < is.length && was[start] === is[start]) start += 1;
  let end = 0;
  while (end < was.length - start && end < is.length - start && was.at(-1 - end) === is.at(-1 - end)) end += 1;
  const old = was.slice(start, was.length - end).join(' ');
  const fresh = is.slice(start, is.length - end).join(' ');
  const at = old === '' || fresh === '' ? -1 : parts.indexOf(old);
  if (at >= 0) return parts.map((part, index) => (index === at ? fresh : part));
  return [is.at(-1) ?? '', is.slice(0, -1).join(' '), '', '', ''];
}

/** The one property of that name; none where the value is empty, unless it must be there. */
function single(lines: readonly CardLine[], name: string, value: string, always = false): CardLine[] {
  const first = lines.findIndex((line) => line.name === name);
  if (value === '' && !always) return lines.filter((line) => line.name !== name);
  if (first < 0) return added(lines, [lineOf(name, '', value)]);
  if (lines[first]?.value === value) return [...lines];
  return lines.map((line, at) => (at === first ? lineOf(name, textual(line.params), value, line.group) : line));
}

/** Without how the old value was put into letters. */
const textual = (params: string): string => params.replace(/;(?:ENCODING|CHARSET)=[^;:]*/gi, '');

interface Valued {
  readonly kind: NumberKind;
  readonly value: string;
}

/** A kind of line that says a number or an address. */
interface LineKind {
  /** The value that it says; undefined where it is another kind of line. */
  read(line: CardLine): string | undefined;
  write(valued: Valued): CardLine;
  /** The same line with another value. */
  rewrite(line: CardLine, valued: Valued): CardLine;
}

const numbersOf = (draft: ContactDraft): readonly ContactNumber[] => draft.numbers;

const TYPES: Readonly<Record<NumberKind, string>> = {
  ...{ work: ';TYPE=WORK', mobile: ';TYPE=CELL', home: ';TYPE=HOME', fax: ';TYPE=FAX', other: '' },
};

const line = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
const numberOf = (value: string): string => line(plainText(value).replace(/^tel:/i, '').replace(/;.*$/s, ''));

const numberLine: LineKind = {
  read({ name, value }) {
    if (name === 'TEL') return numberOf(value);
    const isSip = (name === 'IMPP' || name === 'X-SIP') && /^sips?:/i.test(plainText(value));
    return isSip ? line(plainText(value).replace(/^sip:/i, '')) : undefined;
  },
  write: ({ kind, value }) =>
    value.includes('@')
      ? lineOf('IMPP', '', escapedText(`sip:${value}`))
      : lineOf('TEL', TYPES[kind], escapedText(value)),
  rewrite(old, valued) {
    const isTel = old.name === 'TEL';
    if (isTel === valued.value.includes('@')) return numberLine.write(valued);
    if (!isTel) return lineOf(old.name, old.params, escapedText(`sip:${valued.value}`), old.group);
    // As a URI it would have to be a whole number: written as text.
    return lineOf('TEL', old.params.replace(/;VALUE=uri/i, ''), escapedText(valued.value), old.group);
  },
};

const emailLine: LineKind = {
  read: ({ name, value }) => (name === 'EMAIL' ? line(plainText(value)) : undefined),
  write: ({ value }) => lineOf('EMAIL', '', escapedText(value)),
  rewrite: (old, { value }) => lineOf('EMAIL', old.params, escapedText(value), old.group),
};

/** What is gone is taken away, what is new put in its place or added; what is as it was stays as it stands. */
function valuesChanged(
  lines: readonly CardLine[],
  before: readonly Valued[],
  after: readonly Valued[],
  kind: LineKind,
): CardLine[] {
  const same = (a: Valued) => (b: Valued) => a.value === b.value && a.kind === b.kind;
  const gone = before.filter((one) => !after.some(same(one)));
  const fresh = after.filter((one) => !before.some(same(one)));
  if (gone.length + fresh.length === 0) return [...lines];
  const left = [...fresh];
  const takeFresh = (wanted: (one: Valued) => boolean): Valued | undefined => {
    const at = left.findIndex(wanted);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  // Another number of the same kind takes the place and what else is said of the old one.
  const instead = new Map(gone.map((one) => [one.value, takeFresh((other) => other.kind === one.kind)] as const));
  const kept = lines.flatMap((old) => {
    const value = kind.read(old);
    if (value === undefined || !instead.has(value)) return [old];
    const other = instead.get(value);
    return other === undefined ? [] : [kind.rewrite(old, other)];
  });
  return added(
    kept,
    left.map((one) => kind.write(one)),
  );
}

function pictured(lines: readonly CardLine[], photo: string): CardLine[] {
  const others = lines.filter(({ name }) => name !== 'PHOTO');
  const [, type = '', data = ''] = /^data:image\/(\w+);base64,(.*)$/s.exec(photo) ?? [];
  if (data === '') return others;
  const isFour = lines.some(({ name, value }) => name === 'VERSION' && value.trim() === '4.0');
  const made = isFour ? lineOf('PHOTO', '', photo) : lineOf('PHOTO', `;ENCODING=b;TYPE=${type.toUpperCase()}`, data);
  return added(others, [made]);
}

function added(lines: readonly CardLine[], more: readonly CardLine[]): CardLine[] {
  const end = lines.findIndex(({ name }) => name === 'END');
  const at = end < 0 ? lines.length : end;
  return [...lines.slice(0, at), ...more, ...lines.slice(at)];
}

/** A label of a line that is gone says nothing any more. */
function withoutLoneLabels(lines: readonly CardLine[]): CardLine[] {
  const groups = new Set(lines.filter(({ name }) => name !== 'X-ABLABEL').map(({ group }) => group));
  return lines.filter(({ name, group }) => name !== 'X-ABLABEL' || group === '' || groups.has(group));
}

/** A new card. @param uid unlike any other */
export function newCard(uid: string, draft: ContactDraft): string {
  const empty: ContactDraft = { name: '', company: '', numbers: [], emails: [], note: '', photo: '' };
  const bare = ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, 'FN:', 'N:;;;;', 'END:VCARD', ''].join('\r\n');
  return editedCard(bare, empty, draft);
}
