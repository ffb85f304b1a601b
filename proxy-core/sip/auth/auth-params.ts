/** The grammar that challenges and credentials share: `Scheme name=value, name="value"` (RFC 3261 §25.1, RFC 7235 §2.1). */
import { hasBlank, isToken, splitList, trim, unquote } from '../grammar/chars.ts';
import { fail, ok, type Result } from '../grammar/result.ts';

export interface AuthValue {
  /** In lower case, such as `digest`. */
  readonly scheme: string;
  /** By name in lower case; quotes and backslashes taken away. */
  readonly params: ReadonlyMap<string, string>;
}

/** More than this in one header is not meant for us. */
const MAX_PARAMS = 64;

/** Reads a header's value; several challenges may stand in one (RFC 7235 §4.1), so a list comes back. */
export function parseAuthValues(text: string): Result<AuthValue[]> {
  const values: { scheme: string; params: Map<string, string> }[] = [];
  const elements = splitList(text);
  if (elements.length > MAX_PARAMS) return fail('too many parameters');
  for (const element of elements) {
    const start = mayHaveScheme(element) ? /^([^\s="]+)[ \t]+(?=[^\s=])/.exec(element) : null;
    let pair = element;
    if (start?.[1] !== undefined) {
      values.push({ scheme: start[1].toLowerCase(), params: new Map() });
      pair = element.slice(start[0].length);
    }
    const equals = pair.indexOf('=');
    const name = trim(pair, 0, Math.max(equals, 0)).toLowerCase();
    const value = values.at(-1);
    if (value === undefined) return fail('no scheme');
    if (equals < 0 || !isToken(name)) {
      // Basic and others carry a token68 where digest has parameters: of no use here, but no fault either.
      if (value.scheme === 'digest') return fail('a malformed parameter');
      continue;
    }
    if (value.params.has(name)) return fail(`two ${name} parameters`);
    value.params.set(name, unquote(trim(pair, equals + 1)));
  }
  return values.length === 0 ? fail('an empty value') : ok(values);
}

/** Whether there is a blank before the first `=`: only one element in ten has one, and to look costs less than to match. */
function mayHaveScheme(element: string): boolean {
  const equals = element.indexOf('=');
  return hasBlank(element, 0, equals < 0 ? element.length : equals);
}
