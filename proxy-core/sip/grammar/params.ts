/**
 * Parameters of URIs and headers (`;name=value`), read in place: most are never asked for, so none is parsed ahead.
 * Names are compared without regard to case (RFC 3261 §7.3.1).
 */
import { afterQuoted, isToken, trim, unquote } from './chars.ts';

/** One parameter with its place in the text; `value` is undefined where there is no `=`. */
export interface Param {
  readonly name: string;
  readonly value: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** The parameter that begins at the `;` at `at`, or undefined at the end of the text. */
function paramAt(text: string, at: number): Param | undefined {
  if (at < 0 || at >= text.length) return undefined;
  let end = at + 1;
  let equals = -1;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 59) break;
    if (code === 61 && equals < 0) equals = end;
    else if (code === 34) {
      const after = afterQuoted(text, end);
      end = after < 0 ? text.length : after - 1;
    }
  }
  return {
    name: trim(text, at + 1, equals < 0 ? end : equals),
    value: equals < 0 ? undefined : trim(text, equals + 1, end),
    start: at,
    end,
  };
}

export function* eachParam(params: string): Generator<Param> {
  for (let at = params.indexOf(';'); at >= 0; ) {
    const param = paramAt(params, at);
    if (param === undefined) return;
    yield param;
    at = param.end;
  }
}

/** Whether every name is a token; asked of each message, so without the generator. */
export function namesAreTokens(params: string): boolean {
  for (let at = params.indexOf(';'); at >= 0; ) {
    const param = paramAt(params, at);
    if (param === undefined) return true;
    if (!isToken(param.name)) return false;
    at = param.end;
  }
  return true;
}

function findParam(params: string, name: string): Param | undefined {
  const wanted = name.toLowerCase();
  for (let at = params.indexOf(';'); at >= 0; ) {
    const param = paramAt(params, at);
    if (param === undefined) return undefined;
    if (param.name.length === wanted.length && param.name.toLowerCase() === wanted) return param;
    at = param.end;
  }
  return undefined;
}

/** The value without quotes; an empty string for a parameter without a value; undefined where there is none. */
export function getParam(params: string, name: string): string | undefined {
  if (params === '') return undefined;
  const param = findParam(params, name);
  return param === undefined ? undefined : unquote(param.value ?? '');
}

export const hasParam = (params: string, name: string): boolean => findParam(params, name) !== undefined;

export function withoutParam(params: string, name: string): string {
  const param = findParam(params, name);
  return param === undefined ? params : params.slice(0, param.start) + params.slice(param.end);
}

/** Sets a parameter in its place or at the end; `value` is written as given (quote it first where it needs quotes). */
export function withParam(params: string, name: string, value?: string): string {
  const text = value === undefined ? `;${name}` : `;${name}=${value}`;
  const param = findParam(params, name);
  return param === undefined ? params + text : params.slice(0, param.start) + text + params.slice(param.end);
}
