/** Calls that have ended: what is on record of them, how long it is kept, and who is told of each. */
import * as v from 'valibot';
import { outcomes } from '../../../server/calls/outcome.ts';
import type { CallRecord } from '../../../server/calls/record.ts';
import { aorOf } from '../../../server/stores.ts';
import { type CallCount, isWanted, QUARTER_MS, type RecordLimits, type RecordQuery } from '../../store/index.ts';
import { type AdminParts, list, method } from '../area.ts';
import { recordsSubjects } from '../audit/records-kind.ts';
import { AdminError } from '../errors.ts';
import { domainField, numberField } from '../fields.ts';
import type { Page } from '../paging.ts';
import { recordHead, recordLine } from '../record-csv.ts';

export type RecordInfo = CallRecord;

/** Of what is waiting to be told by webhook. */
export interface WebhookInfo {
  /** Absent where nobody is told. */
  readonly url?: string;
  /** Deliveries are signed. */
  readonly hasSecret: boolean;
  readonly waiting: number;
  /** Never told, since the exchange was started. */
  readonly givenUp: number;
}

const timeField = v.pipe(v.number('A time is a number of ms since 1970.'), v.minValue(0));
const MOST_STEPS = 1_000;
const quarterField = v.pipe(
  timeField,
  v.multipleOf(QUARTER_MS, 'Calls are counted by quarters of an hour: multiples of 900000 ms.'),
);
const textField = v.pipe(v.string(), v.maxLength(128, 'A searched text has at most 128 characters.'));

/** Those that are asked for; each narrows the others. */
const wanted = {
  /** A user of ours by number or alias, of `domain`. */
  user: v.optional(numberField),
  domain: v.optional(domainField),
  /** Anybody's number: of ours in any domain, or elsewhere. */
  number: v.optional(v.pipe(v.string(), v.maxLength(128))),
  /** When the call began, ms since 1970: at or after the one, before the other. */
  from: v.optional(timeField),
  to: v.optional(timeField),
  outcome: v.optional(v.picklist(outcomes)),
  text: v.optional(textField),
  after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,16}$/, 'That is not the end of a page.'))),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000)), 200),
  /** The latest first. */
  descending: v.optional(v.boolean()),
};
type Wanted = v.InferOutput<v.ObjectSchema<typeof wanted, undefined>>;

const days = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(36_500));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000_000));

const urlField = v.pipe(
  v.string(),
  v.maxLength(2_048, 'A URL has at most 2048 characters.'),
  v.check(isWebAddress, 'A webhook is a URL that begins with https:// or http://, without a user name.'),
);
const secretField = v.pipe(
  v.string(),
  v.check((text) => text === '' || (text.length >= 16 && text.length <= 256), 'A secret has 16 to 256 characters.'),
);

export const recordsArea = {
  /** A page may hold less than `limit`, also nothing, while `next` is there. */
  'records.list': list(v.strictObject(wanted), (asked, parts): Page<RecordInfo> => pageOf(asked, parts), {
    topic: 'records',
    keyOf: ({ id }) => String(id),
    one(key, asked, parts): RecordInfo | undefined {
      const record = parts.store.calls.queries.find(Number(key));
      return record !== undefined && isWanted(record, queryOf(asked, parts)) ? record : undefined;
    },
  }),

  'records.show': method(
    v.strictObject({ id: v.pipe(v.number(), v.integer()) }),
    ({ id }, { store: { calls } }): RecordInfo => {
      calls.records.flush();
      const found = calls.queries.find(id);
      if (found === undefined) throw new AdminError('unknown', `No call ${id} is on record.`);
      return found;
    },
  ),

  /** A page of `records.list` as CSV (RFC 4180); the first begins with the names of the columns. */
  'records.export': method(
    v.strictObject(wanted),
    (asked, parts): { readonly csv: string; readonly count: number; readonly next?: string } => {
      const { items, next } = pageOf(asked, parts);
      const head = asked.after === undefined ? recordHead : '';
      const csv = head + items.map(recordLine).join('');
      return { csv, count: items.length, ...(next !== undefined && { next }) };
    },
  ),

  /** How many calls began in each step of that time, and how they came out; also where their records are gone. */
  'records.counts': method(
    v.pipe(
      v.strictObject({ from: quarterField, to: quarterField, step: v.pipe(quarterField, v.minValue(QUARTER_MS)) }),
      v.check(({ from, to, step }) => (to - from) / step <= MOST_STEPS, `At most ${MOST_STEPS} steps are counted.`),
    ),
    ({ from, to, step }, { store: { calls } }): { readonly items: readonly CallCount[] } => {
      calls.records.flush();
      return { items: calls.records.counts.between(from, to, step) };
    },
  ),

  /** How long records are kept; sets what is given. 0 days is for ever. */
  'records.keep': method(
    v.strictObject({ days: v.optional(days), count: v.optional(count) }),
    (asked, { store: { calls }, record }): RecordLimits & { readonly records: number } => {
      const { limits } = calls.settings;
      if (asked.days !== undefined || asked.count !== undefined) {
        record(recordsSubjects, () => {
          calls.settings.limits = { days: asked.days ?? limits.days, count: asked.count ?? limits.count };
        });
      }
      calls.records.flush();
      return { ...calls.settings.limits, records: calls.records.size };
    },
  ),

  /** Who is told of each call that ends; sets what is given. An empty URL ends it, an empty secret ends the signing. */
  'records.webhook': method(
    v.strictObject({ url: v.optional(v.union([v.literal(''), urlField])), secret: v.optional(secretField) }),
    ({ url, secret }, { store: { calls }, record }): WebhookInfo => {
      const { settings, webhooks } = calls;
      if (url !== undefined || secret !== undefined) {
        const before = settings.webhook;
        record(recordsSubjects, () => {
          settings.webhook = {
            url: url === '' ? undefined : (url ?? before.url),
            secret: secret ?? before.secret,
          };
        });
        if (url === '') webhooks.clear();
      }
      const { webhook } = settings;
      return {
        ...(webhook.url !== undefined && { url: webhook.url }),
        ...{ hasSecret: webhook.secret !== '', waiting: webhooks.size, givenUp: webhooks.givenUp },
      };
    },
  ),
};

function pageOf(asked: Wanted, parts: AdminParts): Page<RecordInfo> {
  const { calls } = parts.store;
  calls.records.flush();
  const { items, next } = calls.queries.page(queryOf(asked, parts));
  return next === undefined ? { items } : { items, next: String(next) };
}

function queryOf(
  { user, domain, number, after, descending, ...asked }: Wanted,
  { store: { users } }: AdminParts,
): RecordQuery {
  let parties: string[] | undefined;
  if (user !== undefined) {
    const home = domain ?? users.defaultDomain;
    // Records of one who is gone stay.
    parties = [aorOf(users.find(user, home)?.number ?? user, home)];
  } else if (number !== undefined) parties = [number, ...users.domains().map((one) => aorOf(number, one))];
  return { ...asked, parties, ascending: descending !== true, after: after === undefined ? undefined : Number(after) };
}

function isWebAddress(text: string): boolean {
  try {
    const { protocol, username, password } = new URL(text);
    return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
  } catch {
    return false;
  }
}
