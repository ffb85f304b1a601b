/** The options of `tandem serve` for phones behind NATs. */
import { isIP } from 'node:net';
import type { NatOptions } from '../../node/start-options.ts';
import { defaultSettings, natPings, relayModes } from '../../server/settings.ts';
import type { Given } from '../arguments.ts';
import { UsageError } from '../io.ts';
import { wholeNumber } from './common.ts';

/** Each option as it stands in the help, with its explanation. */
export const natOptionTexts: readonly (readonly [option: string, explanation: string])[] = [
  [
    '--relay <whose>',
    `Whose media passes through the exchange: ${relayModes.join(', ')} (without it auto: of those who cannot reach each other)`,
  ],
  ['--relay-calls <number>', `How many calls may be relayed at one time (without it ${defaultSettings.relayCalls})`],
  [
    '--relay-calls-per-user <number>',
    `How many of them may be one user's (without it ${defaultSettings.relayCallsPerUser})`,
  ],
  [
    '--relay-calls-per-source <number>',
    `How many of them may come from one address without a password (without it ${defaultSettings.relayCallsPerSource})`,
  ],
  ['--rtp-ports <range>', 'UDP ports for relayed media (without it 20000-29999)'],
  [
    '--rtp-address <address>',
    'Address that phones outside are told for media, where a router stands before the exchange',
  ],
  [
    '--nat-ping <how>',
    `How the way to phones behind NATs is kept open: ${natPings.join(', ')} (without it ${defaultSettings.natPing})`,
  ],
  ['--nat-ping-interval <seconds>', 'How often each of them is pinged (without it 30)'],
];

/** @throws UsageError naming the option that is wrong. */
export function natOptionsOf(given: Given): NatOptions {
  const relay = oneOf('relay', relayModes, given.text('relay'));
  const relayCalls = wholeNumber('relay-calls', given.text('relayCalls'), 1, 100_000);
  const relayCallsPerUser = wholeNumber('relay-calls-per-user', given.text('relayCallsPerUser'), 1, 100_000);
  const relayCallsPerSource = wholeNumber('relay-calls-per-source', given.text('relayCallsPerSource'), 1, 100_000);
  const rtpPorts = portsOf(given.text('rtpPorts'));
  const rtpAddress = given.text('rtpAddress');
  const natPing = oneOf('nat-ping', natPings, given.text('natPing'));
  const seconds = wholeNumber('nat-ping-interval', given.text('natPingInterval'), 5, 3_600);
  if (rtpAddress !== undefined && isIP(rtpAddress) === 0) {
    throw new UsageError(`--rtp-address is an IP address, not "${rtpAddress}".`);
  }
  return {
    ...(relay !== undefined && { relay }),
    ...(relayCalls !== undefined && { relayCalls }),
    ...(relayCallsPerUser !== undefined && { relayCallsPerUser }),
    ...(relayCallsPerSource !== undefined && { relayCallsPerSource }),
    ...(rtpPorts !== undefined && { rtpPorts }),
    ...(rtpAddress !== undefined && { rtpAddress }),
    ...(natPing !== undefined && { natPing }),
    ...(seconds !== undefined && { natPingInterval: seconds * 1000 }),
  };
}

function portsOf(text: string | undefined): NatOptions['rtpPorts'] {
  if (text === undefined) return undefined;
  const [, first = '', last = ''] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const [min, max] = [Number(first), Number(last)];
  // A call needs two pairs, each beginning with an even port.
  if (first === '' || min < 1024 || max > 65_535 || max - min < 4) {
    throw new UsageError(
      `--rtp-ports is a range within 1024-65535 of five ports at least, such as 20000-29999, not "${text}".`,
    );
  }
  return { min, max };
}

function oneOf<T extends string>(option: string, known: readonly T[], text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  const found = known.find((one) => one === text);
  if (found === undefined) throw new UsageError(`--${option} is one of ${known.join(', ')}, not "${text}".`);
  return found;
}
