/** Where a call goes on after a redirection or a failure (RFC 3261 §8.1.3.4). */
import type { SipResponse } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { parseAddresses } from '../../../../proxy-core/sip/message/parse.ts';

/** Contacts of one 3xx that are looked at. */
const MAX_CONTACTS = 16;

export interface Onward {
  readonly to: string;
  readonly rest: readonly string[];
  /** The person must agree first. */
  readonly ask: boolean;
}

/** The next address to call; `refused` where there are some but none may be followed. */
export function nextTarget(
  { tried, queue }: { readonly tried: readonly string[]; readonly queue: readonly string[] },
  response: SipResponse,
  mayFollow: (uri: string) => boolean | 'ask',
): Onward | 'refused' | undefined {
  const all = [...queue];
  if (response.status < 400) {
    const scheme = tried.some((uri) => /^sips:/i.test(uri)) ? 'sips' : 'sip';
    for (const uri of contactsOf(response, scheme)) if (!tried.includes(uri) && !all.includes(uri)) all.push(uri);
  }
  const [to, ...rest] = all.filter((uri) => mayFollow(uri) !== false);
  if (to === undefined) return all.length > 0 ? 'refused' : undefined;
  return { to, rest, ask: mayFollow(to) !== true };
}

/**
 * The addresses of a 3xx, best first; those that we cannot call are left out. Who wanted protected ways is not sent by
 * others, and who had others may have no protected one (RFC 5630 §5.1.1.2).
 */
function contactsOf(response: SipResponse, scheme: string): string[] {
  const addresses = parseAddresses(response, H.Contact);
  if (!addresses.ok) return [];
  const found: { readonly uri: string; readonly q: number }[] = [];
  for (const address of addresses.value.slice(0, MAX_CONTACTS)) {
    const { uri } = address;
    if (!uri.ok || uri.value.scheme !== scheme) continue;
    const q = Number(address.param('q') ?? '1');
    const called = uri.value.withoutParam('method').with({ headers: '' }).toString();
    found.push({ uri: called, q: q >= 0 && q <= 1 ? q : 0 });
  }
  return found.sort((a, b) => b.q - a.q).map(({ uri }) => uri);
}
