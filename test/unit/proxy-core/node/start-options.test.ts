import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseListener, StartError } from '../../../../proxy-core/node/start-options.ts';
import { formatListenAddress } from '../../../../proxy-core/node/transport/listen-address.ts';
import { version } from '../../../../proxy-core/node/version.ts';

describe('parseListener', () => {
  it.each([
    ['udp://127.0.0.1:5060', { transport: 'UDP', host: '127.0.0.1', port: 5060 }],
    ['tcp://[::1]:0', { transport: 'TCP', host: '::1', port: 0 }],
    ['TCP://localhost', { transport: 'TCP', host: '127.0.0.1', port: 5060 }],
    ['udp://[2001:db8::1]', { transport: 'UDP', host: '2001:db8::1', port: 5060 }],
    ['tls://0.0.0.0', { transport: 'TLS', host: '0.0.0.0', port: 5061 }],
    ['ws://127.0.0.1', { transport: 'WS', host: '127.0.0.1', port: 80 }],
    ['wss://[::]:8443/', { transport: 'WSS', host: '::', port: 8443 }],
    [
      'tls://0.0.0.0:5061;advertise=SIP.example.org:443',
      { transport: 'TLS', host: '0.0.0.0', port: 5061, advertise: { host: 'sip.example.org', port: 443 } },
    ],
    [
      'udp://[::]:5060;advertise=[2001:db8::7]',
      { transport: 'UDP', host: '::', port: 5060, advertise: { host: '2001:db8::7', port: undefined } },
    ],
    [
      'udp://10.0.0.1:5060;advertise=192.0.2.1',
      { transport: 'UDP', host: '10.0.0.1', port: 5060, advertise: { host: '192.0.2.1', port: undefined } },
    ],
  ])('reads %s', (text, address) => {
    expect(parseListener(text)).toEqual(address);
    expect(parseListener(formatListenAddress(parseListener(text)))).toEqual(address);
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
    'udp://127.0.0.1:5060;advertise',
    'udp://127.0.0.1:5060;advertise=',
    'udp://127.0.0.1:5060;advertise=0.0.0.0',
    'udp://127.0.0.1:5060;advertise=1.2.3.4.5',
    'udp://127.0.0.1:5060;advertise=sip.example.org:0',
    'udp://127.0.0.1:5060;advertise=sip.example.org:70000',
    'udp://127.0.0.1:5060;advertise=a b',
    'udp://127.0.0.1:5060;advertise=[::1',
    'udp://127.0.0.1:5060;advertise=a\r\nX: y',
    'udp://127.0.0.1:5060;other=1',
  ])('refuses %j', (text) => {
    expect(() => parseListener(text)).toThrow(StartError);
  });

  it('says that a transport is not known', () => {
    expect(() => parseListener('sctp://127.0.0.1:5061')).toThrow(/cannot listen on sctp.*udp, tcp, tls, ws and wss\.$/);
  });
});

it('has the version of package.json', () => {
  const { version: expected } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(version).toBe(expected);
});
