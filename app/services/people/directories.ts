/** Directories for the main process: asked by what was typed and by number, within bounds. */
import { createHash } from 'node:crypto';
import type { Entry } from 'ldapts';
import type { ContactDraft } from '../../shared/contact.ts';
import type { DirectoryAccount } from '../../shared/directories.ts';
import type { FoundPerson, PeopleServiceSchema } from '../../shared/people-service.ts';
import type { Handlers } from '../../shared/schema.ts';
import { fieldsWanted, isLookedFor, numberFields, numberFilter, searchFilter } from './directory-filter.ts';
import { type Asked, DirectoryLink } from './directory-link.ts';
import { outcome } from './outcome.ts';

const MAX_LINKS = 8;
/** Who has a number: more than a few share one hardly ever. */
const MOST_BY_NUMBER = 5;
const MAX_VALUE = 200;

type Directories = Handlers<PeopleServiceSchema>['directories'] & { close(): void };

export function createDirectories(loopback: () => boolean): Directories {
  const links = new Map<string, DirectoryLink>();

  const ask = async (account: DirectoryAccount, filter: string | undefined, most?: number): Promise<Found[]> => {
    if (filter === undefined) return [];
    const asked: Asked = { filter, fields: fieldsWanted(account), ...(most === undefined ? {} : { most }) };
    const entries = await linkTo(account).search(asked);
    return entries.flatMap((entry) => personOf(account, entry) ?? []);
  };
  const linkTo = (account: DirectoryAccount): DirectoryLink => {
    const key = JSON.stringify(account);
    const known = links.get(key);
    if (known !== undefined) return known;
    const [oldest] = links;
    if (links.size >= MAX_LINKS && oldest !== undefined) {
      oldest[1].close();
      links.delete(oldest[0]);
    }
    const made = new DirectoryLink(account, loopback());
    links.set(key, made);
    return made;
  };

  return {
    check: ({ account }) =>
      outcome(async () => {
        await linkTo(account).search({ filter: '(objectClass=*)', fields: ['1.1'], most: 1 });
        const filter = searchFilter(account, 'tandem');
        // What is wrong with a filter of one's own is found now, not while somebody types.
        if (filter !== undefined) await linkTo(account).search({ filter, fields: ['1.1'], most: 1 });
        return undefined;
      }),
    search: ({ account, typed }) =>
      outcome(async () => {
        const found = await ask(account, searchFilter(account, typed));
        return found.filter(({ draft, login }) => isLookedFor(account, typed, wordsOf(draft, login))).map(told);
      }),
    byNumber: ({ account, number }) =>
      outcome(async () => (await ask(account, numberFilter(account, number), MOST_BY_NUMBER)).map(told)),
    close() {
      for (const link of links.values()) link.close();
      links.clear();
    },
  };
}

/** With his name for signing in, which finds him too. */
interface Found extends FoundPerson {
  readonly login: string;
}

const told = ({ key, draft }: Found): FoundPerson => ({ key, draft });

const wordsOf = ({ name, company, emails, numbers }: ContactDraft, login: string): readonly string[] => [
  ...[name, company, login, ...emails],
  ...numbers.map(({ value }) => value),
];

function personOf(account: DirectoryAccount, entry: Entry): Found | undefined {
  const fields = new Map(Object.entries(entry).map(([name, value]) => [name.toLowerCase(), textsOf(value)]));
  const first = (...names: string[]): string => names.flatMap((name) => fields.get(name.toLowerCase()) ?? [])[0] ?? '';
  const numbers = numberFields(account).flatMap(([name, kind]) =>
    (fields.get(name.toLowerCase()) ?? []).map((value) => ({ kind, value })),
  );
  const name = first('displayName', 'cn') || [first('givenName'), first('sn')].filter(Boolean).join(' ');
  if (name === '' || numbers.length === 0) return undefined;
  const unlike = new Map(numbers.map((one) => [one.value, one]));
  const draft: ContactDraft = {
    ...{ name, company: first('company', 'o', 'department', 'ou'), note: '', photo: '' },
    numbers: [...unlike.values()].slice(0, 20),
    emails: (fields.get('mail') ?? []).slice(0, 5),
  };
  return { key: createHash('sha256').update(entry.dn).digest('hex').slice(0, 32), draft, login: first('uid') };
}

const textsOf = (value: unknown): string[] =>
  [value]
    .flat()
    .filter((one): one is string => typeof one === 'string')
    .map((one) =>
      one
        .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
        .trim()
        .slice(0, MAX_VALUE),
    )
    .filter((one) => one !== '');
