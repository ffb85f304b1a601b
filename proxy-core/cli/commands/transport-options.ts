/** The options of `tandem serve` for certificates, load balancers and pages. */
import { trustedNetworks } from '../../node/exchange/trusted.ts';
import type { StartOptions } from '../../node/start-options.ts';
import type { Given } from '../arguments.ts';
import { UsageError } from '../io.ts';
import { asUsage } from './common.ts';

/** Each option as it stands in the help, with its explanation. */
export const transportOptionTexts: readonly (readonly [option: string, explanation: string])[] = [
  ['--tls-cert <file>', 'Certificate in PEM for tls and wss (without it one is made in the data directory)'],
  ['--tls-key <file>', 'Its private key in PEM'],
  ['--tls-client-ca <file>', 'Let only those in over TLS whose certificate one of these has signed'],
  ['--tls-ca <file>', 'Believe servers whose certificate one of these has signed, besides the usual ones'],
  ['--proxy-from <network>', 'Load balancer, such as 10.0.0.0/28, that begins with a PROXY header (repeatable)'],
  ['--ws-origin <origin>', 'Page that may open a WebSocket, such as https://phone.example.org (repeatable)'],
];

/** @throws UsageError naming the option that is wrong. */
export function transportOptionsOf(given: Given): Pick<StartOptions, 'tls' | 'proxyFrom' | 'wsOrigins'> {
  const proxyFrom = given.texts('proxyFrom');
  asUsage(() => trustedNetworks(proxyFrom, false));
  return {
    tls: {
      cert: given.text('tlsCert'),
      key: given.text('tlsKey'),
      clientCa: given.text('tlsClientCa'),
      ca: given.text('tlsCa'),
    },
    proxyFrom,
    wsOrigins: given.texts('wsOrigin').map(originOf),
  };
}

function originOf(text: string): string {
  const bare = text.replace(/\/$/, '').toLowerCase();
  if (originIn(bare) !== bare) {
    throw new UsageError(`--ws-origin: "${text}" is no origin: write it as https://phone.example.org.`);
  }
  return bare;
}

function originIn(text: string): string | undefined {
  try {
    return new URL(text).origin;
  } catch {
    return undefined;
  }
}
