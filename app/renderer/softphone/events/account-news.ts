/** What an account hears of others and tells of itself: begins with its registration, and again when that comes back. */
import type { PublishedPresence } from '../../../../proxy-core/sip/bodies/pidf.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import type { Account } from '../../../shared/bridge.ts';
import { type CallSettings, callDefaults } from '../../../shared/call-settings.ts';
import { OURS } from '../ours.ts';
import type {
  AccountDevices,
  AccountState,
  ElsewhereCall,
  MailboxSnapshot,
  OfficeSnapshot,
  PersonSnapshot,
} from '../snapshots.ts';
import type { ReadTarget } from '../target.ts';
import type { EventsHost } from './host.ts';
import { Messenger, type MessengerOptions } from './messenger.ts';
import type { ReachableDevice } from './own-devices.ts';
import { Publisher } from './publisher.ts';
import { ServerQuiet } from './server-quiet.ts';
import { Subscriber } from './subscriber.ts';

const AVAILABLE: PublishedPresence = { isOpen: true, activities: [], note: '' };
const BUSY: PublishedPresence = { isOpen: true, activities: ['busy'], note: 'Do not disturb' };
/** With whom is nobody's business (RFC 4480 §3.2). */
const TALKING: PublishedPresence = { ...AVAILABLE, activities: ['on-the-phone'] };
const TALKING_BUSY: PublishedPresence = { ...BUSY, activities: ['on-the-phone', 'busy'] };

export interface AccountNewsOptions {
  readonly host: EventsHost;
  readonly account: Account;
  /** Of this phone at the account's registrar. */
  readonly instance: string;
  readonly readTarget: (text: string) => ReadTarget;
  readonly messages: Pick<MessengerOptions, 'isOwn' | 'keep' | 'fate'>;
}

export class AccountNews {
  readonly #options: AccountNewsOptions;
  readonly #subscriber: Subscriber;
  readonly #publisher: Publisher;
  readonly #quiet: ServerQuiet;
  readonly messenger: Messenger;
  #settings: CallSettings = callDefaults;
  #isTalking = false;
  /** The registrar tells who is registered. */
  #tellsDevices = false;
  /** With which Contact the account is signed in, and over which connection. */
  #place: string | undefined;

  constructor(options: AccountNewsOptions) {
    const { host, account, instance, readTarget } = options;
    this.#options = options;
    this.#subscriber = new Subscriber({ host, accountId: account.id, instance, readTarget });
    this.#publisher = new Publisher(host);
    this.#quiet = new ServerQuiet(host, account.calls?.doNotDisturb === true);
    this.messenger = new Messenger({ host, accountId: account.id, ...options.messages });
    this.configure(account);
  }

  get people(): readonly PersonSnapshot[] {
    return this.#subscriber.people;
  }

  /** Calls of the account's user, here and elsewhere. */
  get ownCalls(): readonly ElsewhereCall[] {
    return this.#subscriber.ownCalls;
  }

  /** The user's other devices, while he has a call; undefined where nobody tells. */
  get devices(): readonly ReachableDevice[] | undefined {
    return this.#subscriber.devices;
  }

  get deviceList(): AccountDevices | undefined {
    const devices = this.devices?.map(({ id, name }) => ({ id, name }));
    return devices && { accountId: this.#options.account.id, devices };
  }

  /** Everybody of the account's office. */
  get office(): OfficeSnapshot | undefined {
    return this.#subscriber.office;
  }

  get mailbox(): MailboxSnapshot | undefined {
    return this.#subscriber.mailbox;
  }

  configure({ people = [], calls }: Account): void {
    this.#settings = { ...callDefaults, ...calls };
    this.#subscriber.watch(people);
    this.#subscriber.watchMailbox(this.#settings.voicemail !== '');
    this.#publish();
    this.#quiet.want(this.#settings.doNotDisturb);
  }

  /** The account is registered. @param server as that one names itself; empty for none. @param events that it tells of */
  registered(server: string, events: readonly string[]): void {
    const isOurs = OURS.test(server);
    this.#quiet.registered(server);
    if (isOurs) this.#subscriber.watchOurs();
    this.#tellsDevices = isOurs || events.includes('reg');
    this.#watchDevices();
  }

  /** Whether the account has a call that was answered. */
  talking(isTalking: boolean): void {
    if (isTalking === this.#isTalking) return;
    this.#isTalking = isTalking;
    this.#publish();
    this.#watchDevices();
  }

  /** The registration has changed, or was looked at. */
  follow({ state }: AccountState): void {
    const { host } = this.#options;
    const hop = host.way.hop();
    // Over another connection too: what a notifier tells may come by the one on which we asked.
    const place = state === 'registered' && hop !== undefined ? `${host.contact()} ${hop.flow}` : undefined;
    if (place === this.#place) return;
    this.#place = place;
    if (place === undefined) {
      this.#subscriber.disconnected();
      this.#publisher.disconnected();
    } else {
      this.#subscriber.connected();
      this.#publisher.connected();
    }
  }

  /** A request with a tag in To that belongs to no call. */
  inDialog(transaction: ServerTransaction): void {
    const owner = this.#subscriber.ownerOf(transaction.request);
    if (owner === undefined) this.#options.host.respond(transaction, 481);
    else owner.request(transaction);
  }

  /** A NOTIFY outside any dialog. */
  unasked(transaction: ServerTransaction): void {
    this.#subscriber.unasked(transaction);
  }

  /** The account signs out: who can still be told is told. */
  leave(): void {
    this.#publisher.tell(undefined);
    this.#subscriber.leave();
  }

  drop(): void {
    this.#subscriber.drop();
    this.#publisher.drop();
    this.#quiet.drop();
  }

  /** Only while there is a call to move: each renewal of each device is told. */
  #watchDevices(): void {
    this.#subscriber.watchDevices(this.#isTalking && this.#tellsDevices);
  }

  #publish(): void {
    const { publish, doNotDisturb } = this.#settings;
    const isTalking = this.#isTalking && (publish === 'calls' || publish === 'always');
    const quiet = isTalking ? TALKING_BUSY : BUSY;
    const open = isTalking ? TALKING : publish === 'always' ? AVAILABLE : undefined;
    this.#publisher.tell(publish === 'never' ? undefined : doNotDisturb ? quiet : open);
  }
}
