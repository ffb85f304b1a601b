/** Call records as rows: what is found by an index stands in columns of its own, all else in one text. */
import type { CallRecord } from '../../server/calls/record.ts';
import type { Aor } from '../../server/stores.ts';

export interface RecordRow {
  readonly id: number;
  readonly record: string;
}

/** @throws SyntaxError where the row is damaged. */
export const recordIn = ({ record }: Pick<RecordRow, 'record'>): CallRecord => JSON.parse(record);

export const textOf = (record: CallRecord): string => JSON.stringify(record);

/** Whether this user of ours had a part in it. */
export const hasPart = (aor: Aor, { caller, callee, devices }: CallRecord): boolean =>
  caller.aor === aor || callee.aor === aor || devices.some((device) => device.aor === aor);

/** By whom a record is found: users by their AOR, and any number that is no user's. */
export function partiesIn({ caller, callee, devices }: CallRecord): string[] {
  const parties: string[] = [];
  const add = (party: string | undefined): void => {
    if (party !== undefined && !parties.includes(party)) parties.push(party);
  };
  add(caller.aor);
  add(callee.aor);
  for (const { aor } of devices) add(aor);
  for (const { aor, number } of [caller, callee]) {
    if (number !== '' && aor?.startsWith(`${number}@`) !== true) add(number);
  }
  return parties;
}

/** What a search looks through. */
export function wordsIn({ callId, caller, callerDevice, callee, devices }: CallRecord): string {
  const words = [caller.number, caller.domain, caller.name, callerDevice, callee.number, callee.domain, callee.name];
  for (const { aor = '', contact, label, userAgent } of devices) words.push(aor, contact, label, userAgent);
  return [...words, callId].join(' ').toLowerCase();
}
