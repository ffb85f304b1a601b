/** The calls that pass through the running exchange now. */
import * as v from 'valibot';
import type { Call, CallState } from '../../../server/calls/call.ts';
import type { CallRecord } from '../../../server/calls/record.ts';
import { deviceOf } from '../../../server/calls/record.ts';
import { type Aor, aorOf } from '../../../server/stores.ts';
import { type AdminParts, change, list } from '../area.ts';
import { AdminError } from '../errors.ts';
import { domainField, numberField } from '../fields.ts';
import { type Page, pageAfter, pageFields } from '../paging.ts';

type Shared = Pick<
  CallRecord,
  | 'id'
  | 'callId'
  | 'caller'
  | 'callerDevice'
  | 'callerAddress'
  | 'callee'
  | 'startedAt'
  | 'ringingAt'
  | 'answeredAt'
  | 'devices'
  | 'answeredBy'
>;

/** Times are in ms since 1970; 0 for what has not happened. */
export interface CallInfo extends Shared {
  readonly state: CallState;
  /** The exchange was started anew while it lasts. */
  readonly isInterrupted: boolean;
}

const callField = v.pipe(v.number('A call is named by its number.'), v.integer(), v.minValue(1));

const asked = { ...pageFields, number: v.optional(numberField), domain: v.optional(domainField) };
type Asked = v.InferOutput<v.ObjectSchema<typeof asked, undefined>>;

export const callsArea = {
  /** In the order in which they began; of one user, those in which he has a part now. */
  'calls.list': list(
    v.strictObject(asked),
    (query, parts): Page<CallInfo> => {
      const { after, limit, descending = false } = query;
      const last = Number(after ?? (descending ? Number.MAX_SAFE_INTEGER : 0));
      const found: Call[] = [];
      for (const call of callsOf(parts, query, descending)) {
        if (descending ? call.id >= last : call.id <= last) continue;
        if (isListed(call, query)) found.push(call);
        if (found.length === limit) break;
      }
      return pageAfter(found, limit, infoOf, ({ id }) => String(id));
    },
    {
      topic: 'calls',
      keyOf: ({ id }) => String(id),
      one(key, query, parts): CallInfo | undefined {
        const call = parts.exchange?.calls?.find(Number(key));
        if (call === undefined || !isListed(call, query)) return undefined;
        const aor = aorIn(query, parts);
        return aor === undefined || [...(parts.exchange?.calls?.of(aor) ?? [])].includes(call)
          ? infoOf(call)
          : undefined;
      },
    },
  ),

  /**
   * Stops a call from ringing. One that was answered is between its two sides: what only forwards has no part in it, and
   * cannot hang up.
   */
  'calls.end': change(v.strictObject({ id: callField }), ({ id }, { exchange, note }): CallInfo => {
    const call = exchange?.calls?.find(id);
    if (call === undefined) throw new AdminError('unknown', `No call ${id} is under way.`);
    const info = infoOf(call);
    if (call.state === 'answered') {
      throw new AdminError(
        'invalid',
        'Only the two who talk can end a call that was answered: an exchange only forwards.',
      );
    }
    if (exchange?.calls?.stop(call) !== true) {
      throw new AdminError('invalid', `Call ${id} is not sent to anybody yet: it ends or rings in a moment.`);
    }
    note(`call ${info.callId}`);
    return info;
  }),
};

function aorIn({ number, domain }: Asked, { store: { users } }: AdminParts): Aor | undefined {
  if (number === undefined) return undefined;
  const home = domain ?? users.defaultDomain;
  return aorOf(users.find(number, home)?.number ?? number, home);
}

function callsOf(parts: AdminParts, query: Asked, descending: boolean): Iterable<Call> {
  const book = parts.exchange?.calls;
  const aor = aorIn(query, parts);
  if (book === undefined) return [];
  if (aor === undefined) return descending ? [...book.all()].reverse() : book.all();
  return [...book.of(aor)].sort((a, b) => (descending ? b.id - a.id : a.id - b.id));
}

function isListed({ caller, callee, callId, devices }: Call, { text = '' }: Asked): boolean {
  if (text === '') return true;
  const words = [caller, callee].flatMap(({ number, domain, name }) => [number, domain, name]);
  for (const { contact, label, userAgent } of devices) words.push(contact, label, userAgent);
  return [...words, callId].join(' ').toLowerCase().includes(text.toLowerCase());
}

function infoOf(call: Call): CallInfo {
  const { id, callId, caller, callerDevice, callerAddress, callee, startedAt, ringingAt, answeredAt } = call;
  const at = call.answeredBy === undefined ? -1 : call.devices.indexOf(call.answeredBy);
  return {
    ...{ id, callId, caller, callerDevice, callerAddress, callee, startedAt, ringingAt, answeredAt },
    devices: call.devices.map((device) => deviceOf(device, at >= 0)),
    answeredBy: at < 0 ? undefined : at,
    state: call.state,
    isInterrupted: call.isRestored,
  };
}
