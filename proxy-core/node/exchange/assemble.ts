/** Makes the parts of an exchange, gives each what it needs of the others, and ends them together. */
import { DigestAuthenticator } from '../../server/authenticator.ts';
import { QualityCollector } from '../../server/calls/quality-collector.ts';
import { DialogTokens } from '../../server/dialog-token.ts';
import { OfficeEvents } from '../../server/events/office-events.ts';
import { Exchange } from '../../server/exchange.ts';
import { FailedHops } from '../../server/failed-hops.ts';
import { Gruus } from '../../server/gruu.ts';
import { Identity } from '../../server/identity.ts';
import { LivingFlows } from '../../server/living-flows.ts';
import { LoopMarks } from '../../server/loop-mark.ts';
import { Delivery } from '../../server/messages/delivery.ts';
import { OpenWork } from '../../server/open-work.ts';
import type { ExchangeParts, Transactions } from '../../server/parts.ts';
import { RestlessPhones } from '../../server/restless-phones.ts';
import type { RouteSlot } from '../../server/route/slot.ts';
import { defaultSettings, type Settings } from '../../server/settings.ts';
import type { Aor } from '../../server/stores.ts';
import { NonceMaker } from '../../sip/auth/nonce.ts';
import { NonceCounts } from '../../sip/auth/nonce-counts.ts';
import { readXml } from '../../sip/bodies/read-xml.ts';
import type { LateSink } from '../../sip/transaction/stack.ts';
import type { TransportName } from '../../sip/transport/port.ts';
import { openCalls } from '../calls/open.ts';
import { TimerWheel } from '../clock.ts';
import { createResolver } from '../dns.ts';
import { openGuard } from '../guard.ts';
import { nodeHashes } from '../hashes.ts';
import { openDesk } from '../join/open.ts';
import { LoadWatch } from '../load.ts';
import { openNat, type RunningNat } from '../nat.ts';
import { randomHex } from '../random.ts';
import type { ExchangeOptions } from '../start-options.ts';
import type { Store } from '../store/index.ts';
import { namedHops } from '../tls/named-hops.ts';
import type { Tracing } from '../trace/open.ts';
import type { NodeTransport } from '../transport/node-transport.ts';
import { unpack } from '../unpack.ts';
import { version } from '../version.ts';
import { AuditedHandling } from './audited-handling.ts';
import { connect } from './layers.ts';
import { exchangeLog } from './log.ts';
import { isOnlyLoopback, ownAddresses } from './own-addresses.ts';
import { exchangeSecret } from './secret.ts';

/** How often the machine is asked for its addresses, in ms: laptops wander. */
const ADDRESSES_MS = 30_000;

export interface Running {
  readonly parts: ExchangeParts;
  readonly exchange: Exchange;
  readonly openWork: OpenWork;
  readonly nat: RunningNat;
  /** Ends all transactions and timers. */
  stop(): void;
}

export function assemble(
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
  const guard = openGuard({ options, store, now: () => clock.now(), log });
  const parts: ExchangeParts = {
    users: store.users,
    locations: store.location,
    livingFlows,
    identity,
    authenticator: new DigestAuthenticator({ ...digest, counts: new NonceCounts({ since: clock.now() }) }),
    guard,
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
    joining: openDesk({ store, guard, secret, now: () => clock.now(), transport }),
    restless: new RestlessPhones(),
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
  const endOfUsers = store.feed.watch('users', (aor, change) => {
    parts.events.userChanged(aor as Aor);
    store.feed.changed('presence', aor, change);
  });
  parts.events.restore(parts);
  messages.open(parts);
  return {
    parts,
    exchange,
    openWork,
    nat,
    stop: () => {
      endOfUsers();
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

function transportsOf(listeners: readonly string[]): TransportName[] {
  const names = listeners.map((listener) => listener.slice(0, listener.indexOf(':')).toUpperCase() as TransportName);
  return [...new Set(names)];
}
