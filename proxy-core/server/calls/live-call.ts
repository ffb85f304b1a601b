/** One call on its way through the exchange: what the response context and requests inside its dialogs make of it. */
import { toText } from '../../sip/grammar/text.ts';
import type { SipResponse } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import type { Timer } from '../../sip/transaction/clock.ts';
import type { BranchListener, ForkListener } from '../fork-listener.ts';
import type { Aor } from '../stores.ts';
import type { Target } from '../targets.ts';
import type { Call, CallDevice, CallEnd, CallEnder, CallParty, CallState } from './call.ts';
import { detached } from './detached.ts';
import { LiveDevice } from './live-device.ts';
import type { SavedCall } from './saved-call.ts';

/** Dialogs that one INVITE may begin by several 2xx; what is beyond is not followed. */
const MAX_DIALOGS = 8;
/** A Reason is kept up to this length. */
const LONGEST_REASON = 200;

/** What a call needs of the book that it stands in. */
export interface CallBook {
  now(): number;
  changed(call: LiveCall): void;
  /** `aor` has a part in it, or none any more. */
  joined(call: LiveCall, aor: Aor): void;
  left(call: LiveCall, aor: Aor): void;
  answered(call: LiveCall): void;
  /** The caller has to prove himself to somebody behind us: `finishAsked` after a while. */
  asked(call: LiveCall): void;
  over(call: LiveCall): void;
  /** A 2xx has come with this Session-Expires: until when the call lives, should nothing more be heard of it. */
  refreshed(call: LiveCall, expires: string | undefined): void;
}

export interface CallStart {
  readonly id: number;
  /** Under which the book finds it: Call-ID and the caller's tag. */
  readonly key: string;
  readonly callId: string;
  readonly callerTag: string;
  readonly caller: CallParty;
  readonly callerDevice: string;
  readonly callerAddress: string;
  readonly callee: CallParty;
}

export class LiveCall implements Call, ForkListener {
  readonly id: number;
  readonly key: string;
  readonly callId: string;
  readonly callerTag: string;
  readonly caller: CallParty;
  readonly callerDevice: string;
  readonly callerAddress: string;
  callee: CallParty;
  state: CallState = 'trying';
  isCancelled = false;
  readonly devices: LiveDevice[] = [];
  answeredBy: CallDevice | undefined;
  readonly aors: Aor[] = [];
  readonly startedAt: number;
  ringingAt = 0;
  answeredAt = 0;
  endedAt = 0;
  end: CallEnd | undefined;
  calleeTag: string | undefined;
  /** Until when it lives without any sign of life; `MAX_SAFE_INTEGER` until it is answered. */
  deadline = Number.MAX_SAFE_INTEGER;
  /** How long a session lives without a refresh, in seconds; 0 where the sides have agreed on no timer (RFC 4028). */
  sessionSeconds = 0;
  timer: Timer | undefined;
  /** Sides that were registered when it was answered; and whether one was not when they were last looked at. */
  watched: readonly Aor[] = [];
  isMissing = false;
  isRestored = false;
  /** How it ends unless the caller answers a challenge. */
  asked: CallEnd | undefined;
  /** Tags of the callees whose dialogs live. */
  readonly dialogs: string[] = [];
  readonly #book: CallBook;
  #cancelReason = '';
  #stop: ((reason: string) => void) | undefined;
  #isStopped = false;

  constructor(book: CallBook, start: CallStart, startedAt = book.now()) {
    this.#book = book;
    this.id = start.id;
    this.key = start.key;
    this.callId = start.callId;
    this.callerTag = start.callerTag;
    this.caller = start.caller;
    this.callerDevice = start.callerDevice;
    this.callerAddress = start.callerAddress;
    this.callee = start.callee;
    this.startedAt = startedAt;
    if (start.caller.aor !== undefined) this.#join(start.caller.aor);
  }

  /** One that was answered before the exchange was started anew. */
  static restored(book: CallBook, key: string, saved: SavedCall): LiveCall {
    const call = new LiveCall(book, { ...saved, key }, saved.startedAt);
    const { ringingAt, answeredAt, calleeTag, sessionSeconds, dialogs } = saved;
    Object.assign(call, { state: 'answered', isRestored: true, ringingAt, answeredAt, calleeTag, sessionSeconds });
    call.dialogs.push(...dialogs);
    for (const { ringingAt: rangAt, status, ...device } of saved.devices) {
      const live = new LiveDevice(call, device);
      Object.assign(live, { ringingAt: rangAt, status, state: status < 300 ? 'answered' : 'ended' });
      call.devices.push(live);
      if (device.aor !== undefined && !call.aors.includes(device.aor)) call.aors.push(device.aor);
    }
    call.answeredBy = call.devices[saved.answeredBy];
    const aor = call.answeredBy?.aor;
    if (aor !== undefined) book.joined(call, aor);
    return call;
  }

  tries(target: Target): BranchListener | undefined {
    if (this.state === 'ended') return undefined;
    const { binding, uriText } = target;
    const device = new LiveDevice(this, {
      aor: binding?.aor,
      contact: binding?.contact ?? detached([uriText])[0] ?? '',
      label: binding?.device ?? '',
      userAgent: binding?.userAgent ?? '',
    });
    this.devices.push(device);
    const { aor } = device;
    if (aor !== undefined) {
      // By an address of one of his devices (RFC 5627), which is no number.
      if (this.callee.aor === undefined && this.devices.length === 1) this.callee = { ...this.callee, aor };
      this.#join(aor);
    }
    return device;
  }

  begins(stop: (reason: string) => void): void {
    this.#stop = stop;
  }

  /** Ends it for the office while it rings. False where that is not for us: it was answered, or waits to be sent on. */
  stop(reason: string): boolean {
    if (this.#stop === undefined || (this.state !== 'trying' && this.state !== 'ringing')) return false;
    this.#isStopped = true;
    this.#stop(reason);
    return true;
  }

  cancelled(reason: string | undefined): void {
    if (this.#isStopped) return;
    if (this.state !== 'trying' && this.state !== 'ringing') return;
    this.isCancelled = true;
    this.#cancelReason = reason ?? '';
  }

  refused(status: number): void {
    if (this.state !== 'trying' && this.state !== 'ringing') return;
    if (this.isCancelled) {
      this.finish({ by: 'caller', status, reason: this.#cancelReason });
      return;
    }
    // A 487 comes of our own CANCEL: it rang too long.
    const device = status === 487 ? undefined : this.devices.find((one) => one.hasSaid && one.status === status);
    const end: CallEnd = { by: device === undefined ? 'exchange' : 'callee', status, reason: device?.reason ?? '' };
    if (status !== 401 && status !== 407) {
      this.finish(end);
      return;
    }
    this.asked = end;
    this.#book.asked(this);
  }

  /** The INVITE came again, with the answer to a challenge. */
  again(): this {
    this.asked = undefined;
    this.timer?.cancel();
    return this;
  }

  finishAsked(): void {
    if (this.asked !== undefined) this.finish(this.asked);
  }

  rang(device: LiveDevice): void {
    if (this.state === 'ended' || device.state !== 'trying') return;
    device.state = 'ringing';
    device.ringingAt = this.#book.now();
    if (this.state === 'trying') {
      this.state = 'ringing';
      this.ringingAt = device.ringingAt;
    }
    if (this.state === 'ringing') this.#book.changed(this);
  }

  accepted(device: LiveDevice, response: SipResponse): void {
    const tag = response.to.tag ?? '';
    if (this.state === 'ended' || this.dialogs.includes(tag) || this.dialogs.length >= MAX_DIALOGS) return;
    this.dialogs.push(tag);
    device.state = 'answered';
    device.status = response.status;
    this.refreshed(response);
    // The second one to answer is sent away by the caller (RFC 3261 §13.2.2.4).
    if (this.state === 'answered') return;
    this.state = 'answered';
    this.#stop = undefined;
    this.answeredAt = this.#book.now();
    this.answeredBy = device;
    this.calleeTag = tag;
    for (const aor of this.aors) if (aor !== this.caller.aor && aor !== device.aor) this.#book.left(this, aor);
    this.#book.answered(this);
    this.#book.changed(this);
  }

  gaveUp(device: LiveDevice, status: number, response: SipResponse | undefined): void {
    if (device.state === 'answered' || device.state === 'ended') return;
    device.state = 'ended';
    device.status = status;
    device.hasSaid = response !== undefined;
    device.reason = response?.header(H.Reason) ?? '';
    const { aor } = device;
    if (aor === undefined || aor === this.caller.aor || (this.state !== 'trying' && this.state !== 'ringing')) return;
    if (this.devices.some((other) => other.aor === aor && other.state !== 'ended')) return;
    this.#book.left(this, aor);
    if (device.ringingAt > 0) this.#book.changed(this);
  }

  /** A 2xx to an INVITE or UPDATE says how long the session lives without another one (RFC 4028 §7.2, §9). */
  refreshed(response: SipResponse): void {
    this.#book.refreshed(this, response.header(H.SessionExpires));
  }

  /** A BYE in one of its dialogs; `tag` is the callee's. False for one that names none of them, and ends nothing. */
  bye(tag: string, by: CallEnder, reason: string | undefined): boolean {
    const at = this.dialogs.indexOf(tag);
    if (this.state !== 'answered' || at < 0) return false;
    this.dialogs.splice(at, 1);
    if (this.dialogs.length === 0) this.finish({ by, status: 200, reason: reason ?? '' });
    return true;
  }

  finish(end: CallEnd): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.endedAt = this.#book.now();
    this.end = end.reason === '' ? end : { ...end, reason: toText(end.reason.slice(0, LONGEST_REASON)) };
    this.timer?.cancel();
    for (const device of this.devices) {
      if (device.status === 0) device.status = 487;
      device.state = 'ended';
    }
    this.#book.over(this);
    this.#book.changed(this);
  }

  #join(aor: Aor): void {
    if (!this.aors.includes(aor)) this.aors.push(aor);
    this.#book.joined(this, aor);
  }
}
