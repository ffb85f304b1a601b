/**
 * Brings kept messages to users who are there again: in the order in which they came, one at a time, to all of the user's
 * devices. Who is registered but takes nothing is tried again after a pause that grows; a REGISTER ends the pause.
 */

import type { Disposition } from '../../sip/bodies/imdn.ts';
import type { Timer } from '../../sip/transaction/clock.ts';
import type { ExchangeParts } from '../parts.ts';
import type { Aor } from '../stores.ts';
import { type AttemptListener, MessageAttempt } from './attempt.ts';
import { contextFor, devicesOf, requestOf } from './mail.ts';
import type { MessageDesk } from './message-desk.ts';
import type { KeptMessage, MessageStore } from './message-store.ts';
import { tellSender } from './notices.ts';

const FIRST_PAUSE = 30_000;
const LONGEST_PAUSE = 900_000;
/** A slow device gets so long to take a message before the next one follows that another device waits for. */
const PACE = 2_000;
const OVERLOAD_PAUSE = 5_000;
const SWEEP = 60_000;
const SWEEP_AT_ONCE = 200;
/** After a start the users whose phones are still there are tried one after another, in ms. */
const START = 2_000;
const START_EACH = 20;

/** A recipient whose messages are under way, or wait for another attempt. */
interface Recipient {
  /** Attempts that are not over. */
  flights: number;
  /** Attempts in a row that came to nothing. */
  failures: number;
  /** A phone registered while an attempt was under way, which may have gone to its old address. */
  isAwaited: boolean;
  timer: Timer | undefined;
}

export class Delivery implements MessageDesk {
  readonly store: MessageStore;
  readonly #recipients = new Map<Aor, Recipient>();
  #exchange: ExchangeParts | undefined;
  #sweeper: Timer | undefined;

  constructor(store: MessageStore) {
    this.store = store;
  }

  /** Begins with those that a run before this one left behind. */
  open(exchange: ExchangeParts): void {
    this.#exchange = exchange;
    this.#watchExpiry();
    let wait = START;
    for (const user of this.store.recipients()) {
      if (exchange.locations.lookup(user, exchange.clock.now()).length === 0) continue;
      this.#later(user, wait);
      wait += START_EACH;
    }
  }

  get isOpen(): boolean {
    return this.#exchange !== undefined;
  }

  close(): void {
    this.#exchange = undefined;
    this.#sweeper?.cancel();
    for (const { timer } of this.#recipients.values()) timer?.cancel();
    this.#recipients.clear();
  }

  /** Looks for what has expired from time to time, for as long as anything is kept. */
  #watchExpiry(): void {
    if (this.#sweeper !== undefined || this.store.size === 0) return;
    this.#sweeper = this.#exchange?.clock.after(SWEEP, () => {
      this.#sweeper = undefined;
      for (const message of this.store.expired(this.#now, SWEEP_AT_ONCE)) this.#expire(message);
      this.#watchExpiry();
    });
  }

  begin(user: Aor): void {
    const recipient = this.#of(user);
    recipient.timer?.cancel();
    recipient.flights++;
  }

  end(user: Aor, worked: boolean): void {
    const recipient = this.#recipients.get(user);
    if (recipient === undefined) return;
    recipient.flights = Math.max(0, recipient.flights - 1);
    if (recipient.flights > 0) return;
    const again = worked || recipient.isAwaited;
    recipient.isAwaited = false;
    if (again) {
      recipient.failures = 0;
      this.deliver(user);
    } else this.#later(user, this.#pause(recipient.failures++));
  }

  registered(user: Aor): void {
    if (this.store.size === 0 || this.store.count(user) === 0) return;
    const recipient = this.#of(user);
    recipient.failures = 0;
    if (recipient.flights > 0) recipient.isAwaited = true;
    else this.deliver(user);
  }

  /** The oldest one goes to the devices that are there; without any, it waits for one to register. */
  deliver(user: Aor): void {
    const exchange = this.#exchange;
    const recipient = this.#of(user);
    if (exchange === undefined || recipient.flights > 0) return;
    recipient.timer?.cancel();
    if (exchange.isOverloaded()) {
      this.#later(user, OVERLOAD_PAUSE);
      return;
    }
    const message = this.#next(user);
    const request = message && requestOf(message);
    const context = request && contextFor(exchange, request);
    const targets = context === undefined ? [] : devicesOf(context, user);
    if (message !== undefined && context === undefined) {
      exchange.log.error('a kept message cannot be read any more', { id: message.id, recipient: user });
      this.store.remove(message);
      this.#later(user, 0);
    } else if (message === undefined || context === undefined || targets.length === 0) this.#recipients.delete(user);
    else {
      this.begin(user);
      new MessageAttempt(context, targets, this.#following(user, message)).start();
    }
  }

  #following(user: Aor, message: KeptMessage): AttemptListener {
    const flight = new Flight((worked) => this.end(user, worked));
    return {
      accepted: () => {
        this.delivered(message);
        flight.soon(this.#exchange, PACE);
      },
      done: ({ isAccepted, isTemporary, best }) => {
        if (!isAccepted && !isTemporary) {
          this.#exchange?.log.info('a kept message was refused', { recipient: user, status: best.status });
          this.store.remove(message);
          this.#told(message, 'failed');
        }
        flight.over(isAccepted || !isTemporary);
      },
    };
  }

  kept(message: KeptMessage): void {
    this.#watchExpiry();
    this.#told(message, 'stored');
  }

  delivered(message: KeptMessage): void {
    this.store.remove(message);
    this.#told(message, 'delivered');
  }

  #next(user: Aor): KeptMessage | undefined {
    for (let left = this.store.count(user); left > 0; left--) {
      const message = this.store.next(user);
      if (message === undefined || message.expiresAt > this.#now) return message;
      this.#expire(message);
    }
    return undefined;
  }

  #expire(message: KeptMessage): void {
    this.store.remove(message);
    this.#told(message, 'failed');
  }

  #told(message: KeptMessage, disposition: Disposition): void {
    if (this.#exchange !== undefined) tellSender(this.#exchange, message, disposition);
  }

  get #now(): number {
    return this.#exchange?.clock.now() ?? 0;
  }

  #of(user: Aor): Recipient {
    let recipient = this.#recipients.get(user);
    if (recipient === undefined) {
      recipient = { flights: 0, failures: 0, isAwaited: false, timer: undefined };
      this.#recipients.set(user, recipient);
    }
    return recipient;
  }

  #later(user: Aor, ms: number): void {
    const recipient = this.#of(user);
    recipient.timer?.cancel();
    recipient.timer = this.#exchange?.clock.after(ms, () => this.deliver(user));
  }

  /** Twice as long each time, and not for all at the same moment. */
  #pause(failures: number): number {
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(failures, 10));
    const chance = Number.parseInt(this.#exchange?.random(1) ?? '0', 16) / 256;
    return pause * (0.8 + 0.4 * chance);
  }
}

/** The time in which nothing else goes to a recipient: it ends once. */
class Flight {
  #end: ((worked: boolean) => void) | undefined;
  #timer: Timer | undefined;

  constructor(end: (worked: boolean) => void) {
    this.#end = end;
  }

  /** A device has it; the others get no longer than this. */
  soon(exchange: ExchangeParts | undefined, ms: number): void {
    if (this.#end !== undefined) this.#timer ??= exchange?.clock.after(ms, () => this.over(true));
  }

  over(worked: boolean): void {
    const end = this.#end;
    this.#end = undefined;
    this.#timer?.cancel();
    end?.(worked);
  }
}
