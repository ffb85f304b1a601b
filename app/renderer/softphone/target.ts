/** What a person typed to be called, as a SIP URI. */
import { toBytes, toText } from '../../../proxy-core/sip/grammar/text.ts';
import { escapeUser, parseUri, unescapeUri } from '../../../proxy-core/sip/grammar/uri.ts';
import type { AccountAddress } from './account-address.ts';

export interface Target {
  /** Request-URI, a binary string. */
  readonly uri: string;
  /** What is shown as the number: the user part, or the whole address where it has none. */
  readonly number: string;
}

export type ReadTarget =
  | { readonly ok: true; readonly value: Target }
  | { readonly ok: false; readonly reason: string };

/** What people put between digits; `\u2010-\u2015` are the dashes of type-setters. */
const SEPARATORS = /[\s\u00a0\u202f./()\u2010-\u2015-]/g;
const NUMBER = /^\+?[0-9*#]+$/;
const MAX_LENGTH = 512;

/** `+49 (30) 123-45`, `1001`, `anna`, `anna@office.example`, `sip:anna@office.example;transport=tcp`, `tel:+4930123`, `sips:anna@office.example`. */
export function readTarget(text: string, account: AccountAddress): ReadTarget {
  const typed = text.trim();
  if (typed === '') return refuse('Type a number or an address to call.');
  if (typed.length > MAX_LENGTH) return refuse('This is too long to be a number or an address.');
  const scheme = /^(sips?):/i.exec(typed)?.[1]?.toLowerCase() ?? (account.secure ? 'sips' : 'sip');
  if (/^sips?:/i.test(typed) || typed.includes('@')) return readAddress(typed.replace(/^sips?:/i, ''), scheme);
  if (account.domain === '') {
    if (/^[^\s]*[.:]|^localhost$/i.test(typed)) return readAddress(typed, scheme);
    return refuse('This account has no server: type a whole address, such as anna@192.0.2.10.');
  }
  const number = typed.replace(/^tel:/i, '').replace(SEPARATORS, '');
  if (NUMBER.test(number)) return within(number, account);
  if (/\s/.test(typed)) return refuse(`${typed} is not a number or an address.`);
  if (/^[a-z][a-z0-9+.-]*:/i.test(typed))
    return refuse(`Tandem cannot call addresses that begin with ${typed.split(':')[0]}:.`);
  return within(typed, account);
}

function within(user: string, account: AccountAddress): ReadTarget {
  return {
    ok: true,
    value: { uri: `${account.secure ? 'sips' : 'sip'}:${escapeUser(toBytes(user))}@${account.domain}`, number: user },
  };
}

function readAddress(address: string, scheme: string): ReadTarget {
  if (/\s/.test(address)) return refuse('An address has no spaces in it.');
  const at = address.lastIndexOf('@');
  const user = at < 0 ? '' : address.slice(0, at);
  // Letters beyond ASCII are escaped; escapes that are there already stay.
  const escaped = user.replace(/[^\x21-\x7e]+|#/g, (part) => escapeUser(toBytes(part)));
  const host = address.slice(at + 1);
  if (at >= 0 && user === '') return refuse(`In ${address} the name before the @ is missing.`);
  if (host === '') return refuse(`In ${address} the server after the @ is missing.`);
  const uri = parseUri(`${scheme}:${at < 0 ? '' : `${escaped}@`}${host}`);
  if (!uri.ok || uri.value.host === '' || uri.value.port === 0)
    return refuse(`${address} is not an address that can be called.`);
  // Headers of a URI would be set by whoever wrote the link, not by the person who calls.
  const called = uri.value.with({ headers: '', password: undefined }).withoutParam('method');
  return {
    ok: true,
    value: { uri: called.toString(), number: called.user === '' ? host : toText(unescapeUri(called.user)) },
  };
}

/** Whether it is to be called on protected ways all along, or not at all (RFC 5630). */
export const isSecureTarget = (uri: string): boolean => /^sips:/i.test(uri);

const refuse = (reason: string): ReadTarget => ({ ok: false, reason });
