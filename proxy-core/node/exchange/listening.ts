/** Opens the exchange's listeners: those asked for, else UDP and TCP on port 5060 or the next that is free. */
import { isSecure, type TransportSink } from '../../sip/transport/port.ts';
import { defaultListeners, parseListener, StartError, type StartOptions } from '../start-options.ts';
import { TlsError } from '../tls/files.ts';
import { openTls, type TlsStore } from '../tls/store.ts';
import { formatListenAddress, type ListenAddress } from '../transport/listen-address.ts';
import { NodeTransport } from '../transport/node-transport.ts';
import { certificateNames } from './own-addresses.ts';
import { trustedNetworks } from './trusted.ts';

/** How many ports are tried one after the other. */
const PORTS_TRIED = 40;

export interface ListeningOptions
  extends Pick<StartOptions, 'dataDir' | 'limits' | 'listen' | 'log' | 'tls' | 'proxyFrom' | 'wsOrigins'> {
  /** Asked anew for a certificate of our own. */
  readonly domains: () => readonly string[];
  readonly nextFreePort?: boolean;
  readonly loopback?: boolean;
  /** Hears what the log is told. */
  readonly told?: ((sentence: string) => void) | undefined;
}

const usual = (loopback: boolean): readonly string[] =>
  loopback ? defaultListeners.map((listener) => listener.replace('0.0.0.0', '127.0.0.1')) : defaultListeners;

/** @throws StartError with one clear sentence. */
export async function openTransport(options: ListeningOptions, sink: TransportSink): Promise<NodeTransport> {
  const { listen, nextFreePort, loopback, log, wsOrigins, told } = options;
  // The command line hands the default itself in where nobody asked for an address.
  const asked = listen.length > 0 && listen !== defaultListeners;
  const wanted = (asked ? listen : usual(loopback === true)).map(parseListener);
  const tries = !asked || nextFreePort === true ? PORTS_TRIED : 1;
  const sentences = {
    info: (sentence: string) => {
      told?.(sentence);
      log.info(sentence);
    },
    warn: (sentence: string) => {
      told?.(sentence);
      log.warn(sentence);
    },
  };
  const proxyFrom = trustedNetworks(options.proxyFrom ?? [], false);
  const tls = await certificates(options, wanted, sentences);
  for (let shift = 0; ; shift++) {
    try {
      const listeners = wanted.map((address) => shifted(address, shift));
      return await NodeTransport.listen({
        listeners,
        sink,
        log: sentences,
        limits: options.limits?.streams,
        tls,
        proxyFrom,
        wsOrigins,
      });
    } catch (error) {
      if (shift + 1 < tries && isPortTaken(error)) continue;
      tls?.close();
      throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }
}

const shifted = (address: ListenAddress, by: number): string =>
  formatListenAddress({ ...address, port: address.port === 0 ? 0 : address.port + by });

async function certificates(
  { tls: files, dataDir, domains }: ListeningOptions,
  wanted: readonly ListenAddress[],
  log: { info(sentence: string): void; warn(sentence: string): void },
): Promise<TlsStore | undefined> {
  const secure = wanted.filter(({ transport }) => isSecure(transport));
  if (secure.length === 0) {
    if (Object.values(files ?? {}).every((path) => path === undefined)) return undefined;
    throw new StartError('Certificates were given, but nothing listens on tls or wss.');
  }
  try {
    return await openTls({
      files: files ?? {},
      dataDir,
      names: () => certificateNames(domains(), secure),
      log,
    });
  } catch (error) {
    throw error instanceof TlsError ? new StartError(error.message, { cause: error }) : error;
  }
}

/** Looks along the causes: the transport says it in its own words. */
function isPortTaken(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ((at as NodeJS.ErrnoException).code === 'EADDRINUSE') return true;
  }
  return false;
}
