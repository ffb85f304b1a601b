/** Where the project is, where its caller is, and whether a script was started or only imported. */
import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The folder that names of files are meant from: npm moves to the root of the project, wherever it was called. */
export function callersFolder() {
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env;
  return (script === 'start' || script === 'tandem') && folder ? folder : process.cwd();
}

/** @param {ImportMeta} meta */
export function isMain(meta) {
  return process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(meta.url);
}
