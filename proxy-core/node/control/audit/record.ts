/** Writes down what a change changed, in the same transaction as the change itself. */
import type { AuditChange, Fields } from '../../store/audit.ts';
import type { Change } from '../../store/feed.ts';
import type { AdminParts } from '../parts.ts';
import type { Subject, Told } from './kind.ts';

export interface Recorder {
  /** Whether it was asked to write anything down. */
  hasRecorded(): boolean;
  /**
   * Runs `work`, which changes nothing but `subjects`, and writes down how they differ. Either both are durable on
   * return, or neither happened.
   */
  record<T>(subjects: readonly Subject[], work: () => T): T;
  /** Writes down what was done elsewhere, where no transaction holds both. */
  note(subject: string): void;
}

export interface Author {
  readonly by: string;
  readonly action: string;
  /** The entry that is taken back. */
  readonly undoes?: number | undefined;
}

/** More changes in one entry are not kept, and such an entry cannot be taken back. */
const MOST_CHANGES = 5_000;
const TOLD_BEYOND = 20;
const NAMED = 3;

export function createRecorder(parts: AdminParts, author: Author): Recorder {
  const { store, now } = parts;
  let hasRecorded = false;

  const add = (subject: string, changes: readonly AuditChange[], leftOut = 0): void => {
    const id = store.audit.add({ at: now(), ...author, subject, leftOut }, changes);
    store.feed.changed('audit', String(id), 'added');
    if (author.undoes !== undefined) store.feed.changed('audit', String(author.undoes), 'changed');
  };

  return {
    hasRecorded: () => hasRecorded,
    record<T>(all: readonly Subject[], work: () => T): T {
      hasRecorded = true;
      for (const kind of new Set(all.map((subject) => subject.kind))) kind.prepare?.(store);
      const subjects = all.length > MOST_CHANGES ? all.slice(0, TOLD_BEYOND) : all;
      const before = subjects.map(({ kind, key }) => kind.read(store, key));
      const told: Told[] = all.slice(subjects.length).map(({ kind, key }) => [kind.topic, key, 'changed']);
      let result: T;
      try {
        result = store.rows.atomically(() => {
          const done = work();
          const changes: AuditChange[] = [];
          for (const [at, { kind, key }] of subjects.entries()) {
            const change = differing(before[at], kind.read(store, key));
            if (change === undefined) continue;
            changes.push({ kind: kind.name, key, ...change });
            const what = kind.isAlwaysThere === true ? 'changed' : changeOf(change);
            told.push([kind.topic, key, what], ...(kind.tells?.(key, change.before, change.after) ?? []));
          }
          const leftOut = all.length - subjects.length;
          if (changes.length > 0) add(subjectOf(changes, leftOut), changes, leftOut);
          return done;
        });
      } catch (error) {
        // Memory may be ahead of what was taken back.
        for (const { kind, key } of all) kind.refresh(parts, key);
        throw error;
      }
      for (const [topic, key, change] of told) store.feed.changed(topic, key, change);
      return result;
    },
    note(subject) {
      hasRecorded = true;
      add(subject, []);
    },
  };
}

/** The fields that differ; all of them where there was, or is, nothing. Undefined where nothing differs. */
function differing(
  before: Fields | undefined,
  after: Fields | undefined,
): Pick<AuditChange, 'before' | 'after'> | undefined {
  if (before === undefined || after === undefined) return before === after ? undefined : { before, after };
  const names = Object.keys({ ...before, ...after }).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (names.length === 0) return undefined;
  const only = (fields: Fields): Fields => Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));
  return { before: only(before), after: only(after) };
}

function changeOf({ before, after }: Pick<AuditChange, 'before' | 'after'>): Change {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}

function subjectOf(changes: readonly AuditChange[], leftOut: number): string {
  const named = changes.slice(-NAMED).reverse();
  const more = changes.length - named.length + leftOut;
  return `${named.map(({ kind, key }) => `${kind} ${key}`).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
