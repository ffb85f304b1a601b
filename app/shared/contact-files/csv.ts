/** Tables of people with commas, semicolons or tabs (RFC 4180, and what programs make of it): read and written. */
import { type CsvError, parse } from 'csv-parse/browser/esm/sync';
import type { Contact, ContactNumber, NumberKind } from '../contact.ts';
import { type Column, guessColumns, kindInWords } from './csv-columns.ts';
import { type ContactDraft, createReading, type ReadContacts } from './draft.ts';

/** Characters of one line. */
const MAX_LINE = 200_000;
const MAX_COLUMNS = 500;

export function readCsv(text: string): ReadContacts {
  const reading = createReading();
  const rows = rowsOf(text, (line) => reading.skip({ place: 'line', at: line }, 'It is damaged.'));
  const [headings = []] = rows;
  const columns = guessColumns(headings.slice(0, MAX_COLUMNS));
  if (!columns.some((column) => column?.what === 'number' || column?.what === 'sip' || column?.what === 'email')) {
    reading.skip(
      { place: 'file', at: 1 },
      'No column of it is known to hold numbers: its first line must name the columns.',
    );
    return reading.done();
  }
  rows.slice(1).forEach((row, index) => {
    if (row.every((value) => value.trim() === '')) return;
    reading.take(draftOf(row, columns), { place: 'row', at: index + 2 });
  });
  return reading.done();
}

function rowsOf(text: string, damaged: (line: number) => void): readonly (readonly string[])[] {
  const head = text.slice(0, 10_000).split(/\r?\n/, 1)[0] ?? '';
  const delimiter = [',', ';', '\t'].reduce((a, b) => (head.split(b).length > head.split(a).length ? b : a));
  try {
    return parse(text, {
      ...{ delimiter, bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true },
      ...{ max_record_size: MAX_LINE, skip_records_with_error: true, to: 200_000 },
      on_skip(error: CsvError | undefined) {
        damaged(Number(error?.lines ?? 0));
        return undefined;
      },
    }) as string[][];
  } catch {
    damaged(1);
    return [];
  }
}

function draftOf(row: readonly string[], columns: readonly (Column | undefined)[]): ContactDraft {
  const of = (what: Column['what']): readonly string[] =>
    columns.flatMap((column, index) => (column?.what === what && row[index]?.trim() ? [row[index].trim()] : []));
  const numbers: ContactNumber[] = [];
  let kind: NumberKind | undefined;
  columns.forEach((column, index) => {
    const value = row[index]?.trim() ?? '';
    if (column?.what === 'kind') kind = kindInWords(value);
    else if (column?.what === 'number') {
      // Google puts several into one field.
      for (const number of value.split(' ::: ').filter(Boolean))
        numbers.push({ kind: kind ?? column.kind, value: number });
      kind = undefined;
    } else if (column?.what === 'sip' && value) numbers.push({ kind: 'other', value: value.replace(/^sip:/i, '') });
  });
  return {
    name: of('name')[0] || [...of('given'), ...of('middle'), ...of('family')].join(' '),
    company: of('company')[0] ?? '',
    numbers,
    emails: of('email').flatMap((value) => value.split(' ::: ')),
    note: of('note').join('\n'),
    photo: '',
  };
}

const LABELS: Readonly<Record<NumberKind, string>> = {
  ...{ work: 'Work', mobile: 'Mobile', home: 'Home', fax: 'Work Fax', other: 'Other' },
};

/** With the headings of Google's exports, which other programs know too. */
export function writeCsv(contacts: readonly Contact[]): string {
  const most = (count: (contact: Contact) => number) => contacts.reduce((sum, one) => Math.max(sum, count(one)), 1);
  const phones = most(({ numbers }) => numbers.length);
  const mails = most(({ emails }) => emails.length);
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
  const headings = [
    ...['Name', 'Organization Name'],
    ...upTo(mails).map((at) => `E-mail ${at + 1} - Value`),
    ...upTo(phones).flatMap((at) => [`Phone ${at + 1} - Label`, `Phone ${at + 1} - Value`]),
    'Notes',
  ];
  const rows = contacts.map(({ name, company, numbers, emails, note }) => [
    ...[name, company],
    ...upTo(mails).map((at) => emails[at] ?? ''),
    ...upTo(phones).flatMap((at) => {
      const number = numbers[at];
      return number === undefined ? ['', ''] : [LABELS[number.kind], number.value];
    }),
    note,
  ]);
  return [headings, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

const quoted = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
