/** What a person may type into each field, and the sentence for when it is not that. */
import { isIP, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import * as v from 'valibot';
import { networkOf } from '../../server/guard/network.ts';
import { asNetwork } from '../network-name.ts';

// The `user` of a SIP URI without escapes (RFC 3261 §25.1).
const NUMBER = /^[A-Za-z0-9\-_.!~*'()&=+$,;?/]{1,64}$/;
const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
const CONTROL = /\p{Cc}/u;

const isDomain = (text: string): boolean =>
  HOST.test(text) || (text.startsWith('[') && text.endsWith(']') && isIPv6(text.slice(1, -1)));

export const numberField = v.pipe(
  v.string('A number must be text.'),
  v.regex(NUMBER, "A number has 1 to 64 letters, digits or any of -_.!~*'()&=+$,;?/ and nothing else."),
);

/** Lower-cased. */
export const domainField = v.pipe(
  v.string('A domain must be text.'),
  v.toLowerCase(),
  v.check(isDomain, 'A domain is a host name such as example.org or an IP address, without a port.'),
);

/** An IP address, or a network of IPv6 as a ban names it. Becomes what a ban is held against. */
export const addressField = v.pipe(
  v.string('An address must be text.'),
  v.check((text) => isIP(text.replace(/::\/64$/, '::')) !== 0, 'Write an IP address such as 192.0.2.7 or 2001:db8::1.'),
  v.transform((text) => networkOf(text.replace(/\/64$/, ''))),
);

/** One IP address, written as sockets write it. */
export const hostField = v.pipe(
  v.string('An address must be text.'),
  v.check((text) => isIP(text.split('%', 1)[0] ?? '') !== 0, 'Write an IP address such as 192.0.2.7 or 2001:db8::1.'),
  v.transform((text) => (text.includes('%') ? text.toLowerCase() : ipaddr.process(text).toString())),
);

/** A network such as `192.0.2.0/24`, or one address. Becomes the network's own name: 192.0.2.7/24 is 192.0.2.0/24. */
export const networkField = v.pipe(
  v.string('A network must be text.'),
  v.trim(),
  v.check(
    (text) => asNetwork(text) !== undefined,
    'Write a network such as 192.0.2.0/24 or 2001:db8::/32, or an address.',
  ),
  v.transform((text) => asNetwork(text) ?? text),
  v.check((network) => !network.endsWith('/0'), 'That is everybody. Write a smaller network, such as 192.0.2.0/24.'),
);

export const nameField = v.pipe(
  v.string('A name must be text.'),
  v.trim(),
  v.maxLength(128, 'A name has at most 128 characters.'),
  v.check((text) => !CONTROL.test(text), 'A name must not have control characters.'),
);

/** What a person calls a device, such as "desk phone". */
export const labelField = v.pipe(
  v.string('A label must be text.'),
  v.trim(),
  v.minLength(1, 'A device needs a label.'),
  v.maxLength(64, 'A label has at most 64 characters.'),
  v.check((text) => !CONTROL.test(text), 'A label must not have control characters.'),
);

export const passwordField = v.pipe(
  v.string('A password must be text.'),
  v.minLength(1, 'A password must not be empty.'),
  v.maxLength(256, 'A password has at most 256 characters.'),
  v.check((text) => !CONTROL.test(text), 'A password must not have control characters.'),
);

const hexOf = (length: number, name: string) =>
  v.pipe(
    v.string(),
    v.toLowerCase(),
    v.regex(new RegExp(`^[0-9a-f]{${length}}$`), `The ${name} hash must be ${length} hexadecimal digits.`),
  );

export const md5Field = hexOf(32, 'MD5');
export const sha256Field = hexOf(64, 'SHA-256');
