/** Opens an exchange: store, sockets, transactions, pipeline, control socket; and closes it in the opposite order. */

import { DigestAuthenticator } from '../server/authenticator.ts';
import { QualityCollector } from '../server/calls/quality-collector.ts';
import { DialogTokens } from '../server/dialog-token.ts';
import { OfficeEvents } from '../server/events/office-events.ts';
import { Exchange } from '../server/exchange.ts';
import { FailedHops } from '../server/failed-hops.ts';
import { Gruus } from '../server/gruu.ts';
import { Gate } from '../server/guard/gate.ts';
import type { GuardSettings } from '../server/guard/guard.ts';
import { Identity } from '../server/identity.ts';
import { LivingFlows } from '../server/living-flows.ts';
import { LoopMarks } from '../server/loop-mark.ts';
import { Delivery } from '../server/messages/delivery.ts';
import { ModeSwitch } from '../server/mode-switch.ts';
import { OpenWork } from '../server/open-work.ts';
import type { ExchangeParts, Transactions } from '../server/parts.ts';
import type { RouteSlot } from '../server/route/slot.ts';
import { sentByHops } from '../server/sent-by.ts';
import { defaultSettings, type Settings } from '../server/settings.ts';
import { StatelessProxy } from '../server/stateless.ts';
import type { TraceTap } from '../server/trace/entry.ts';
import { NonceMaker } from '../sip/auth/nonce.ts';
import { NonceCounts } from '../sip/auth/nonce-counts.ts';
import { readXml } from '../sip/bodies/read-xml.ts';
import { TransactionLayer } from '../sip/transaction/layer.ts';
import { LateSink } from '../sip/transaction/stack.ts';
import type { TransactionUser } from '../sip/transaction/user.ts';
import { TransportLayer } from '../sip/transport/layer.ts';
import type { Source, TransportName, TransportPort } from '../sip/transport/port.ts';
import { rememberFiles } from './backup/named-files.ts';
import { openCalls } from './calls/open.ts';
import { TimerWheel } from './clock.ts';
import { type ControlServer, createAdmin, listenControl } from './control/index.ts';
import { createResolver } from './dns.ts';
import { AuditedHandling } from './exchange/audited-handling.ts';
import { openTransport } from './exchange/listening.ts';
import { exchangeLog } from './exchange/log.ts';
import { isOnlyLoopback, ownAddresses } from './exchange/own-addresses.ts';
import { exchangeSecret } from './exchange/secret.ts';
import { openGuard } from './guard.ts';
import { nodeHashes } from './hashes.ts';
import { LoadWatch, roomForRequests } from './load.ts';
import { openNat, type RunningNat } from './nat.ts';
import { randomHex } from './random.ts';
import { openRouteFile } from './route-file.ts';
import type { Values } from './settings/adjustable.ts';
import { LiveSettings } from './settings/live.ts';
import { type ExchangeHandle, StartError, type StartOptions } from './start-options.ts';
import { openStore, type Store, StoreError } from './store/index.ts';
import { namedHops } from './tls/named-hops.ts';
import { openTrace, type Tracing } from './trace/open.ts';
import type { NodeTransport } from './transport/node-transport.ts';
import { unpack } from './unpack.ts';
import { version } from './version.ts';

export interface ExchangeOptions extends StartOptions {
  /**
   * When a port of `listen` is taken, the next free one is used for all of them. Where `listen` is empty, that is so in
   * any case: UDP and TCP on port 5060 or the next free one.
   */
  readonly nextFreePort?: boolean;
  /** Whether loopback is trusted too, which it is unless a test says otherwise. */
  readonly trustLoopback?: boolean;
  /** Instead of what an office starts from, for tests. */
  readonly guard?: Partial<GuardSettings>;
  readonly settings?: Partial<Settings>;
}

/** How long requests under way may take to end when the exchange closes, in ms. */
const DRAIN_MS = 2_000;
/** How often the machine is asked for its addresses, in ms: laptops wander. */
const ADDRESSES_MS = 30_000;

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
    const facts = () => ({ version, startedAt, listeners, mode: mode(), nat: running.nat.status() });
    const settings = liveSettings(options, store, parts);
    const admin = createAdmin({ store, facts, exchange: parts, settings, now: Date.now }, 'exchange');
    const onFault = (error: unknown): void => options.log.error({ err: error }, 'a fault in administration');
    const control = await listenControl({ dataDir: store.dataDir, admin, onFault });
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => {
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

interface Running {
  readonly parts: ExchangeParts;
  readonly exchange: Exchange;
  readonly openWork: OpenWork;
  readonly nat: RunningNat;
  /** Ends all transactions and timers. */
  stop(): void;
}

function assemble(
  options: ExchangeOptions,
  store: Store,
  transport: NodeTransport,
  late: LateSink,
  tracing: Tracing,
  route: RouteSlot | undefined,
): Running {
  const { listeners, addresses: own } = transport;
  const secret = exchangeSecret(store.dataDir);
  const identity = new Identity(store.users, ownAddresses(own));
  const addresses = setInterval(() => identity.setOwn(ownAddresses(own)), ADDRESSES_MS);
  addresses.unref();
  const log = tracing.log(exchangeLog(options.log));
  const clock = new TimerWheel((cause) => log.error('a timer failed', { cause }));
  const nonces = new NonceMaker({ hashes: nodeHashes, secret: `nonce ${secret}`, now: () => clock.now() });
  const gruus = new Gruus(`gruu ${secret}`, nodeHashes.sha256);
  const digest = { users: store.users, nonces, hashes: nodeHashes };
  const openWork = new OpenWork();
  const load = new LoadWatch();
  const { rtpPorts: _ports, rtpAddress: _address, ...natSettings } = options.nat ?? {};
  const settings: Settings = {
    ...{ ...defaultSettings, product: `Tandem/${version}`, mode: options.mode },
    redirects: options.redirects ?? defaultSettings.redirects,
    ...natSettings,
    ...options.registrar,
    ...options.limits?.settings,
    ...options.trace,
    ...options.settings,
  };
  const nat = openNat({
    ...{ options: options.nat ?? {}, settings, secret, clock, log, listeners, transport, locations: store.location },
    sendRequest: (draft, hop) => transactions.sendAck(draft, hop),
  });
  const livingFlows = new LivingFlows({ locations: store.location, clock, log });
  const loopback = options.loopback === true || isOnlyLoopback(own);
  const calls = openCalls({ clock, log, settings, store, loopback });
  const messages = new Delivery(store.messages);
  const parts: ExchangeParts = {
    users: store.users,
    locations: store.location,
    livingFlows,
    identity,
    authenticator: new DigestAuthenticator({ ...digest, counts: new NonceCounts({ since: clock.now() }) }),
    guard: openGuard({ options, store, now: () => clock.now(), log }),
    dialogTokens: new DialogTokens(secret, nodeHashes.sha256),
    gruus,
    events: new OfficeEvents({
      ...{
        users: store.users,
        locations: store.location,
        calls: calls.book,
        gruus,
        livingFlows,
        clock,
        random: randomHex,
      },
      ...{ settings, readXml, unpack, messages: store.messages, callHandling: store.callHandling },
      ...{ rules: store.watchRules, lists: store.lists, domainOf: (uri) => identity.domainOf(uri) },
      ...{ subscriptions: store.subscriptions, publications: store.publications },
    }),
    calls: calls.book,
    quality: new QualityCollector(store.calls.records, randomHex),
    messages,
    callHandling: new AuditedHandling(store, () => clock.now()),
    loopMarks: new LoopMarks(secret),
    failedHops: new FailedHops(clock, settings.failedHopTime),
    transports: new Set(transportsOf(listeners)),
    transactions: {
      request: (draft, hop, listener) => transactions.request(draft, hop, listener),
      sendAck: (draft, hop) => transactions.sendAck(draft, hop),
      get size() {
        return transactions.size;
      },
    } satisfies Transactions,
    resolve: tracing.resolve(
      namedHops(
        createResolver({
          transports: transportsOf(listeners),
          loopback,
        }),
      ),
    ),
    sentBy: (hop) => transport.sentBy(hop),
    clock,
    random: randomHex,
    forgottenTag: randomHex(8),
    log,
    settings,
    openWork,
    isOverloaded: () => load.isOver,
    route,
    nat,
    trace: tracing.trace,
  };
  const exchange = new Exchange(parts);
  const transactions = connect({
    parts,
    // It cannot tell a request that comes again from one that was caught and sent by another.
    uncounted: { ...parts, authenticator: new DigestAuthenticator(digest), nat: { ...nat, calls: undefined } },
    user: exchange,
    port: tracing.port(transport),
    tap: tracing.trace?.ring,
    late,
    secret,
  });
  parts.events.news.listen((aor) => store.feed.changed('presence', aor));
  parts.events.restore(parts);
  messages.open(parts);
  return {
    parts,
    exchange,
    openWork,
    nat,
    stop: () => {
      messages.close();
      nat.stop();
      livingFlows.stop();
      calls.close();
      clearInterval(addresses);
      load.close();
      transactions.close();
    },
  };
}

interface Layers {
  readonly parts: ExchangeParts;
  /**
   * The same for what goes by without a transaction: its authenticator does not count how often a nonce is used, and no
   * media is relayed for calls that nobody follows.
   */
  readonly uncounted: ExchangeParts;
  readonly user: TransactionUser;
  readonly port: TransportPort;
  readonly tap: TraceTap | undefined;
  readonly late: LateSink;
  readonly secret: string;
}

/** Puts the layers together, from the sockets up, and lets datagrams in. */
function connect({ parts, uncounted, user, port, tap, late, secret }: Layers): TransactionLayer {
  const { guard } = parts;
  const shared = {
    port,
    clock: parts.clock,
    random: randomHex,
    malformed: ({ host }: Source) => guard.accuse(host, 'malformed'),
  };
  const transport: TransportLayer = new TransportLayer({
    ...shared,
    findSentBy: sentByHops(parts.resolve),
    sink: {
      requestReceived: (request, source) => modes.requestReceived(request, source),
      responseReceived: (response, source) => modes.responseReceived(response, source),
      flowClosed: (flow, remote) => modes.flowClosed(flow, remote),
    },
  });
  const transactions = new TransactionLayer({ ...shared, transport, user, maxServerBytes: roomForRequests() });
  const stateless = new StatelessProxy({ parts: uncounted, transport, hash: nodeHashes.sha256, secret });
  const modes = new ModeSwitch(parts, stateless, transactions);
  late.connect(new Gate(guard, transport, tap));
  return transactions;
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

function transportsOf(listeners: readonly string[]): TransportName[] {
  const names = listeners.map((listener) => listener.slice(0, listener.indexOf(':')).toUpperCase() as TransportName);
  return [...new Set(names)];
}

function startError(error: unknown, { dataDir }: ExchangeOptions): StartError {
  if (error instanceof StartError) return error;
  if (error instanceof StoreError) return new StartError(error.message, { cause: error });
  const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
  return new StartError(`The exchange could not start on ${dataDir}: ${reason}.`, { cause: error });
}
