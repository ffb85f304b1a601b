/** The directories that one uses: signing in, and asking all of them at once for the page. */
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import type { BooksSignedIn } from '../../shared/address-books.ts';
import type { Outcome } from '../../shared/bridge.ts';
import type { CertificateProblem } from '../../shared/connection-settings.ts';
import type { Contact } from '../../shared/contact.ts';
import {
  type DirectoryAccount,
  type DirectoryView,
  LEAST_TYPED,
  MAX_DIRECTORIES,
  MOST_TYPED,
} from '../../shared/directories.ts';
import type { BooksOutcome, FoundPerson, PeopleServiceSchema } from '../../shared/people-service.ts';
import type { Client } from '../../shared/schema.ts';
import { textOf } from '../../shared/text-of.ts';
import type { Secrets } from '../secrets.ts';
import { type DirectoryConfig, directorySignInShape, type KnownDirectory } from './directory-config.ts';
import { withTrust } from './trust.ts';

export interface DirectoriesPorts {
  readonly config: DirectoryConfig;
  readonly secrets: Secrets;
  readonly service: () => Client<PeopleServiceSchema>['directories'];
  readonly changed: (views: readonly DirectoryView[]) => void;
}

export interface Directories {
  list(): readonly DirectoryView[];
  signIn(args: unknown): Promise<BooksSignedIn>;
  remove(args: unknown): Promise<Outcome>;
  /** From the page, anything at all. Those that do not answer are left out, and say why in their views. */
  search(typed: unknown): Promise<Outcome<readonly Contact[]>>;
  byNumber(number: unknown): Promise<Outcome<readonly Contact[]>>;
}

/** Questions of the page that are not answered yet. */
const MOST_ASKED = 8;
const typedShape = v.pipe(
  v.string(),
  v.maxLength(MOST_TYPED),
  v.transform((typed) => typed.trim()),
  v.minLength(LEAST_TYPED),
);
const numberShape = v.pipe(v.string(), v.minLength(1), v.maxLength(MOST_TYPED));
const idShape = v.object({ id: v.string() });

type Service = Client<PeopleServiceSchema>['directories'];
type Question = (service: Service, account: DirectoryAccount) => Promise<BooksOutcome<readonly FoundPerson[]>>;

export function createDirectories({ config, secrets, service, changed }: DirectoriesPorts): Directories {
  const reasons = new Map<string, string>();
  let asked = 0;
  /** What was shown to the person last, for him to decide. */
  let shown: CertificateProblem | undefined;

  const secretOf = (id: string): string => `directory:${id}`;
  const list = (): readonly DirectoryView[] =>
    config.directories.map(({ trusted: _, ...settings }) => ({ ...settings, reason: reasons.get(settings.id) ?? '' }));
  const guarded = async <T>(work: () => Promise<BooksOutcome<T>>): Promise<BooksOutcome<T>> => {
    try {
      return await work();
    } catch (error) {
      return { ok: false, reason: textOf(error), trouble: 'offline' };
    }
  };
  const keep = async (edit: Parameters<DirectoryConfig['change']>[0]): Promise<Outcome> => {
    try {
      await config.change(edit);
      return { ok: true, value: undefined };
    } catch (error) {
      return { ok: false, reason: textOf(error) };
    } finally {
      changed(list());
    }
  };

  const askOne = async (known: KnownDirectory, question: Question): Promise<readonly Contact[]> => {
    const password = secrets.get(secretOf(known.id)) ?? '';
    const isUnknown = known.user !== '' && password === '';
    const answer: Awaited<ReturnType<Question>> = isUnknown
      ? { ok: false, reason: `Type the password for ${known.server} again.`, trouble: 'password' }
      : await guarded(() => question(service(), { ...known, password }));
    const reason = answer.ok ? '' : answer.reason;
    if (reason !== (reasons.get(known.id) ?? '') && config.directories.includes(known)) {
      reasons.set(known.id, reason);
      changed(list());
    }
    return answer.ok ? answer.value.map((person) => contactOf(known.id, person)) : [];
  };
  const askAll = async (question: Question): Promise<Outcome<readonly Contact[]>> => {
    if (asked >= MOST_ASKED) return { ok: false, reason: 'That is too much at once: wait for what was asked before.' };
    asked += 1;
    try {
      const found = await Promise.all(config.directories.map((known) => askOne(known, question)));
      return { ok: true, value: found.flat() };
    } finally {
      asked -= 1;
    }
  };

  return {
    list,
    async signIn(args) {
      const read = v.safeParse(directorySignInShape, args);
      if (!read.success) return { ok: false, reason: 'Type the server of the directory.' };
      const { id = randomUUID(), password: typed, trust, ...settings } = read.output;
      const before = config.directories.find((known) => known.id === id);
      if (before === undefined && (config.directories.length >= MAX_DIRECTORIES || read.output.id !== undefined)) {
        return { ok: false, reason: `There is room for ${MAX_DIRECTORIES} directories.` };
      }
      // A password goes nowhere but where it was typed for.
      const isSame = before?.server === settings.server && before.user === settings.user && before.way === settings.way;
      const password = typed ?? (isSame ? secrets.get(secretOf(id)) : undefined) ?? '';
      if (settings.user !== '' && password === '') return { ok: false, reason: 'Type the password.' };
      const trusted = withTrust(before?.trusted ?? [], shown, trust);
      const known: KnownDirectory = { ...settings, id, trusted };
      const found = await guarded(() => service().check({ account: { ...known, password } }));
      if (!found.ok) {
        shown = found.certificate ?? shown;
        return { ok: false, reason: found.reason, ...(found.certificate && { certificate: found.certificate }) };
      }
      reasons.delete(id);
      if (password !== '')
        await secrets.set(secretOf(id), password).catch((error: Error) => console.error(error.message));
      return keep((all) => (before === undefined ? [...all, known] : all.map((one) => (one.id === id ? known : one))));
    },
    async remove(args) {
      const { id } = v.parse(idShape, args);
      const kept = await keep((all) => all.filter((known) => known.id !== id));
      if (kept.ok) await secrets.forget(secretOf(id)).catch((error: Error) => console.error(error.message));
      return kept;
    },
    async search(args) {
      const typed = v.safeParse(typedShape, args);
      if (!typed.success) return { ok: true, value: [] };
      return askAll((asking, account) => asking.search({ account, typed: typed.output }));
    },
    async byNumber(args) {
      const number = v.safeParse(numberShape, args);
      if (!number.success) return { ok: true, value: [] };
      return askAll((asking, account) => asking.byNumber({ account, number: number.output }));
    },
  };
}

const contactOf = (source: string, { key, draft: { photo: _, ...draft } }: FoundPerson): Contact => ({
  ...{ ...draft, id: `${source}/${key}`, source, favourite: false, hasPhoto: false },
});
