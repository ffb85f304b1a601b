/**
 * Everybody of an office with how he is, as an exchange of ours tells phones of ours: an event package of our own, since a
 * presence document and its place in a list take a kilobyte for each, and this takes forty bytes.
 */
import { toBytes, toText } from '../grammar/text.ts';

/** In Event, and the type of its documents. */
export const OFFICE_EVENT = 'tandem-office';
export const COLLEAGUES = 'application/vnd.tandem.colleagues+json';

/** `unknown`: not to be known to whoever reads it. */
const LETTERS = {
  available: 'a',
  'in-call': 'c',
  ringing: 'r',
  'do-not-disturb': 'd',
  offline: 'o',
  unknown: '-',
} as const;
export type ColleagueState = keyof typeof LETTERS;

export interface SeenColleague {
  readonly number: string;
  /** May be empty. */
  readonly name: string;
  readonly state: ColleagueState;
}

export interface Colleagues {
  readonly version: number;
  /** Of all of them, by the name that the exchange gives it. */
  readonly domain: string;
  /** Whoever was told before and is not told from here on is gone. */
  readonly isFull: boolean;
  /** More follows at once. */
  readonly hasMore: boolean;
  readonly users: readonly SeenColleague[];
  /** Numbers of those who are gone. */
  readonly gone: readonly string[];
}

export type ColleaguesRead =
  | { readonly ok: true; readonly value: Colleagues }
  | { readonly ok: false; readonly reason: string };

const LONGEST_NUMBER = 255;
const LONGEST_NAME = 200;

/** One of them, as it stands in documents: made once for all who read it. */
export const colleagueText = ({ number, name, state }: SeenColleague): string =>
  toBytes(JSON.stringify([number, name.slice(0, LONGEST_NAME), LETTERS[state]]));

/** @param users as `colleagueText` made them */
export function colleaguesText(
  { version, domain, isFull, hasMore, gone }: Omit<Colleagues, 'users'>,
  users: readonly string[],
): string {
  const rest = gone.length === 0 ? '' : `,"gone":${toBytes(JSON.stringify(gone))}`;
  const head = `{"version":${version},"domain":${toBytes(JSON.stringify(domain))}`;
  return `${head},"full":${isFull},"more":${hasMore},"users":[${users.join()}]${rest}}`;
}

/** What does not say who somebody is, or how, is passed over; a document of no use is refused. */
export function readColleagues(bytes: string): ColleaguesRead {
  let read: unknown;
  try {
    read = JSON.parse(toText(bytes));
  } catch {
    return { ok: false, reason: 'not a document of colleagues' };
  }
  if (typeof read !== 'object' || read === null) return { ok: false, reason: 'not a document of colleagues' };
  const { version, domain, full, more, users, gone = [] } = read as Record<string, unknown>;
  if (!Number.isSafeInteger(version) || !isName(domain) || !Array.isArray(users) || !Array.isArray(gone)) {
    return { ok: false, reason: 'not a document of colleagues' };
  }
  return {
    ok: true,
    value: {
      ...{ version: version as number, domain, isFull: full === true, hasMore: more === true },
      users: users.flatMap((one) => readOne(one) ?? []),
      gone: gone.filter(isName),
    },
  };
}

/** Of a user or a domain. */
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_NUMBER;

function readOne(one: unknown): SeenColleague | undefined {
  if (!Array.isArray(one)) return undefined;
  const [number, name, letter] = one as readonly unknown[];
  const state = (Object.keys(LETTERS) as ColleagueState[]).find((word) => LETTERS[word] === letter);
  if (!isName(number) || typeof name !== 'string' || state === undefined) return undefined;
  return { number, name: name.slice(0, LONGEST_NAME), state };
}
