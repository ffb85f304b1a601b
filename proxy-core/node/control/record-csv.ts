/** Call records as lines of CSV (RFC 4180) that a spreadsheet opens without coming alive. */
import type { CallRecord } from '../../server/calls/record.ts';
import { csvLine } from '../csv-line.ts';

const columns: readonly (readonly [string, (record: CallRecord) => string])[] = [
  ['id', ({ id }) => String(id)],
  ['started', ({ startedAt }) => timeOf(startedAt)],
  ['answered', ({ answeredAt }) => timeOf(answeredAt)],
  ['ended', ({ endedAt }) => timeOf(endedAt)],
  ['seconds', ({ seconds }) => String(seconds)],
  ['caller', ({ caller }) => caller.number],
  ['caller_domain', ({ caller }) => caller.domain],
  ['caller_name', ({ caller }) => caller.name],
  ['called', ({ callee }) => callee.number],
  ['called_domain', ({ callee }) => callee.domain],
  ['called_name', ({ callee }) => callee.name],
  ['answered_by', ({ devices, answeredBy = -1 }) => devices[answeredBy]?.aor ?? devices[answeredBy]?.contact ?? ''],
  ['outcome', ({ outcome }) => outcome],
  ['status', ({ status }) => String(status)],
  ['cause', ({ cause }) => String(cause ?? '')],
  ['ended_by', ({ endedBy }) => endedBy],
  ['lost', ({ lost = '' }) => lost],
  ['reason', ({ reason }) => reason],
  [
    'rang',
    ({ devices }) =>
      devices
        .filter(({ ringingAt }) => ringingAt > 0)
        .map(({ contact }) => contact)
        .join(' '),
  ],
  ['mos', ({ quality }) => String(quality[0]?.local.mosListening ?? quality[0]?.local.mosConversation ?? '')],
  ['loss_percent', ({ quality }) => String(quality[0]?.local.lossPercent ?? '')],
  ['call_id', ({ callId }) => callId],
];

export const recordHead = csvLine(columns.map(([name]) => name));

export const recordLine = (record: CallRecord): string => csvLine(columns.map(([, cell]) => harmless(cell(record))));

/** In UTC; empty for what did not happen. */
const timeOf = (ms: number): string => (ms === 0 ? '' : new Date(ms).toISOString());

/** What a spreadsheet would take for a formula begins with an apostrophe; a mere number, such as +4930, it may count. */
const harmless = (text: string): string =>
  /^[=+\-@\t\r\n]/.test(text) && !/^[+-]?[\d ]+$/.test(text) ? `'${text}` : text;
