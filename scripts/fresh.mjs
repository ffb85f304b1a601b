/** Tells whether something built is older than what it is built from. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project.mjs';

/**
 * @param {string} built a file that is written last
 * @param {readonly string[]} sources files and folders
 */
export function isStale(built, sources) {
  const made = statSync(join(root, built), { throwIfNoEntry: false })?.mtimeMs;
  return made === undefined || sources.some((source) => newest(join(root, source)) > made);
}

function newest(path) {
  const about = statSync(path, { throwIfNoEntry: false });
  if (!about) return 0;
  if (!about.isDirectory()) return about.mtimeMs;
  // A folder's own time tells of files that were removed.
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), about.mtimeMs);
}
