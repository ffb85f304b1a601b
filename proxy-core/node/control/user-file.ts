/** Reads and writes a file of users: CSV as in RFC 4180, the first line naming the columns. */
import { parse } from 'csv-parse/sync';
import { phrase } from '../../server/phrase.ts';
import type { Device } from '../../server/stores.ts';
import type { UserRecord } from './areas/user-records.ts';
import { AdminError } from './errors.ts';
import type { ImportRow } from './import.ts';

type Text = 'number' | 'password' | 'name' | 'domain' | 'ha1Md5' | 'ha1Sha256' | 'realm';

const COLUMNS: Readonly<Record<string, Text>> = {
  number: 'number',
  password: 'password',
  name: 'name',
  domain: 'domain',
  ha1_md5: 'ha1Md5',
  ha1_sha256: 'ha1Sha256',
  realm: 'realm',
};

/** Columns of an export that are there only where a user has something to stand in them. */
const MORE_COLUMNS = ['admin', 'mode', 'aliases', 'devices'] as const;

/** @param users of an export. @returns lines of fields, the first naming the columns; `readUsers` takes them. */
export function writeUsers(users: readonly UserRecord[]): string[][] {
  const cells: Readonly<Record<(typeof MORE_COLUMNS)[number], (user: UserRecord) => string>> = {
    admin: ({ isAdmin }) => (isAdmin === true ? 'yes' : ''),
    mode: ({ mode = '' }) => mode,
    aliases: ({ aliases = [] }) => aliases.join(' '),
    // A label has no line end, but may have anything else.
    devices: ({ devices = [] }) => devices.map((d) => `${d.ha1Md5} ${d.ha1Sha256} ${d.label}`).join('\n'),
  };
  const more = MORE_COLUMNS.filter((column) => users.some((user) => cells[column](user) !== ''));
  return [
    ['number', 'domain', 'name', 'ha1_md5', 'ha1_sha256', 'realm', ...more],
    ...users.map((user) => [
      ...[user.number, user.domain, user.name, user.ha1Md5, user.ha1Sha256, user.realm],
      ...more.map((column) => cells[column](user)),
    ]),
  ];
}

/** @throws AdminError that names the line of a fault. */
export function readUsers(text: string): ImportRow[] {
  const [head, ...lines] = records(text);
  if (head === undefined) throw new AdminError('invalid', 'The file is empty: its first line must name the columns.');
  const columns = head.fields.map((field) => field.trim().toLowerCase());
  checkColumns(columns);
  return lines.map(({ line, fields }) => {
    const row: Record<Text, string> = {
      ...{ number: '', name: '', domain: '', password: '', ha1Md5: '', ha1Sha256: '', realm: '' },
    };
    columns.forEach((column, at) => {
      const key = COLUMNS[column];
      const value = fields[at] ?? '';
      // Blanks around a password may be meant.
      if (key !== undefined) row[key] = key === 'password' ? value : value.trim();
    });
    const cell = (column: (typeof MORE_COLUMNS)[number]): string => fields[columns.indexOf(column)]?.trim() ?? '';
    return {
      ...{ line, ...row, isAdmin: yesOrNo(cell('admin'), line), mode: cell('mode').toLowerCase() },
      ...{ aliases: cell('aliases').split(/\s+/).filter(Boolean), devices: devicesIn(cell('devices')) },
    };
  });
}

function yesOrNo(text: string, line: number): boolean {
  const answer = text.toLowerCase();
  if (answer === 'yes') return true;
  if (answer === 'no' || answer === '') return false;
  throw new AdminError('invalid', phrase(`line ${line}: in the column admin stands yes or no, not "${text}".`));
}

/** One a line: its MD5 hash, its SHA-256 hash, its label. What is missing is told where they are checked. */
function devicesIn(text: string): Device[] {
  return text
    .split(/\r?\n/)
    .filter((one) => one.trim() !== '')
    .map((one) => {
      const [, ha1Md5 = '', ha1Sha256 = '', label = ''] = /^\s*(\S*)\s*(\S*)\s*(.*)$/.exec(one) ?? [];
      return { label, ha1Md5, ha1Sha256 };
    });
}

function checkColumns(columns: readonly string[]): void {
  const more: readonly string[] = MORE_COLUMNS;
  const unknown = columns.find((column) => !Object.hasOwn(COLUMNS, column) && !more.includes(column));
  if (unknown?.includes(';'))
    throw new AdminError('invalid', phrase('line 1: columns are parted by commas, not by semicolons.'));
  if (unknown !== undefined) {
    throw new AdminError(
      'invalid',
      phrase(`line 1: "${unknown}" is no column; the first line names the columns number, password, name and domain.`),
    );
  }
  const twice = columns.find((column, at) => columns.indexOf(column) !== at);
  if (twice !== undefined) throw new AdminError('invalid', phrase(`line 1: the column ${twice} is there twice.`));
  const has = (column: string): boolean => columns.includes(column);
  if (!has('number') || !(has('password') || (has('ha1_md5') && has('ha1_sha256')))) {
    throw new AdminError('invalid', phrase('line 1: the columns number and password are needed.'));
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
    throw new AdminError('invalid', `line ${lines ?? '?'}: ${reasons[code] ?? (error as Error).message}.`, {
      cause: error,
    });
  }
}
