/** Reads a file of users: CSV as in RFC 4180, the first line naming the columns. */
import { parse } from 'csv-parse/sync';
import type { ImportRow } from '../node/control/index.ts';
import { CommandError } from './io.ts';

const COLUMNS: Readonly<Record<string, Exclude<keyof ImportRow, 'line'>>> = {
  number: 'number',
  password: 'password',
  name: 'name',
  domain: 'domain',
  ha1_md5: 'ha1Md5',
  ha1_sha256: 'ha1Sha256',
  realm: 'realm',
};

/** @throws CommandError that names the line of a fault. */
export function readUsers(text: string): ImportRow[] {
  const [head, ...lines] = records(text);
  if (head === undefined) throw new CommandError('The file is empty: its first line must name the columns.');
  const columns = head.fields.map((field) => field.trim().toLowerCase());
  checkColumns(columns);
  return lines.map(({ line, fields }) => {
    const row: Record<keyof ImportRow, string | number> = {
      line,
      ...{ number: '', name: '', domain: '', password: '', ha1Md5: '', ha1Sha256: '', realm: '' },
    };
    columns.forEach((column, at) => {
      const key = COLUMNS[column];
      const value = fields[at] ?? '';
      // Blanks around a password may be meant.
      if (key !== undefined) row[key] = key === 'password' ? value : value.trim();
    });
    return row as unknown as ImportRow;
  });
}

function checkColumns(columns: readonly string[]): void {
  const unknown = columns.find((column) => !Object.hasOwn(COLUMNS, column));
  if (unknown?.includes(';')) throw new CommandError('line 1: columns are parted by commas, not by semicolons.');
  if (unknown !== undefined) {
    throw new CommandError(
      `line 1: "${unknown}" is no column; the first line names the columns number, password, name and domain.`,
    );
  }
  const twice = columns.find((column, at) => columns.indexOf(column) !== at);
  if (twice !== undefined) throw new CommandError(`line 1: the column ${twice} is there twice.`);
  const has = (column: string): boolean => columns.includes(column);
  if (!has('number') || !(has('password') || (has('ha1_md5') && has('ha1_sha256')))) {
    throw new CommandError('line 1: the columns number and password are needed.');
  }
}

interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

function records(text: string): CsvRecord[] {
  try {
    const parsed = parse(text, { bom: true, info: true, skip_empty_lines: true }) as unknown as {
      info: { lines: number };
      record: string[];
    }[];
    return parsed.map(({ info, record }) => ({ line: info.lines, fields: record }));
  } catch (error) {
    const { code, lines } = error as { code?: string; lines?: number };
    const reasons: Readonly<Record<string, string>> = {
      CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'it has not as many fields as the first line',
      CSV_QUOTE_NOT_CLOSED: 'a quotation mark is not closed',
      INVALID_OPENING_QUOTE: 'a quotation mark stands inside a field that does not begin with one',
      CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quotation mark',
    };
    if (code === undefined) throw error;
    throw new CommandError(`line ${lines ?? '?'}: ${reasons[code] ?? (error as Error).message}.`, { cause: error });
  }
}
