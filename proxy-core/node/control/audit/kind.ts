/** Kinds of things that the administration changes: how one is read, shown, and put back as it was. */
import type { Fields } from '../../store/audit.ts';
import type { Change } from '../../store/feed.ts';
import type { Store } from '../../store/index.ts';
import type { Row, Value } from '../../store/rows.ts';
import type { AdminParts } from '../parts.ts';

export interface Kind {
  /** As it is told to people and kept in the log. */
  readonly name: string;
  /** Where watchers are told of it, in the store's feed; its key there is the one here. */
  readonly topic: string;
  /** Brings to the database what is on its way there, before a change begins. */
  prepare?(store: Store): void;
  /** As it is in the database; undefined where it is not there. */
  read(store: Store, key: string): Fields | undefined;
  /** Makes it in the database what `fields` say, within the caller's transaction. Undefined removes it. */
  write(store: Store, key: string, fields: Fields | undefined): void;
  /** Whether watchers see it whether or not it is in the database. */
  readonly isAlwaysThere?: boolean;
  /** What else watchers are told of, where it has topics of its own. */
  tells?(key: string, before: Fields | undefined, after: Fields | undefined): readonly Told[];
  /** Has memory follow the database. */
  refresh(parts: AdminParts, key: string): void;
  /** What stands against its becoming so, as the end of a sentence; undefined where nothing does. */
  objection?(parts: AdminParts, key: string, fields: Fields | undefined): string | undefined;
  /** The same once it has been written. */
  fault?(parts: AdminParts): string | undefined;
  /** The same where the database has refused it. */
  obstacle?(parts: AdminParts, key: string): string | undefined;
  /** Whether its fields are secrets, whatever they are called. */
  hides?(key: string): boolean;
  /** A field of it for people; undefined for what they are not told. */
  show(field: string, value: unknown): Shown | undefined;
}

export type Told = readonly [topic: string, key: string, change: Change];

export interface Shown {
  readonly field: string;
  /** Absent for a secret: that it changed is all there is to say. */
  readonly value?: string;
}

/** One thing that a change is about. */
export interface Subject {
  readonly kind: Kind;
  readonly key: string;
}

export interface RowsShape {
  readonly table: string;
  /** The columns of its key, from what the feed calls it. */
  readonly where: (key: string) => Row;
  /** Tables whose rows belong to it and have the same columns of its key. */
  readonly children?: readonly string[];
}

/** How a thing that is a row, with rows of other tables that belong to it, is read and written. */
export function rowsOf({ table, where, children = [] }: RowsShape): Pick<Kind, 'read' | 'write'> {
  const without = (row: Row, columns: Row): Row =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !(name in columns)));
  return {
    read({ rows }, key) {
      const at = where(key);
      const [row] = rows.read(table, at);
      if (row === undefined) return undefined;
      const owned = children.map((child) => [child, rows.read(child, at).map((one) => without(one, at))]);
      return { ...without(row, at), ...Object.fromEntries(owned) };
    },
    write({ rows }, key, fields) {
      const at = where(key);
      if (fields === undefined) {
        rows.remove(table, at);
        return;
      }
      const isChild = ([name]: [string, unknown]): boolean => children.includes(name);
      const own = Object.fromEntries(Object.entries(fields).filter((field) => !isChild(field)));
      rows.put(table, { ...at, ...(own as Record<string, Value>) }, Object.keys(at));
      for (const [child, list] of Object.entries(fields).filter(isChild)) {
        rows.remove(child, at);
        for (const one of list as Row[]) rows.put(child, { ...at, ...one });
      }
    },
  };
}
