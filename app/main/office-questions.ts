/** What the page asks of the exchange is looked at before it goes there, and records that it exports are saved. */
import * as v from 'valibot';
import type { BridgeSchema, Outcome } from '../shared/bridge.ts';
import type { Handlers } from '../shared/schema.ts';
import type { Office } from './office.ts';

type Questions = Handlers<BridgeSchema>['office'];

const question = v.strictObject({
  method: v.pipe(v.string(), v.maxLength(100)),
  params: v.record(v.string(), v.unknown()),
});
const which = v.strictObject({ watch: v.pipe(v.number(), v.integer()) });
/** As much of a file of users as a page may send. */
const MAX_USER_FILE = 24 * 1024 * 1024;
const userFile = v.strictObject({ csv: v.pipe(v.string(), v.maxLength(MAX_USER_FILE, 'That file is too large.')) });
const filter = v.record(v.string(), v.unknown());

const notWritten = (error: unknown): { readonly ok: false; readonly reason: string } => ({
  ok: false,
  reason: `The file could not be written: ${(error as Error).message}.`,
});

const unusable = { ok: false, reason: 'That question makes no sense.' } as const;

/** Whether a number or a password is good enough is the exchange's to say, not ours. */
export function checkedQuestions(admin: Office['admin']): Office['admin'] {
  const checked =
    <Args, Result>(shape: v.GenericSchema<unknown, Args>, next: (args: Args) => Result) =>
    (args: unknown) => {
      const parsed = v.safeParse(shape, args);
      return parsed.success ? next(parsed.output) : unusable;
    };
  return {
    ask: checked(question, admin.ask),
    watch: checked(question, admin.watch),
    next: checked(which, admin.next),
    unwatch: checked(which, admin.unwatch),
    importUsers: checked(userFile, admin.importUsers),
  };
}

export interface ExportPorts {
  /** Asks the person; undefined where he does not want to. */
  readonly chooseFile: () => Promise<string | undefined>;
  /** Writes, or appends to, a file. */
  readonly write: (file: string, text: string, begin: boolean) => Promise<void>;
}

/** All users into a file of the person's choice, which only its owner may read. */
export function userExporter(
  office: Pick<Office, 'exportUsers'>,
  save: (csv: string) => Promise<boolean>,
): Questions['exportUsers'] {
  return async () => {
    const users = await office.exportUsers();
    if (!users.ok) return users;
    try {
      return { ok: true, value: (await save(users.value.csv)) ? users.value.count : null };
    } catch (error) {
      return notWritten(error);
    }
  };
}

/** Pages of call records into a file of the person's choice. */
export function recordExporter(admin: Pick<Office['admin'], 'ask'>, ports: ExportPorts): Questions['exportRecords'] {
  return async (wanted: unknown): Promise<Outcome<number | null>> => {
    const asked = v.safeParse(filter, wanted);
    if (!asked.success) return unusable;
    const file = await ports.chooseFile();
    if (file === undefined) return { ok: true, value: null };
    let total = 0;
    let after: string | undefined;
    let begin = true;
    do {
      const params = { ...asked.output, limit: 1_000, ...(after === undefined ? {} : { after }) };
      const answer = await admin.ask({ method: 'records.export', params });
      if (!answer.ok) return answer;
      const page = answer.value as { readonly csv: string; readonly count: number; readonly next?: string };
      try {
        await ports.write(file, page.csv, begin);
      } catch (error) {
        return notWritten(error);
      }
      begin = false;
      total += page.count;
      after = page.next;
    } while (after !== undefined);
    return { ok: true, value: total };
  };
}
