/** Opens the exchange's listeners: those asked for, else UDP and TCP on port 5060 or the next that is free. */
import type { TransportSink } from '../../sip/transport/port.ts';
import {
  defaultListeners,
  formatListener,
  type ListenAddress,
  parseListener,
  StartError,
  type StartOptions,
} from '../start-options.ts';
import { NodeTransport } from '../transport/node-transport.ts';

/** How many ports are tried one after the other. */
const PORTS_TRIED = 40;

export interface ListeningOptions extends Pick<StartOptions, 'listen' | 'log'> {
  readonly nextFreePort?: boolean;
  readonly loopback?: boolean;
}

const usual = (loopback: boolean): readonly string[] =>
  loopback ? defaultListeners.map((listener) => listener.replace('0.0.0.0', '127.0.0.1')) : defaultListeners;

/** @throws StartError with one clear sentence. */
export async function openTransport(
  { listen, nextFreePort, loopback, log }: ListeningOptions,
  sink: TransportSink,
): Promise<NodeTransport> {
  // The command line hands the default itself in where nobody asked for an address.
  const asked = listen.length > 0 && listen !== defaultListeners;
  const wanted = (asked ? listen : usual(loopback === true)).map(parseListener);
  const tries = !asked || nextFreePort === true ? PORTS_TRIED : 1;
  for (let shift = 0; ; shift++) {
    try {
      return await NodeTransport.listen({
        listeners: wanted.map((address) => shifted(address, shift)),
        sink,
        log: {
          info: (sentence) => log.info(sentence),
          warn: (sentence) => log.warn(sentence),
        },
      });
    } catch (error) {
      if (shift + 1 < tries && isPortTaken(error)) continue;
      throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }
}

const shifted = (address: ListenAddress, by: number): string =>
  formatListener({ ...address, port: address.port === 0 ? 0 : address.port + by });

/** Looks along the causes: the transport says it in its own words. */
function isPortTaken(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ((at as NodeJS.ErrnoException).code === 'EADDRINUSE') return true;
  }
  return false;
}
