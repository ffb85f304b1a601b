/**
 * Whom a link from elsewhere means: `tel:` (RFC 3966), `sip:` and `sips:` (RFC 3261 §19.1), `callto:`. Any page and any
 * letter may have written it: it gives a number or an address for the person to look at, and nothing else. The links of
 * our own are read in `computer/dial-inbox.ts`.
 */
import { parseUri } from '../../proxy-core/sip/grammar/uri.ts';
import type { Outcome } from '../shared/bridge.ts';

/** The last one is our own, for the code of an office. */
export const LINK_SCHEMES = ['tel', 'sip', 'sips', 'callto', 'tandem'] as const;

const LINK = /^(tel|sips?|callto|tandem):(?:\/\/)?(.*)$/is;
/** Longer is no number and no address. */
const MAX_LINK = 1_000;
/** Of which nothing is to be seen, or which turn around what stands beside them. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** What people put between digits. */
const SEPARATORS = /[\s./()\u2010-\u2015-]/g;
const NUMBER = /^\+?[\d*#]{1,40}$/;
const PREFIX = /^\+\d{1,15}$/;
const NAME = /^[\w.+-]{1,64}$/;

export const isLink = (text: string): boolean => LINK.test(text);

/** That it is too long can still be seen of what is left. */
export const cutLink = (text: string): string => text.slice(0, MAX_LINK + 1);

const NOBODY: Outcome<string> = { ok: false, reason: 'The link has no number and no address in it.' };
const TOO_LONG: Outcome<string> = { ok: false, reason: 'The link is too long for a number or an address.' };
const HIDDEN: Outcome<string> = {
  ok: false,
  reason: 'The link has signs in it that cannot be seen, and was not taken.',
};
const WANTS_MORE: Outcome<string> = {
  ok: false,
  reason: 'The link wants more than to call somebody, and was not taken.',
};

/** Gives what stands in the field then. */
export function readLink(text: string): Outcome<string> {
  if (text.length > MAX_LINK) return TOO_LONG;
  const [, scheme = '', rest = ''] = LINK.exec(text.trim()) ?? [];
  const plain = decoded(rest);
  if (plain === undefined || scheme === '') return NOBODY;
  if (UNSEEN.test(plain)) return HIDDEN;
  switch (scheme.toLowerCase()) {
    case 'tel':
      return numberIn(plain);
    case 'callto': {
      const [whom = ''] = plain.split('?');
      if (whom.includes('@')) return addressIn('sip', whom);
      return NAME.test(whom) && !NUMBER.test(whom.replace(SEPARATORS, '')) ? found(whom) : numberIn(whom);
    }
    default:
      // Many write a number alone there, which would be the name of a host.
      return rest.includes('@') || !numberIn(rest).ok ? addressIn(scheme.toLowerCase(), rest) : numberIn(rest);
  }
}

const found = (value: string): Outcome<string> => ({ ok: true, value });

/** A local number gets the prefix that its `phone-context` names (RFC 3966 §5.1.5). */
function numberIn(text: string): Outcome<string> {
  const [digits = '', ...params] = text.split(/[;,]/);
  const number = digits.replace(SEPARATORS, '');
  if (!NUMBER.test(number)) return NOBODY;
  const context = params.find((param) => /^phone-context=/i.test(param))?.slice('phone-context='.length) ?? '';
  const prefix = context.replace(SEPARATORS, '');
  return found(PREFIX.test(prefix) && !number.startsWith('+') ? prefix + number : number);
}

/** Without headers, a method, another way (`maddr`, `route`) or a password: those are not for a stranger to choose. */
function addressIn(scheme: string, text: string): Outcome<string> {
  const read = parseUri(`${scheme}:${text}`);
  if (!read.ok) return NOBODY;
  const { user, password, host, port, params, headers } = read.value;
  if (headers !== '' || password !== undefined) return WANTS_MORE;
  const wanted = params.split(';').filter(Boolean);
  if (!wanted.every((param) => /^(?:transport=(?:udp|tcp|tls|ws|wss)|user=(?:phone|ip))$/i.test(param)))
    return WANTS_MORE;
  const transport = wanted.filter((param) => /^transport=/i.test(param)).map((param) => `;${param}`);
  const whom = user === '' ? host : `${user}@${host}`;
  return found(`${scheme}:${whom}${port === undefined ? '' : `:${port}`}${transport[0] ?? ''}`);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
