/** The servers of address books that one uses, kept with the profile; passwords are with the other secrets. */
import { join } from 'node:path';
import * as v from 'valibot';
import { MAX_BOOK_SERVERS, MAX_BOOKS } from '../../shared/address-books.ts';
import type { TrustedCertificate } from '../../shared/connection-settings.ts';
import { trustedShape } from '../account-shape.ts';
import { inOrder, readJson, writeJson } from '../atomic-file.ts';

const line = (max: number) => v.pipe(v.string(), v.maxLength(max), v.regex(/^[^\p{Cc}]*$/u));
const id = v.pipe(line(100), v.regex(/^[\w.-]+$/));

export const signInShape = v.object({
  id: v.exactOptional(id),
  server: v.pipe(
    line(500),
    v.transform((typed) => typed.trim()),
    v.minLength(1),
  ),
  user: line(300),
  password: v.nullable(v.pipe(v.string(), v.maxLength(1_000))),
  trust: v.exactOptional(line(100)),
});

const bookShape = v.object({ id, url: line(2_000), name: line(200), writable: v.boolean(), used: v.boolean() });

const serverShape = v.object({
  ...{ id, server: line(500), user: line(300), trusted: trustedShape },
  books: v.pipe(v.array(bookShape), v.maxLength(MAX_BOOKS)),
});

const fileShape = v.object({
  version: v.literal(1),
  servers: v.pipe(v.array(serverShape), v.maxLength(MAX_BOOK_SERVERS)),
});

export interface KnownBook {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly writable: boolean;
  readonly used: boolean;
}

export interface KnownServer {
  readonly id: string;
  readonly server: string;
  readonly user: string;
  readonly trusted: readonly TrustedCertificate[];
  readonly books: readonly KnownBook[];
}

export interface BooksConfig {
  readonly servers: readonly KnownServer[];
  /** Settles when it is on disk; rejects with FileNotWritten and keeps what was. */
  change(edit: (servers: readonly KnownServer[]) => readonly KnownServer[]): Promise<void>;
}

export async function openBooksConfig(folder: string): Promise<BooksConfig> {
  const path = join(folder, 'address-books.json');
  const found = await readJson(path, (value) => v.is(fileShape, value));
  let servers: readonly KnownServer[] = found.state === 'read' ? v.parse(fileShape, found.value).servers : [];
  const serially = inOrder();
  return {
    get servers() {
      return servers;
    },
    change: (edit) =>
      serially(async () => {
        const next = edit(servers);
        await writeJson(path, { version: 1, servers: next });
        servers = next;
      }),
  };
}
