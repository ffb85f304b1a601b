/** The messages of the last minutes: of whom, what they said, and as a file for Wireshark. Secrets are always masked. */
import * as v from 'valibot';
import { CallList, type TracedCall } from '../../../server/trace/calls.ts';
import type { TraceStore } from '../../../server/trace/entry.ts';
import { type Ladder, ladderOf } from '../../../server/trace/ladder.ts';
import { eachMessage, findMessages, type Wanted } from '../../../server/trace/select.ts';
import { type MessageSummary, summaryOf } from '../../../server/trace/summary.ts';
import { shownWire } from '../../../server/trace/text.ts';
import { packetsOf } from '../../trace/pcap/capture.ts';
import { pcapng } from '../../trace/pcap/pcapng.ts';
import { version } from '../../version.ts';
import { method } from '../area.ts';
import { AdminError } from '../errors.ts';
import { domainField, hostField, numberField } from '../fields.ts';
import type { AdminParts } from '../parts.ts';

/** A message with its text. */
export interface ShownMessage extends MessageSummary {
  /** As it was, line feeds alone, secrets masked. */
  readonly text: string;
}

const moment = v.optional(v.pipe(v.number(), v.minValue(0)));

/** Whose messages; all that is given must hold. `since` and `until` in ms since 1970. */
const whose = {
  callId: v.optional(v.pipe(v.string(), v.minLength(1, 'A Call-ID has at least one character.'), v.maxLength(1024))),
  user: v.optional(numberField),
  domain: v.optional(domainField),
  address: v.optional(hostField),
  since: moment,
  until: moment,
};
const most = (usual: number, atMost: number) =>
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(atMost)), usual);
/** Leaves the texts of MESSAGE and the digits of INFO readable. */
const bodies = v.optional(v.boolean(), false);
const after = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)));

type Asked = v.InferOutput<v.ObjectSchema<typeof whose, undefined>>;

export const traceArea = {
  'trace.list': method(
    v.strictObject({ ...whose, limit: most(100, 5_000) }),
    async ({ limit, ...asked }, parts): Promise<readonly TracedCall[]> => {
      const calls = new CallList();
      for await (const batch of eachMessage(storeOf(parts), wantedOf(asked, parts, limit)))
        for (const read of batch) if (read.callId !== '') calls.add(read);
      return calls.newest(limit);
    },
  ),

  /** Without `after` the newest, else those that came behind that message; all in their order. */
  'trace.show': method(
    v.strictObject({ ...whose, after, limit: most(500, 5_000), bodies }),
    async ({ limit, after, bodies: showsBodies, ...asked }, parts): Promise<readonly ShownMessage[]> => {
      const found = await findMessages(storeOf(parts), { ...wantedOf(asked, parts, limit), after });
      return found.map((read) => ({ ...summaryOf(read), text: shownWire(read, { showsBodies }) }));
    },
  ),

  'trace.ladder': method(
    v.strictObject({ ...whose, limit: most(500, 5_000) }),
    async ({ limit, ...asked }, parts): Promise<Ladder> =>
      ladderOf(await findMessages(storeOf(parts), wantedOf(asked, parts, limit))),
  ),

  /** A pcapng file, in base64. */
  'trace.pcap': method(
    v.strictObject({ ...whose, limit: most(20_000, 50_000), bodies }),
    async ({ limit, bodies: showsBodies, ...asked }, parts): Promise<{ messages: number; file: string }> => {
      const wanted = { ...wantedOf(asked, parts, limit), bytes: LARGEST_CAPTURE };
      const found = await findMessages(storeOf(parts), wanted);
      const file = pcapng(packetsOf(found, { showsBodies }), `Tandem ${version}`);
      return { messages: found.length, file: file.toString('base64') };
    },
  ),
};

/** In bytes of messages; headers of packets and base64 come on top. */
const LARGEST_CAPTURE = 32 * 1024 * 1024;

function storeOf({ exchange }: AdminParts): TraceStore {
  const trace = exchange?.trace;
  if (trace !== undefined) return trace;
  throw new AdminError(
    'unknown',
    exchange === undefined
      ? 'There is no trace: no exchange is running.'
      : 'There is no trace: the exchange was started with --trace-memory 0.',
  );
}

function wantedOf({ user, domain, address, ...rest }: Asked, { store: { users } }: AdminParts, limit: number): Wanted {
  const known = user === undefined ? undefined : users.find(user, domain ?? users.defaultDomain);
  const numbers = user === undefined ? undefined : [user, ...(known?.aliases ?? []), ...(known ? [known.number] : [])];
  return { ...rest, limit, numbers: numbers === undefined ? undefined : [...new Set(numbers)], host: address };
}
