/** Spoils bytes as networks, bugs and malice do: the same way for the same random numbers. */

/** Gives numbers from 0 to 1. */
export type Random = () => number;

const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

/** Pieces that have broken parsers of SIP before. */
const NASTY: readonly string[] = [
  ...['\r', '\n', '\r\n', '\r\n\r\n', '\n\n', '\r\n ', '\r\n\t', '\0', '\x7f', '\xff', '\xc0\x80', ' ', '\t'],
  ...[
    '"',
    '\\',
    '\\"',
    '<',
    '>',
    '<>',
    ';',
    ';;',
    ',',
    ',,',
    '=',
    '@',
    ':',
    '?',
    '&',
    '%',
    '%00',
    '%0d%0a',
    '%zz',
    '[',
    ']',
    '*',
  ],
  ...[
    '0',
    '-1',
    '+1',
    '00000000000000000001',
    '2147483648',
    '4294967296',
    '18446744073709551616',
    '1e9',
    '0x10',
    'NaN',
  ],
  ...[
    'sip:',
    'sips:',
    'tel:',
    'sip:@',
    'sip:[::]',
    'sip:[',
    '<sip:a@b>',
    'z9hG4bK',
    'SIP/2.0',
    'SIP/2.0/UDP ',
    'SIP/2.0 200 OK',
  ],
  ...[
    ';lr',
    ';tag=',
    ';tag',
    ';branch=',
    ';rport',
    ';rport=0',
    ';received=',
    ';maddr=198.51.100.99',
    ';transport=tcp',
    ';q=2',
  ],
  ...[
    'Content-Length: ',
    'l: 99999',
    'Via: ',
    'Route: <sip:198.51.100.99;lr>',
    'Contact: *',
    'Max-Forwards: 0',
    'Require: x',
  ],
  ...[
    'toString',
    '__proto__',
    'constructor',
    '\u00e4',
    'a'.repeat(300),
    ';'.repeat(200),
    ','.repeat(200),
    ' '.repeat(300),
  ],
];

type Mutation = (wire: string, random: Random) => string;

const at = (wire: string, random: Random): number => Math.floor(random() * (wire.length + 1));

/** A line with its break, by its place. */
function lines(wire: string): string[] {
  return wire.split(/(?<=\n)/);
}

const mutations: readonly Mutation[] = [
  // One byte becomes another.
  (wire, random) => {
    const i = at(wire, random);
    return wire.slice(0, i) + String.fromCharCode(Math.floor(random() * 256)) + wire.slice(i + 1);
  },
  // A bit falls over.
  (wire, random) => {
    const i = at(wire, random);
    const bit = 1 << Math.floor(random() * 8);
    return wire.slice(0, i) + String.fromCharCode(((wire.charCodeAt(i) || 0) ^ bit) & 0xff) + wire.slice(i + 1);
  },
  (wire, random) => {
    const i = at(wire, random);
    return wire.slice(0, i) + pick(random, NASTY) + wire.slice(i);
  },
  (wire, random) => {
    const i = at(wire, random);
    return wire.slice(0, i) + wire.slice(i + 1 + Math.floor(random() * 20));
  },
  (wire, random) => wire.slice(0, at(wire, random)),
  // A piece stands again somewhere else.
  (wire, random) => {
    const from = at(wire, random);
    const piece = wire.slice(from, from + 1 + Math.floor(random() * 60));
    const i = at(wire, random);
    return wire.slice(0, i) + piece + wire.slice(i);
  },
  // Lines: gone, twice, swapped.
  (wire, random) => {
    const all = lines(wire);
    all.splice(Math.floor(random() * all.length), 1);
    return all.join('');
  },
  (wire, random) => {
    const all = lines(wire);
    const line = pick(random, all) ?? '';
    all.splice(Math.floor(random() * all.length), 0, line);
    return all.join('');
  },
  (wire, random) => {
    const all = lines(wire);
    const [a, b] = [Math.floor(random() * all.length), Math.floor(random() * all.length)];
    [all[a], all[b]] = [all[b] ?? '', all[a] ?? ''];
    return all.join('');
  },
  // A number becomes an extreme one.
  (wire, random) => {
    const numbers = [...wire.matchAll(/\d+/g)];
    const one = pick(random, numbers);
    if (one === undefined) return wire;
    const extreme = pick(random, ['0', '-1', '65535', '65536', '2147483647', '2147483648', '9'.repeat(30), '']);
    return wire.slice(0, one.index) + extreme + wire.slice(one.index + one[0].length);
  },
  // A value becomes a nasty one.
  (wire, random) => {
    const all = lines(wire);
    const i = Math.floor(random() * all.length);
    const colon = all[i]?.indexOf(':') ?? -1;
    if (colon > 0) all[i] = `${all[i]?.slice(0, colon + 1)} ${pick(random, NASTY)}\r\n`;
    return all.join('');
  },
  (wire) => wire.replaceAll('\r\n', '\n'),
];

/** One to five changes. */
export function mutate(wire: string, random: Random): string {
  let mutated = wire;
  for (let left = 1 + Math.floor(random() * 5); left > 0; left--) mutated = pick(random, mutations)(mutated, random);
  return mutated.slice(0, 70_000);
}
