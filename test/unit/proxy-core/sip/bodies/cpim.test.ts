/** The envelope of messages (RFC 3862), as it comes from friends and from others. */
import { describe, expect, test } from 'vitest';
import { cpimAddress, cpimHeader, parseCpim } from '../../../../../proxy-core/sip/bodies/cpim.ts';

const IMDN = 'urn:ietf:params:imdn';
const lines = (...all: string[]): string =>
  `${all.join('\r\n')}\r\n\r\nContent-type: text/plain\r\n\r\nHello\r\n\r\nyou`;

describe('parseCpim', () => {
  test('reads headers by namespace, whatever prefix stands for it', () => {
    const cpim = parseCpim(lines('From: Ada <sip:1001@a>', 'NS: d <urn:ietf:params:imdn>', 'd.Message-ID: x y '));
    expect(cpim && cpimHeader(cpim, IMDN, 'Message-ID')).toBe('x y');
    expect(cpim && cpimHeader(cpim, '', 'From')).toBe('Ada <sip:1001@a>');
    expect(cpim?.content).toBe('Content-type: text/plain\r\n\r\nHello\r\n\r\nyou');
  });

  test('a namespace without a prefix holds for the names that follow', () => {
    const cpim = parseCpim(lines('Subject: one', 'NS: <urn:other>', 'Subject: two'));
    expect(cpim && cpimHeader(cpim, 'urn:other', 'Subject')).toBe('two');
    expect(cpim && cpimHeader(cpim, '', 'Subject')).toBe('one');
  });

  test('names are told apart by case, and undeclared prefixes say nothing', () => {
    const cpim = parseCpim(lines('from: <sip:1>', 'imdn.Message-ID: 1'));
    expect(cpim?.headers).toEqual([{ namespace: '', name: 'from', value: '<sip:1>' }]);
  });

  test('line feeds alone will do', () => {
    expect(parseCpim('From: <a>\nTo: <b>\n\nX: y\n\nHello')?.headers).toHaveLength(2);
  });

  test.each([
    ['nothing', ''],
    ['no blank line', 'From: <sip:1001@a>'],
    ['a line that is no header', lines('From: <sip:1001@a>', 'what is this')],
    ['a malformed namespace', lines('NS: imdn urn:x')],
    ['a blank line too far away', `X: ${'a'.repeat(9_000)}\r\n\r\nHello`],
    ['more lines than anybody needs', lines(...Array.from({ length: 65 }, (_, at) => `X${at}: y`))],
  ])('%s is no envelope', (_what, body) => {
    expect(parseCpim(body)).toBeUndefined();
  });

  test('a long body of almost headers costs no time', () => {
    const started = performance.now();
    parseCpim('a.'.repeat(16_000));
    parseCpim(`NS: ${' '.repeat(8_000)}\r\n\r\n`);
    parseCpim(`${'\r\n'.repeat(16_000)}`);
    expect(performance.now() - started).toBeLessThan(200);
  });
});

test.each([
  ['Ada <sip:1001@a>', 'sip:1001@a'],
  ['<im:1001@a>', 'im:1001@a'],
  ['sip:1001@a', undefined],
  ['<sip:a b>', undefined],
  [`<${'x'.repeat(600)}>`, undefined],
])('the address in %s', (value, address) => {
  expect(cpimAddress(value)).toBe(address);
});
