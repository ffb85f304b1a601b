/** The grammar that challenges and credentials share: `Scheme name=value, name="value"` (RFC 3261 §25.1, RFC 7235 §2.1). */
import { afterQuoted, afterToken, beforeSpace, indexWithin, skipSpace, unquote } from '../grammar/chars.ts';
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
  let value: (typeof values)[number] | undefined;
  let count = 0;
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    if (text.charCodeAt(at) === COMMA) {
      at++;
      continue;
    }
    const wordEnd = afterToken(text, at);
    const next = skipSpace(text, wordEnd);
    const isParam = text.charCodeAt(next) === EQUALS;
    if (!isParam && wordEnd > at && next > wordEnd && text.charCodeAt(next) !== COMMA) {
      value = { scheme: text.slice(at, wordEnd).toLowerCase(), params: new Map() };
      values.push(value);
      at = next;
      continue;
    }
    if (++count > MAX_PARAMS) return fail('too many parameters');
    if (value === undefined) return fail('no scheme');
    const start = skipSpace(text, next + 1);
    const isQuoted = text.charCodeAt(start) === QUOTE;
    const end = isQuoted ? afterQuoted(text, start) : indexWithin(text, ',', next, text.length);
    if (wordEnd === at || !isParam || end < 0) {
      // Basic and others carry a token68 where digest has parameters: of no use here, but no fault either.
      if (value.scheme === 'digest') return fail('a malformed parameter');
      at = indexWithin(text, ',', next, text.length);
      continue;
    }
    const name = text.slice(at, wordEnd).toLowerCase();
    if (value.params.has(name)) return fail(`two ${name} parameters`);
    value.params.set(
      name,
      isQuoted ? unquote(text.slice(start, end)) : text.slice(start, beforeSpace(text, start, end)),
    );
    at = end;
  }
  return values.length === 0 ? fail('an empty value') : ok(values);
}

const QUOTE = 34;
const COMMA = 44;
const EQUALS = 61;
