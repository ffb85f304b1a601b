/** The credentials of a request: Authorization and Proxy-Authorization, read (RFC 3261 §20.7, RFC 7616 §3.4). */
import { fail, ok, type Result } from '../grammar/result.ts';
import { parseAuthValues } from './auth-params.ts';
import { type DigestAlgorithm, readAlgorithm } from './hashes.ts';

export interface Credentials {
  /** A binary string, as are all others. */
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  /** In lower case. */
  readonly response: string;
  readonly algorithm: DigestAlgorithm;
  readonly session: boolean;
  readonly qop: 'auth' | 'auth-int' | undefined;
  readonly cnonce: string;
  /** Eight hex digits, as sent; empty without qop. */
  readonly nc: string;
  readonly opaque: string | undefined;
}

/** Reads one header's value. An error says what is wrong with it, for a 400 or the log. */
export function parseCredentials(text: string): Result<Credentials> {
  const parsed = parseAuthValues(text);
  if (!parsed.ok) return fail(`${parsed.error} in the credentials`);
  const [value, more] = parsed.value;
  if (value === undefined || more !== undefined) return fail('not exactly one set of credentials');
  if (value.scheme !== 'digest') return fail(`credentials of the scheme ${value.scheme}, not digest`);
  const { params } = value;
  const username = params.get('username');
  const realm = params.get('realm');
  const nonce = params.get('nonce');
  const uri = params.get('uri');
  const response = params.get('response')?.toLowerCase();
  if (username === undefined || realm === undefined || nonce === undefined || uri === undefined) {
    return fail('credentials without username, realm, nonce or uri');
  }
  if (response === undefined || !/^(?:[0-9a-f]{32}|[0-9a-f]{64})$/.test(response)) {
    return fail('credentials without a well-formed response');
  }
  const known = readAlgorithm(params.get('algorithm'));
  if (known === undefined) return fail('credentials with an unknown algorithm');
  const qop = params.get('qop')?.toLowerCase();
  if (qop !== undefined && qop !== 'auth' && qop !== 'auth-int') return fail('credentials with an unknown qop');
  const cnonce = params.get('cnonce') ?? '';
  const nc = params.get('nc') ?? '';
  if (qop !== undefined && (cnonce === '' || !/^[0-9a-fA-F]{8}$/.test(nc))) {
    return fail('credentials with qop but without cnonce or nc');
  }
  return ok({ username, realm, nonce, uri, response, ...known, qop, cnonce, nc, opaque: params.get('opaque') });
}
