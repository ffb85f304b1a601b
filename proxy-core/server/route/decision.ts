/** Reads what a step of the office answered. It may be anything: the file was written by people, and types are erased. */
import { isToken } from '../../sip/grammar/chars.ts';
import { fail, ok, type Result } from '../../sip/grammar/result.ts';
import { toBytes } from '../../sip/grammar/text.ts';
import { H, headerId } from '../../sip/message/names.ts';
import type { HeaderEdits } from '../request-context.ts';

export interface WantedTarget {
  /** A bare number or a URI, as a binary string. */
  readonly text: string;
  /** In thousandths. */
  readonly q: number;
}

export type Decision =
  | { readonly kind: 'continue'; readonly edits: HeaderEdits | undefined }
  | { readonly kind: 'reject'; readonly status: number; readonly reason: string | undefined; readonly headers: Lines }
  | { readonly kind: 'redirect'; readonly status: number; readonly targets: readonly WantedTarget[] }
  | { readonly kind: 'send'; readonly targets: readonly WantedTarget[]; readonly edits: HeaderEdits | undefined };

type Lines = readonly (readonly [name: string, value: string])[];
type Fields = Readonly<Record<string, unknown>>;

const CONTINUE: Result<Decision> = ok({ kind: 'continue', edits: undefined });
const MAX_TARGETS = 50;
/** Without these a message finds neither its way nor its dialog. */
const UNTOUCHABLE: ReadonlySet<number> = new Set<number>([
  ...[H.Via, H.From, H.To, H.CallId, H.CSeq, H.MaxForwards, H.MaxBreadth, H.Route, H.RecordRoute, H.Contact],
  ...[H.ContentLength, H.ContentType, H.ContentEncoding, H.Require, H.ProxyRequire, H.ProxyAuthorization],
]);

/** @returns what was meant, or in one sentence why it cannot be done. */
export function readDecision(answer: unknown): Result<Decision> {
  if (answer === undefined || answer === 'continue') return CONTINUE;
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    return fail(`it answered ${describe(answer)}, which is none of the answers that there are`);
  }
  const fields = answer as Fields;
  const kinds = ['reject', 'redirect', 'send'].filter((kind) => fields[kind] !== undefined);
  if (kinds.length > 1) return fail(`it answered ${kinds.join(' and ')} at once`);
  switch (kinds[0]) {
    case 'reject':
      return readReject(fields);
    case 'redirect':
      return readRedirect(fields);
    case 'send':
      return readSend(fields);
    default: {
      if (fields.headers === undefined) return fail('it answered an object without reject, redirect, send or headers');
      const edits = readChanges(fields.headers);
      return edits.ok ? ok({ kind: 'continue', edits: edits.value }) : edits;
    }
  }
}

function readReject({ reject, reason, headers }: Fields): Result<Decision> {
  if (typeof reject !== 'number' || !Number.isInteger(reject) || reject < 400 || reject > 699) {
    return fail(`reject is a status from 400 to 699, not ${describe(reject)}`);
  }
  if (reason !== undefined && !isLine(reason)) return fail('reason is one line of text');
  const lines = headers === undefined ? ok([]) : readLines(headers);
  if (!lines.ok) return lines;
  return ok({
    kind: 'reject',
    status: reject,
    reason: reason === undefined ? undefined : toBytes(reason),
    headers: lines.value,
  });
}

function readRedirect({ redirect, status = 302 }: Fields): Result<Decision> {
  if (status !== 300 && status !== 301 && status !== 302) {
    return fail(`the status of redirect is 300, 301 or 302, not ${describe(status)}`);
  }
  const targets = readTargets(redirect, 'redirect');
  return targets.ok ? ok({ kind: 'redirect', status, targets: targets.value }) : targets;
}

function readSend({ send, headers }: Fields): Result<Decision> {
  const targets = readTargets(send, 'send');
  if (!targets.ok) return targets;
  const edits = readChanges(headers ?? {});
  return edits.ok ? ok({ kind: 'send', targets: targets.value, edits: edits.value }) : edits;
}

function readTargets(value: unknown, field: string): Result<readonly WantedTarget[]> {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || list.length > MAX_TARGETS) return fail(`${field} names 1 to ${MAX_TARGETS} targets`);
  const targets: WantedTarget[] = [];
  for (const item of list) {
    const { uri, q = 1 } = (typeof item === 'object' && item !== null ? item : { uri: item }) as Fields;
    if (!isLine(uri) || uri === '') return fail(`a target of ${field} is a number or a URI, not ${describe(item)}`);
    if (typeof q !== 'number' || !(q >= 0 && q <= 1)) return fail(`q goes from 0 to 1, and ${describe(q)} does not`);
    targets.push({ text: toBytes(uri), q: Math.round(q * 1000) });
  }
  return ok(targets);
}

function readChanges(value: unknown): Result<HeaderEdits | undefined> {
  if (typeof value !== 'object' || value === null) return fail('headers is an object with remove and add');
  const { remove = [], add = {}, ...rest } = value as Fields;
  const [stray] = Object.keys(rest);
  if (stray !== undefined) return fail(`headers has remove and add, but no ${describe(stray)}`);
  if (!Array.isArray(remove)) return fail('remove is a list of header names');
  const names: string[] = [];
  for (const name of remove as readonly unknown[]) {
    const checked = readName(name);
    if (!checked.ok) return checked;
    names.push(checked.value);
  }
  const lines = readLines(add);
  if (!lines.ok) return lines;
  return ok(names.length === 0 && lines.value.length === 0 ? undefined : { remove: names, add: lines.value });
}

function readLines(value: unknown): Result<Lines> {
  if (typeof value !== 'object' || value === null) return fail('headers are an object of names and values');
  const lines: [string, string][] = [];
  for (const [name, values] of Object.entries(value)) {
    const checked = readName(name);
    if (!checked.ok) return checked;
    for (const one of Array.isArray(values) ? (values as readonly unknown[]) : [values]) {
      if (!isLine(one)) return fail(`the value of ${name} is one line of text, not ${describe(one)}`);
      lines.push([checked.value, toBytes(one)]);
    }
  }
  return ok(lines);
}

function readName(name: unknown): Result<string> {
  if (typeof name !== 'string' || !isToken(name)) return fail(`${describe(name)} is no name of a header`);
  return UNTOUCHABLE.has(headerId(name)) ? fail(`the header ${name} cannot be changed`) : ok(name);
}

const isLine = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 1024 && !/[\r\n\0]/.test(value);

/** Short, and without running anything of the answer's own. */
function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
