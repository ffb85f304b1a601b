/** Opens an exchange: store, sockets, transactions, pipeline, control socket; and closes it in the opposite order. */

import { hostname } from 'node:os';
import type { ExchangeParts } from '../server/parts.ts';
import { LateSink } from '../sip/transaction/stack.ts';
import { rememberFiles } from './backup/named-files.ts';
import { type ControlServer, createAdmin, listenControl } from './control/index.ts';
import { assemble, type Running } from './exchange/assemble.ts';
import { openTransport } from './exchange/listening.ts';
import { isOnlyLoopback } from './exchange/own-addresses.ts';
import { type Announcement, announceOffice } from './join/announce.ts';
import { asNetwork } from './network-name.ts';
import { openRouteFile } from './route-file.ts';
import type { Values } from './settings/adjustable.ts';
import { LiveSettings } from './settings/live.ts';
import { type ExchangeHandle, type ExchangeOptions, StartError } from './start-options.ts';
import { openStore, type Store, StoreError, UNNAMED_DOMAIN } from './store/index.ts';
import { openTrace } from './trace/open.ts';
import type { NodeTransport } from './transport/node-transport.ts';
import { version } from './version.ts';

/** How long requests under way may take to end when the exchange closes, in ms. */
const DRAIN_MS = 2_000;
const STATELESS_ROUTE =
  'A stateless exchange cannot ask a route file, which may answer differently each time: leave one of them out.';

/** @throws StartError with one clear sentence. */
export async function startExchange(options: ExchangeOptions): Promise<ExchangeHandle> {
  const startedAt = Date.now();
  if (options.mode === 'stateless' && options.route !== undefined) {
    throw new StartError(STATELESS_ROUTE);
  }
  const undo: (() => unknown)[] = [];
  try {
    const store = await openStore({
      dataDir: options.dataDir,
      domains: options.domains.map((domain) => domain.toLowerCase()),
      onError: (error) => options.log.error({ err: error }, 'the store reports a fault'),
    });
    undo.push(() => store.close());
    rememberFiles(store.rows, options);
    const late = new LateSink();
    const tracing = openTrace({ ...options.trace, ...options.settings }, () => transport.addresses);
    const { told } = tracing;
    const domains = () => store.users.domains();
    const transport: NodeTransport = await openTransport({ ...options, domains, told }, late);
    undo.push(() => transport.close());
    const { listeners } = transport;
    const route = options.route === undefined ? undefined : openRouteFile(options.route, options.log);
    undo.push(() => route?.close());
    const running = assemble(options, store, transport, late, tracing, route?.slot);
    undo.push(running.stop);
    const { parts } = running;
    const mode = () => parts.settings.mode;
    const trusted = (options.trust ?? []).map((network) => asNetwork(network) ?? network);
    const facts = () => ({ version, startedAt, listeners, mode: mode(), nat: running.nat.status(), trusted });
    const settings = liveSettings(options, store, parts);
    const admin = createAdmin({ store, facts, exchange: parts, settings, now: Date.now }, 'exchange');
    const onFault = (error: unknown): void => options.log.error({ err: error }, 'a fault in administration');
    const control = await listenControl({ dataDir: store.dataDir, admin, onFault });
    const announcement = options.announce === true ? announce(options, store, transport) : undefined;
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => {
      announcement?.close();
      route?.close();
      closing ??= closeAll(running, control, transport, store);
      return closing;
    };
    options.log.info({ listeners, mode: mode(), domains: store.users.domains() }, 'the exchange is ready');
    return { listeners, admin, close };
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw startError(error, options);
  }
}

/** Undefined where it takes no codes. */
function announce(
  { loopback = false }: ExchangeOptions,
  { users }: Store,
  { addresses }: NodeTransport,
): Announcement | undefined {
  const door = ['TCP', 'TLS'].flatMap((name) => addresses.filter(({ transport }) => transport === name))[0];
  if (door === undefined) return undefined;
  return announceOffice({
    name: () => (users.defaultDomain === UNNAMED_DOMAIN ? hostname() : users.defaultDomain),
    port: door.advertise?.port ?? door.port,
    transport: door.transport === 'TLS' ? 'TLS' : 'TCP',
    loopback: loopback || isOnlyLoopback(addresses),
  });
}

/** What is stored takes effect here, before anybody is answered. */
function liveSettings({ log, fixed = [], route }: ExchangeOptions, store: Store, parts: ExchangeParts): LiveSettings {
  const values: Values = { exchange: parts.settings, guard: parts.guard.settings, log };
  const objection = (name: string, value: unknown): string | undefined =>
    name === 'mode' && value === 'stateless' && route !== undefined ? STATELESS_ROUTE : undefined;
  return new LiveSettings({ store, values, fixed, objection });
}

async function closeAll(
  running: Running,
  control: ControlServer,
  transport: NodeTransport,
  store: Store,
): Promise<void> {
  running.exchange.drain();
  let limit: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    limit = setTimeout(resolve, DRAIN_MS);
  });
  await Promise.race([running.openWork.idle(), over]);
  clearTimeout(limit);
  running.parts.events.close();
  await control.close();
  running.stop();
  await transport.close();
  store.close();
}

function startError(error: unknown, { dataDir }: ExchangeOptions): StartError {
  if (error instanceof StartError) return error;
  if (error instanceof StoreError) return new StartError(error.message, { cause: error });
  const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
  return new StartError(`The exchange could not start on ${dataDir}: ${reason}.`, { cause: error });
}
