import { expect, test } from 'vitest';
import { trustedNetworks } from '../../../../../proxy-core/node/exchange/trusted.ts';
import { StartError } from '../../../../../proxy-core/node/start-options.ts';

test('networks, single addresses and loopback are known', () => {
  const isTrusted = trustedNetworks(['192.0.2.0/24', '2001:db8::/32', '198.51.100.7'], true);
  for (const host of ['192.0.2.9', '2001:db8:9::1', '198.51.100.7', '127.0.0.2', '::1']) {
    expect(isTrusted(host), host).toBe(true);
  }
  for (const host of ['192.0.3.9', '2001:db9::1', '198.51.100.8', 'office.example', '']) {
    expect(isTrusted(host), host).toBe(false);
  }
  expect(trustedNetworks([], false)('127.0.0.1')).toBe(false);
});

test.each(['', 'office', '192.0.2.0/33', '192.0.2.0/-1', '192.0.2.0/', '::/129', '192.0.2.0/24/1x'])(
  '"%s" is refused',
  (text) => {
    expect(() => trustedNetworks([text], true)).toThrow(StartError);
  },
);
