/** The options of `tandem serve` for phones behind NATs. */
import { expect, test } from 'vitest';
import { Given } from '../../../../proxy-core/cli/arguments.ts';
import { natOptionsOf } from '../../../../proxy-core/cli/commands/nat-options.ts';

test('nothing given leaves everything as it is', () => {
  expect(natOptionsOf(new Given({}))).toEqual({});
});

test('all of them are read', () => {
  const given = {
    ...{ relay: 'always', relayCalls: '20', rtpPorts: '30000-30100', rtpAddress: '203.0.113.1' },
    ...{ natPing: 'crlf', natPingInterval: '45', relayCallsPerUser: '5', relayCallsPerSource: '6' },
  };
  expect(natOptionsOf(new Given(given))).toEqual({
    ...{ relay: 'always', relayCalls: 20, rtpPorts: { min: 30_000, max: 30_100 }, rtpAddress: '203.0.113.1' },
    ...{ natPing: 'crlf', natPingInterval: 45_000, relayCallsPerUser: 5, relayCallsPerSource: 6 },
  });
});

test.each([
  ['relay', 'sometimes', '--relay is one of auto, always, never'],
  ['relayCalls', '0', '--relay-calls is a whole number from 1'],
  ['relayCalls', 'many', '--relay-calls is a whole number'],
  ['relayCallsPerUser', '0', '--relay-calls-per-user is a whole number'],
  ['relayCallsPerSource', 'x', '--relay-calls-per-source is a whole number'],
  ['rtpPorts', '20000', '--rtp-ports is a range'],
  ['rtpPorts', '30000-20000', '--rtp-ports is a range'],
  ['rtpPorts', '80-90', '--rtp-ports is a range'],
  ['rtpPorts', '65000-70000', '--rtp-ports is a range'],
  ['rtpAddress', 'router.example', '--rtp-address is an IP address'],
  ['natPing', 'stun', '--nat-ping is one of options, crlf, off'],
  ['natPingInterval', '1', '--nat-ping-interval is a whole number from 5'],
])('--%s %s is refused', (name, value, sentence) => {
  expect(() => natOptionsOf(new Given({ [name]: value }))).toThrow(sentence);
});
