/** The trace as `start.ts` puts it between the other parts; where it is off they stay as they are. */
import { totalmem } from 'node:os';
import type { ExchangeLog, Resolve } from '../../server/parts.ts';
import { defaultSettings } from '../../server/settings.ts';
import type { TransportPort } from '../../sip/transport/port.ts';
import type { TraceOptions } from '../start-options.ts';
import type { ListenAddress } from '../transport/listen-address.ts';
import { localEndpoints, tracedLog, tracedPort, tracedResolve } from './taps.ts';
import { Trace } from './trace.ts';

export interface Tracing {
  /** Undefined where it is off. */
  readonly trace: Trace | undefined;
  /** Hears sentences that the transport tells the log. */
  readonly told: ((sentence: string) => void) | undefined;
  port(port: TransportPort): TransportPort;
  resolve(resolve: Resolve): Resolve;
  log(log: ExchangeLog): ExchangeLog;
}

/** @param addresses what we listen on; asked when somebody looks. */
export function openTrace(options: TraceOptions, addresses: () => readonly ListenAddress[]): Tracing {
  const { traceBytes: bytes = usualBytes(), traceAge: ageMs = defaultSettings.traceAge } = options;
  if (bytes === 0) return OFF;
  const trace = new Trace({ bytes, ageMs, local: localEndpoints(addresses) });
  return {
    trace,
    told: (sentence) => trace.note(sentence),
    port: (port) => tracedPort(port, trace.ring),
    resolve: (resolve) => tracedResolve(resolve, trace),
    log: (log) => tracedLog(log, trace),
  };
}

/** A computer with little memory needs it for calls. */
const SHARE = 32;
const usualBytes = (): number => Math.min(defaultSettings.traceBytes, Math.floor(totalmem() / SHARE));

const OFF: Tracing = {
  trace: undefined,
  told: undefined,
  port: (port) => port,
  resolve: (resolve) => resolve,
  log: (log) => log,
};
