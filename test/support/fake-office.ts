/** An exchange and phones on a fake network and a fake clock, each with its whole stack. */

import { nodeHashes } from '../../proxy-core/node/hashes.ts';
import { DigestAuthenticator } from '../../proxy-core/server/authenticator.ts';
import { Calls } from '../../proxy-core/server/calls/calls.ts';
import type { OfficeEvents } from '../../proxy-core/server/events/office-events.ts';
import { Exchange } from '../../proxy-core/server/exchange.ts';
import { FailedHops } from '../../proxy-core/server/failed-hops.ts';
import { Identity } from '../../proxy-core/server/identity.ts';
import { LivingFlows } from '../../proxy-core/server/living-flows.ts';
import { Delivery } from '../../proxy-core/server/messages/delivery.ts';
import { KeepAlive } from '../../proxy-core/server/nat/keep-alive.ts';
import type { ExchangeParts, Transactions } from '../../proxy-core/server/parts.ts';
import type { Settings } from '../../proxy-core/server/settings.ts';
import { NonceMaker } from '../../proxy-core/sip/auth/nonce.ts';
import { createStack, LateSink } from '../../proxy-core/sip/transaction/stack.ts';
import { TestExchange } from './exchange-parts.ts';
import { countingHex, FakeClock } from './fake-clock.ts';
import type { FakeNat } from './fake-nat.ts';
import { MemoryLocations, MemoryUsers } from './memory-stores.ts';
import { MemoryCallHandling, MemoryMessages } from './memory-user-parts.ts';
import { MemoryLists, MemoryPublications, MemoryRules, MemorySubscriptions, officeEvents } from './office-events.ts';
import { RoughNetwork } from './rough-network.ts';
import { TestPhone } from './sip-phone.ts';

export const EXCHANGE = '192.0.2.1:5060';
export const OFFICE = 'office.example';

export class FakeOffice {
  readonly clock = new FakeClock();
  readonly network = new RoughNetwork(this.clock);
  readonly users = new MemoryUsers(OFFICE);
  readonly locations = new MemoryLocations();
  readonly messages = new MemoryMessages();
  readonly callHandling = new MemoryCallHandling();
  readonly faults: string[] = [];
  readonly #random = countingHex();
  readonly #settings: Partial<Settings>;
  readonly #nonces = new NonceMaker({ hashes: nodeHashes, secret: '0123456789abcdef', now: () => this.clock.now() });
  transactions: Transactions | undefined;
  keepAlive: KeepAlive | undefined;
  calls: Calls | undefined;
  events: OfficeEvents | undefined;
  readonly rules = new MemoryRules();
  readonly lists = new MemoryLists();
  readonly subscriptions = new MemorySubscriptions();
  readonly publications = new MemoryPublications();
  #delivery: Delivery | undefined;

  readonly #maxServerBytes: number | undefined;

  /** @param maxServerBytes room for requests that are remembered. */
  constructor(settings: Partial<Settings> = {}, maxServerBytes?: number) {
    this.#maxServerBytes = maxServerBytes;
    this.#settings = settings;
    for (const number of ['1001', '1002', '1003']) this.users.add(number, `${number}-pass`);
    this.open();
  }

  /** Starts the exchange, also anew after it was cut off; users and bindings stay, transactions do not. */
  open(): void {
    const late = new LateSink();
    const port = this.network.attach(EXCHANGE, late);
    const shared = { clock: this.clock, random: this.#random };
    const base = new TestExchange(this.#settings).parts;
    const stack = createStack({
      ...shared,
      port,
      ...(this.#maxServerBytes !== undefined && { maxServerBytes: this.#maxServerBytes }),
      user: {
        request: (transaction, cancels) => exchange.request(transaction, cancels),
        ack: (request, source) => exchange.ack(request, source),
        strayResponse: (response, source) => exchange.strayResponse(response, source),
        flowClosed: (flow) => exchange.flowClosed(flow),
      },
    });
    this.calls?.close();
    this.calls = new Calls({ clock: this.clock, log: base.log, settings: base.settings, locations: this.locations });
    this.#delivery?.close();
    this.#delivery = new Delivery(this.messages);
    this.keepAlive?.stop();
    this.keepAlive = new KeepAlive({
      ...{ ...shared, log: base.log, settings: base.settings, locations: this.locations },
      port: {
        request: (draft, hop) => stack.transactions.sendAck(draft, hop),
        bytes: (bytes, hop) => port.send(hop, bytes, () => undefined),
      },
    });
    const livingFlows = new LivingFlows({ locations: this.locations, clock: this.clock, log: base.log });
    const identity = new Identity(this.users, { hosts: ['192.0.2.1'], ports: [5060] });
    this.events?.close();
    this.events = officeEvents({
      ...{ ...shared, users: this.users, locations: this.locations, calls: this.calls, gruus: base.gruus },
      ...{ livingFlows, messages: this.messages, callHandling: this.callHandling },
      ...{ settings: base.settings, domainOf: (uri) => identity.domainOf(uri), rules: this.rules, lists: this.lists },
      ...{ subscriptions: this.subscriptions, publications: this.publications },
    });
    const parts: ExchangeParts = {
      ...base,
      ...shared,
      authenticator: new DigestAuthenticator({ users: this.users, nonces: this.#nonces, hashes: nodeHashes }),
      events: this.events,
      calls: this.calls,
      failedHops: new FailedHops(this.clock, base.settings.failedHopTime),
      users: this.users,
      locations: this.locations,
      livingFlows,
      identity,
      messages: this.#delivery,
      callHandling: this.callHandling,
      transactions: stack.transactions,
      nat: { ...base.nat, keepAlive: this.keepAlive },
      sentBy: (hop) => port.sentBy(hop),
      log: { ...base.log, error: (text) => void this.faults.push(text) },
    };
    const exchange = new Exchange(parts);
    this.transactions = stack.transactions;
    this.#delivery.open(parts);
    late.connect(stack.transport);
    this.events.restore(parts);
  }

  cut(): void {
    this.#delivery?.close();
    this.keepAlive?.stop();
    this.network.detach(EXCHANGE);
  }

  /** @param nat the router that the phone is behind. */
  phone(number: string, address: string, password = `${number}-pass`, nat?: FakeNat): TestPhone {
    return new TestPhone({
      ...{ clock: this.clock, random: this.#random, number, password, domain: OFFICE, address },
      join: (sink) => (nat ?? this.network).attach(address, sink),
      server: { transport: 'UDP', host: '192.0.2.1', port: 5060 },
    });
  }

  /** Lets time pass, with the promises of the store in between. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 50) {
      this.clock.advance(Math.min(left, 50));
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    }
  }

  async registered(number: string, address: string, nat?: FakeNat): Promise<TestPhone> {
    const phone = this.phone(number, address, undefined, nat);
    const register = phone.register();
    await this.pass(100);
    if (register.last.status !== 200) throw new Error(`not registered: ${register.statuses}`);
    return phone;
  }
}
