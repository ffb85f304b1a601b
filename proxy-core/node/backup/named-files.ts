/** Files that options of `serve` name, wherever they are: written down at each start, so that a backup takes them along. */
import { resolve } from 'node:path';
import * as v from 'valibot';
import type { StartOptions } from '../start-options.ts';
import type { Rows } from '../store/rows.ts';

const KEY = 'named_files';

const schema = v.array(v.object({ option: v.string(), path: v.string() }));
export type NamedFile = v.InferOutput<typeof schema>[number];

export function rememberFiles(rows: Rows, { route, tls = {} }: Pick<StartOptions, 'route' | 'tls'>): void {
  const named = { route, 'tls-cert': tls.cert, 'tls-key': tls.key, 'tls-client-ca': tls.clientCa, 'tls-ca': tls.ca };
  const files = Object.entries(named).flatMap(([option, path]) =>
    path === undefined ? [] : [{ option, path: resolve(path) }],
  );
  const value = JSON.stringify(files);
  const [known] = rows.read('settings', { key: KEY });
  if ((known?.value ?? '[]') !== value) rows.put('settings', { key: KEY, value }, ['key']);
}

/** @param value what the table of settings has under `KEY`. */
export function filesIn(rows: Rows): readonly NamedFile[] {
  const [row] = rows.read('settings', { key: KEY });
  try {
    const read = v.safeParse(schema, JSON.parse(String(row?.value ?? '[]')));
    return read.success ? read.output : [];
  } catch {
    // A damaged row names no files; the database is kept all the same.
    return [];
  }
}
