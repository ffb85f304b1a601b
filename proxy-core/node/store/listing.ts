/**
 * Pages of a table, sorted, filtered and searched by SQLite: each begins behind the last row of the one before (keyset),
 * so that the thousandth page costs what the first does.
 */
import type { Database, Statement } from './sqlite.ts';

type Value = string | number;

export interface ListingShape {
  readonly table: string;
  /** What is read of a row; all of it where nothing is said. */
  readonly columns?: string;
  /** Columns that together name a row; lists are in their order unless `order` or what is asked for says another. */
  readonly key: readonly string[];
  /** The order of whoever asks for none, which ends with the key. */
  readonly order?: readonly string[];
  /** Other orders by their names, each an expression over a column that is never null. An index makes each of them quick. */
  readonly sorts?: Readonly<Record<string, string>>;
  /** Conditions by their names, each with as many `?` as there are values. */
  readonly filters?: Readonly<Record<string, string>>;
  /** The condition for a searched text; each `?` in it stands for the text, as `LIKE` takes it. */
  readonly search?: string;
  /** What becomes of a searched text before; as it is written where nothing is said. */
  readonly asSearched?: (text: string) => string;
}

export interface ListQuery {
  /** What `next` of the page before was. */
  readonly after?: string | undefined;
  readonly limit: number;
  /** A name in `sorts`; the key without one. */
  readonly sort?: string | undefined;
  readonly descending?: boolean | undefined;
  readonly text?: string | undefined;
  /** Values for the conditions that shall hold; those that are undefined are left out. */
  readonly filters?: Readonly<Record<string, Value | readonly Value[] | undefined>>;
}

export interface RowPage<Row> {
  readonly rows: readonly Row[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** `after` is not what a page of this listing ended with. */
export class NoSuchPlace extends Error {
  override readonly name = 'NoSuchPlace';
}

/** The statements that differ in what is asked for; there are few of them. */
const MOST_STATEMENTS = 64;

export class Listing<Row> {
  readonly #db: Database;
  readonly #shape: ListingShape;
  readonly #statements = new Map<string, Statement>();

  constructor(db: Database, shape: ListingShape) {
    this.#db = db;
    this.#shape = shape;
  }

  /** @throws NoSuchPlace */
  page(query: ListQuery): RowPage<Row> {
    const { limit, sort, descending = false } = query;
    const order = this.#order(sort);
    const { conditions, values } = this.#conditions(query);
    if (query.after !== undefined) {
      const place = this.#place(query.after, orderName(query), order.length);
      const beyond = descending ? '<' : '>';
      // Where a column has an order of its own, SQLite begins in the index by the first alone. Else it must not: all rows
      // of a domain have the same first one.
      if (!/^\w+$/.test(order[0] ?? '')) {
        conditions.push(`${order[0]} ${beyond}= ?`);
        values.push(...place.slice(0, 1));
      }
      conditions.push(`(${order}) ${beyond} (${order.map(() => '?')})`);
      values.push(...place);
    }
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const by = order.map((sql) => `${sql} ${descending ? 'DESC' : 'ASC'}`);
    const places = order.map((sql, at) => `${sql} AS place${at}`);
    const { table, columns = `${table}.*` } = this.#shape;
    const statement = this.#statement(`SELECT ${columns}, ${places} FROM ${table} ${where} ORDER BY ${by} LIMIT ?`);
    const rows = statement.all(...values, limit) as unknown as (Row & Record<string, Value>)[];
    const last = rows.length === limit ? rows.at(-1) : undefined;
    if (last === undefined) return { rows };
    const place = [orderName(query), ...order.map((_, at) => last[`place${at}`])];
    return { rows, next: Buffer.from(JSON.stringify(place)).toString('base64url') };
  }

  /** The row with this key, where it is one that the query lists. */
  one(of: readonly Value[], query: Pick<ListQuery, 'text' | 'filters'>): Row | undefined {
    const { conditions, values } = this.#conditions(query);
    const { table, key, columns = '*' } = this.#shape;
    const where = [...key.map((column) => `${column} = ?`), ...conditions].join(' AND ');
    return this.#statement(`SELECT ${columns} FROM ${table} WHERE ${where}`).get(...of, ...values) as Row | undefined;
  }

  #order(sort: string | undefined): readonly string[] {
    const { key, order = key, sorts = {} } = this.#shape;
    const first = sort === undefined ? undefined : sorts[sort];
    return first === undefined ? order : [first, ...key.filter((column) => column !== first)];
  }

  #conditions({ text, filters = {} }: Pick<ListQuery, 'text' | 'filters'>): { conditions: string[]; values: Value[] } {
    const { filters: known = {}, search, asSearched = (asIs) => asIs } = this.#shape;
    const conditions: string[] = [];
    const values: Value[] = [];
    for (const [name, given] of Object.entries(filters)) {
      const condition = known[name];
      if (given === undefined || condition === undefined) continue;
      conditions.push(`(${condition})`);
      values.push(...[given].flat());
    }
    if (text !== undefined && text !== '' && search !== undefined) {
      conditions.push(`(${search})`);
      const wanted = `%${asSearched(text).replaceAll(/[\\%_]/g, '\\$&')}%`;
      values.push(...[...search.matchAll(/\?/g)].map(() => wanted));
    }
    return { conditions, values };
  }

  #place(after: string, order: string, length: number): Value[] {
    try {
      const [of, ...place] = JSON.parse(Buffer.from(after, 'base64url').toString()) as unknown[];
      const isValue = (one: unknown): one is Value => typeof one === 'string' || typeof one === 'number';
      if (of === order && place.length === length && place.every(isValue)) return place;
    } catch {
      // As any other text that no page ended with.
    }
    throw new NoSuchPlace('That is not the end of a page of this list.');
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= MOST_STATEMENTS) this.#statements.clear();
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

const orderName = ({ sort = '', descending = false }: ListQuery): string => `${sort}${descending ? ' down' : ''}`;
