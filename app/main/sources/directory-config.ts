/** What is kept of directories: checked as it comes from the page and from the disk. Passwords are with the other secrets. */
import { join } from 'node:path';
import * as v from 'valibot';
import type { TrustedCertificate } from '../../shared/connection-settings.ts';
import { DIRECTORY_KINDS, DIRECTORY_WAYS, type DirectorySettings, MAX_DIRECTORIES } from '../../shared/directories.ts';
import { trustedShape } from '../account-shape.ts';
import { inOrder, readJson, writeJson } from '../atomic-file.ts';

const line = (max: number) => v.pipe(v.string(), v.maxLength(max), v.regex(/^[^\p{Cc}]*$/u));
const id = v.pipe(line(100), v.regex(/^[\w.-]+$/));

const settings = {
  name: line(100),
  server: v.pipe(line(300), v.minLength(1)),
  way: v.picklist(DIRECTORY_WAYS),
  base: line(500),
  user: line(500),
  kind: v.picklist(DIRECTORY_KINDS),
  filter: line(1_000),
  numbers: line(500),
};

export const directorySignInShape = v.object({
  ...settings,
  id: v.exactOptional(id),
  password: v.nullable(v.pipe(v.string(), v.maxLength(1_000))),
  trust: v.exactOptional(line(100)),
});

const fileShape = v.object({
  version: v.literal(1),
  directories: v.pipe(v.array(v.object({ ...settings, id, trusted: trustedShape })), v.maxLength(MAX_DIRECTORIES)),
});

export interface KnownDirectory extends DirectorySettings {
  readonly id: string;
  readonly trusted: readonly TrustedCertificate[];
}

export interface DirectoryConfig {
  readonly directories: readonly KnownDirectory[];
  /** Settles when it is on disk; rejects with FileNotWritten and keeps what was. */
  change(edit: (directories: readonly KnownDirectory[]) => readonly KnownDirectory[]): Promise<void>;
}

export async function openDirectoryConfig(folder: string): Promise<DirectoryConfig> {
  const path = join(folder, 'directories.json');
  const found = await readJson(path, (value) => v.is(fileShape, value));
  let directories: readonly KnownDirectory[] =
    found.state === 'read' ? v.parse(fileShape, found.value).directories : [];
  const serially = inOrder();
  return {
    get directories() {
      return directories;
    },
    change: (edit) =>
      serially(async () => {
        const next = edit(directories);
        await writeJson(path, { version: 1, directories: next });
        directories = next;
      }),
  };
}
