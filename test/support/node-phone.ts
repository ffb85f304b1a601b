/**
 * The softphone and its phone service in one process of Node, on real sockets: a phone of ours without a window. Its sound
 * ends at the gateway, as nobody is there to listen.
 */
import { pageClock, pageHashes, pageRandom } from '../../app/renderer/softphone/browser-ports.ts';
import { createSoftphone, type Softphone } from '../../app/renderer/softphone/index.ts';
import type { MediaPort } from '../../app/renderer/softphone/media.ts';
import type {
  AccountSnapshot,
  CallSnapshot,
  MessageFate,
  NewsSnapshot,
} from '../../app/renderer/softphone/snapshots.ts';
import { createPhoneService, type PhoneService } from '../../app/services/phone/phone-service.ts';
import { accountSettingsOf } from '../../app/shared/account-settings.ts';
import type { Account } from '../../app/shared/bridge.ts';
import type { CallSettings } from '../../app/shared/call-settings.ts';
import type { PhonePortSchema } from '../../app/shared/phone-port.ts';
import type { Client, Emitters } from '../../app/shared/schema.ts';
import type { IncomingMessage } from '../../app/shared/text-message.ts';
import type { Resolve } from '../../proxy-core/server/parts.ts';
import type { Clock } from '../../proxy-core/sip/transaction/clock.ts';
import { unheard } from './unheard.ts';
import { until } from './until.ts';

export interface NodePhoneOptions {
  readonly number: string;
  readonly password: string;
  readonly server: string;
  readonly calls?: Partial<CallSettings>;
  /** Whom it watches. */
  readonly people?: Account['people'];
  readonly clock?: Clock;
}

const media: MediaPort = { open: async () => ({ ok: true, media: { ...unheard } }) };

class Channel<T> {
  readonly #listeners = new Set<(payload: T) => void>();
  readonly on = (listener: (payload: T) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly emit = (payload: T): void => {
    for (const listener of [...this.#listeners]) listener(payload);
  };
}

type Payload<F> = F extends (payload: infer P) => void ? P : never;
type Emit = Emitters<PhonePortSchema>;

export class NodePhone {
  readonly softphone: Softphone;
  readonly #service: PhoneService;
  accounts: readonly AccountSnapshot[] = [];
  calls: readonly CallSnapshot[] = [];
  readonly messages: IncomingMessage[] = [];
  readonly fates: MessageFate[] = [];
  news: NewsSnapshot = { people: [], mailboxes: [] };
  /** How its computer is called. */
  computer = '';
  /** Whether it looks at what the gateway counts of its calls, though nobody listens. */
  counts = false;
  /** Also those that are forgotten since, as with an account that is gone. */
  readonly #ended = new Map<string, CallSnapshot>();
  /** What came, as it came. */
  readonly heard: string[] = [];

  /** Of TURN servers, by the ids of accounts; told with the accounts. */
  relayPasswords: Readonly<Record<string, string>> = {};
  #accounts: readonly Account[] = [];
  readonly #passwords: Readonly<Record<string, string>>;

  /**
   * `passwords` are those of the accounts, by their ids. With `sound` it is a computer on a network, and its window is
   * played by that; `resolve` stands in place of DNS; with `loopback` it stays within this one all the same.
   */
  constructor(
    accounts: readonly Account[],
    passwords: Readonly<Record<string, string>> = {},
    sound?: MediaPort,
    resolve?: Resolve,
    clock: Clock = pageClock,
    loopback = sound === undefined,
  ) {
    this.#passwords = passwords;
    const received = new Channel<Payload<Emit['sip']['received']>>();
    received.on(({ message }) => void this.heard.push(message));
    const closed = new Channel<Payload<Emit['sip']['closed']>>();
    const silence = new Channel<Payload<Emit['media']['silence']>>();
    const candidates = new Channel<Payload<Emit['media']['candidates']>>();
    this.#service = createPhoneService({
      loopback,
      ...(resolve === undefined ? {} : { resolve }),
      emit: {
        sip: { received: received.emit, closed: closed.emit },
        media: { silence: silence.emit, candidates: candidates.emit, trouble: () => {} },
      },
    });
    const { sip, media: gateway } = this.#service.handlers;
    // Every handler gives a promise or what one could settle with.
    const port = {
      sip: { ...sip, received: received.on, closed: closed.on },
      media: {
        ...gateway,
        stats: async (args: { sessionId: string }) => (sound !== undefined || this.counts ? gateway.stats(args) : null),
        close: async (args: { sessionId: string }) => gateway.close(args),
        hear: async (args: Parameters<typeof gateway.hear>[0]) => gateway.hear(args),
        candidates: candidates.on,
        silence: silence.on,
        trouble: () => () => {},
      },
    } as Client<PhonePortSchema>;
    this.softphone = createSoftphone({
      port,
      media: sound ?? media,
      clock,
      random: pageRandom,
      hashes: pageHashes,
      secrets: async (accountId) => this.#passwords[accountId] ?? null,
      listener: {
        accounts: (list) => {
          this.accounts = list;
        },
        calls: (list) => {
          this.calls = list;
          for (const call of list) if (call.state === 'ended') this.#ended.set(call.id, call);
        },
        message: async (message) => {
          this.messages.push(message);
          return true;
        },
        messageFate: (fate) => void this.fates.push(fate),
        news: (news) => {
          this.news = news;
        },
      },
      userAgent: 'Tandem in Node',
      computer: () => this.computer,
    });
    this.setAccounts(accounts);
  }

  /** As main and the page are told of the profile. */
  setAccounts(accounts: readonly Account[]): void {
    this.#accounts = accounts;
    const inUse = accounts.filter((account) => accountSettingsOf(account).enabled);
    this.#service.configure(inUse, this.relayPasswords);
    this.softphone.setAccounts(accounts);
  }

  /** Changes how its only account works, as a person would. */
  reconfigure(change: Partial<Account>): void {
    this.setAccounts(this.#accounts.map((account) => ({ ...account, ...change })));
  }

  static async register({ number, password, server, calls, people, clock }: NodePhoneOptions): Promise<NodePhone> {
    const account: Account = {
      ...{ id: `phone-${number}`, number, displayName: '', server, outboundProxy: '' },
      ...(calls === undefined ? {} : { calls }),
      ...(people === undefined ? {} : { people }),
    };
    const phone = new NodePhone([account], { [account.id]: password }, undefined, undefined, clock);
    await phone.registered(account.id);
    return phone;
  }

  async registered(accountId: string): Promise<void> {
    const isRegistered = ({ id, registration }: AccountSnapshot) =>
      id === accountId && registration.state === 'registered';
    await until(`${accountId} to register`, () => this.accounts.some(isRegistered)).catch((error) => {
      const finals = this.heard.filter((message) => message.startsWith('SIP/2.0 ')).map((one) => one.split('\r\n')[0]);
      throw new Error(`${error.message}; ${JSON.stringify(this.accounts)}; it heard ${finals.join(', ')}`);
    });
  }

  /** Waits until a call fits; gives it. */
  async call(what: string, fits: (call: CallSnapshot) => boolean): Promise<CallSnapshot> {
    return until(what, () => this.calls.find(fits)).catch((error) => {
      throw new Error(`${error.message}; its calls: ${JSON.stringify(this.calls, undefined, 1)}`);
    });
  }

  /** Calls and waits for the answer. */
  async talkTo(target: string): Promise<CallSnapshot> {
    const made = this.softphone.call(target);
    if (!made.ok) throw new Error(made.reason);
    return this.call(`${target} to answer`, ({ id, state }) => id === made.callId && state === 'active');
  }

  async answer(): Promise<CallSnapshot> {
    const { id } = await this.call('somebody to call', ({ state }) => state === 'incoming');
    this.softphone.answer(id);
    return this.call('the sound', (call) => call.id === id && call.state === 'active');
  }

  async ended(id: string): Promise<CallSnapshot> {
    return until('the end of the call', () => this.#ended.get(id)).catch((error) => {
      throw new Error(`${error.message}; its calls: ${JSON.stringify(this.calls, undefined, 1)}`);
    });
  }

  /** Keeps nothing of what was heard and of calls that ended: a long run would count it as memory of the phone. */
  forgetPast(): void {
    this.heard.length = 0;
    this.#ended.clear();
  }

  async close(): Promise<void> {
    await this.softphone.close();
    await this.#service.close();
  }
}
