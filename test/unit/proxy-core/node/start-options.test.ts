import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatListener, parseListener, StartError } from '../../../../proxy-core/node/start-options.ts';
import { version } from '../../../../proxy-core/node/version.ts';

describe('parseListener', () => {
  it.each([
    ['udp://127.0.0.1:5060', { transport: 'udp', host: '127.0.0.1', port: 5060 }],
    ['tcp://[::1]:0', { transport: 'tcp', host: '::1', port: 0 }],
    ['TCP://localhost', { transport: 'tcp', host: 'localhost', port: 5060 }],
    ['udp://[2001:db8::1]', { transport: 'udp', host: '2001:db8::1', port: 5060 }],
  ])('reads %s', (text, address) => {
    expect(parseListener(text)).toEqual(address);
    expect(parseListener(formatListener(parseListener(text)))).toEqual(address);
  });

  it.each([
    '127.0.0.1:5060',
    'udp:127.0.0.1:5060',
    'udp://127.0.0.1:65536',
    'udp://127.0.0.1:-1',
    'udp://::1:5060',
    'udp://[127.0.0.1]:5060',
    'udp://[::1:5060',
    'udp://:5060',
    'udp://a b:5060',
    '',
    'udp://127.0.0.1:5060/path',
  ])('refuses %j', (text) => {
    expect(() => parseListener(text)).toThrow(StartError);
  });

  it('says that a transport is not known', () => {
    expect(() => parseListener('tls://127.0.0.1:5061')).toThrow(/cannot listen on tls.*udp and tcp\.$/);
  });
});

it('has the version of package.json', () => {
  const { version: expected } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(version).toBe(expected);
});
