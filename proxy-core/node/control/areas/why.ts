/** Why a call failed, why a user cannot be reached, what is wrong with an address: in sentences for an office manager. */
import { isIP } from 'node:net';
import * as v from 'valibot';
import type { Outcome } from '../../../server/calls/outcome.ts';
import type { CallRecord } from '../../../server/calls/record.ts';
import { type Aor, aorOf } from '../../../server/stores.ts';
import { findMessages } from '../../../server/trace/select.ts';
import { whyAddress, whyCall, whyUser } from '../../../server/why/explain.ts';
import type { Facts } from '../../../server/why/facts.ts';
import type { Reason } from '../../../server/why/reason.ts';
import { badSound, whyRecord } from '../../../server/why/records.ts';
import type { RecordQuery } from '../../store/index.ts';
import { method } from '../area.ts';
import { AdminError } from '../errors.ts';
import { domainField, hostField, numberField } from '../fields.ts';
import type { AdminParts } from '../parts.ts';
import { factsFor } from '../why-facts.ts';

export type WhyReason = Reason;

export interface WhyAnswer {
  readonly kind: 'call' | 'user' | 'address';
  /** What was asked about: a Call-ID, a number with its domain, an address. */
  readonly subject: string;
  /** At least one; the first is the best guess at what is to be done. */
  readonly reasons: readonly WhyReason[];
}

const DAY_MS = 86_400_000;
const MOST_RECORDS = 5;
const FAILED: ReadonlySet<Outcome> = new Set(['busy', 'no-answer', 'declined', 'not-found', 'unavailable', 'failed']);
/** So much is looked at, the newest. */
const MOST = { limit: 20_000, bytes: 32 * 1024 * 1024 };

export const whyArea = {
  why: method(
    v.strictObject({
      callId: v.optional(
        v.pipe(v.string(), v.minLength(1, 'A Call-ID has at least one character.'), v.maxLength(1024)),
      ),
      number: v.optional(numberField),
      domain: v.optional(domainField),
      address: v.optional(hostField),
      /** Any of the three, for whoever does not know what it is. */
      about: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1, 'Say what to ask about.'), v.maxLength(1024))),
    }),
    async ({ about, ...asked }, parts): Promise<WhyAnswer> => {
      const { callId, number, domain, address } = about === undefined ? asked : await guessed(about, parts);
      if (callId !== undefined) return ofCall(callId, parts);
      if (address !== undefined) return ofAddress(address, parts);
      if (number !== undefined) return ofUser(number, domain ?? parts.store.users.defaultDomain, parts);
      throw new AdminError('invalid', 'Say what to ask about: a Call-ID, a number or an address.');
    },
  ),
};

interface Asked {
  readonly callId?: string | undefined;
  readonly number?: string | undefined;
  readonly domain?: string | undefined;
  readonly address?: string | undefined;
}

/** An address looks like one; a call is known by the trace or by its record; what is left is a number. */
async function guessed(about: string, parts: AdminParts): Promise<Asked> {
  if (isIP(about.split('%', 1)[0] ?? '') !== 0) return { address: v.parse(hostField, about) };
  const trace = parts.exchange?.trace;
  if (trace !== undefined && (await findMessages(trace, { callId: about, limit: 1 })).length > 0)
    return { callId: about };
  const { users } = parts.store;
  const at = about.lastIndexOf('@');
  const [number, domain] = at < 0 ? [about, undefined] : [about.slice(0, at), about.slice(at + 1).toLowerCase()];
  if (domain !== undefined && !users.hasDomain(domain)) return { callId: about };
  const checked = v.safeParse(numberField, number);
  const isUser = checked.success && users.find(checked.output, domain ?? users.defaultDomain) !== undefined;
  if (!isUser && recordOf(about, parts) !== undefined) return { callId: about };
  return checked.success ? { number: checked.output, domain } : { callId: about };
}

async function ofCall(callId: string, parts: AdminParts): Promise<WhyAnswer> {
  const trace = parts.exchange?.trace;
  const messages = trace === undefined ? [] : await findMessages(trace, { callId, ...MOST });
  if (messages.length === 0) {
    const record = recordOf(callId, parts);
    if (record !== undefined) {
      const facts = await factsFor(parts, []);
      const heard = badSound(record, facts);
      return { kind: 'call', subject: callId, reasons: [...(heard ? [heard] : []), whyRecord(record, facts)] };
    }
    throw new AdminError(
      'unknown',
      trace === undefined
        ? `Nothing is kept of the call ${callId}: the exchange does not run, or keeps no messages.`
        : `Nothing is kept of the call ${callId}: "tandem trace list" shows what is.`,
    );
  }
  const facts = await factsFor(parts, messages);
  const record = recordOf(callId, parts);
  const heard = record === undefined ? undefined : badSound(record, facts);
  const reasons = whyCall(facts);
  if (heard === undefined) return { kind: 'call', subject: callId, reasons };
  return { kind: 'call', subject: callId, reasons: [heard, ...reasons.filter(({ key }) => key !== 'call.fine')] };
}

async function ofAddress(host: string, parts: AdminParts): Promise<WhyAnswer> {
  const trace = parts.exchange?.trace;
  const messages = trace === undefined ? [] : await findMessages(trace, { host, ...MOST });
  return { kind: 'address', subject: host, reasons: whyAddress(host, await factsFor(parts, messages)) };
}

async function ofUser(number: string, domain: string, parts: AdminParts): Promise<WhyAnswer> {
  const { users } = parts.store;
  if (!users.hasDomain(domain)) throw new AdminError('unknown', `There is no domain ${domain}.`);
  const user = users.find(number, domain);
  const numbers = [...new Set([number, user?.number ?? number, ...(user?.aliases ?? [])])];
  const trace = parts.exchange?.trace;
  const messages = trace === undefined ? [] : await findMessages(trace, { numbers, ...MOST });
  const facts = await factsFor(parts, messages);
  const aor = aorOf(user?.number ?? number, domain);
  const reasons = [...whyUser(number, domain, facts), ...earlierCalls(aor, facts, parts)];
  return { kind: 'user', subject: aor, reasons };
}

/** Calls to a user that failed within a day, and whose messages are gone. */
function earlierCalls(aor: Aor, facts: Facts, parts: AdminParts): Reason[] {
  const known = new Set(facts.stories.map(({ callId }) => callId));
  const records = recordsWith(parts, { parties: [aor], from: facts.now - DAY_MS, limit: 100 });
  const failed = records.filter(
    ({ callId, callee, outcome }) => callee.aor === aor && !known.has(callId) && FAILED.has(outcome),
  );
  return failed.slice(0, MOST_RECORDS).map((record) => whyRecord(record, facts));
}

const recordOf = (callId: string, parts: AdminParts): CallRecord | undefined =>
  recordsWith(parts, { text: callId, limit: 20 }).find((one) => one.callId === callId);

function recordsWith({ store: { calls } }: AdminParts, query: RecordQuery): readonly CallRecord[] {
  calls.records.flush();
  return calls.queries.page(query).items;
}
