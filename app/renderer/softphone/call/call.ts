/** One call: what happens to it goes into its machine, what the person may do with it, and how it is shown. */
import type { Dialog } from '../../../../proxy-core/sip/dialog/dialog.ts';
import { referTo } from '../../../../proxy-core/sip/dialog/refer.ts';
import type { Replaces } from '../../../../proxy-core/sip/dialog/replaces.ts';
import type { SipMessage, SipRequest } from '../../../../proxy-core/sip/message/message.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import type { QualitySummary } from '../../../shared/history.ts';
import type { SoundLevels } from '../media.ts';
import type { CallQuality, CallSnapshot } from '../snapshots.ts';
import { connectedTo } from './caller.ts';
import { Digits } from './digits.ts';
import { Effects } from './effects.ts';
import { Handover } from './handover.ts';
import type { CallHost, CallParts } from './host.ts';
import { shownState, stepCall } from './machine.ts';
import type { MediaSession } from './media-session.ts';
import { MicrophoneWatch } from './microphone-watch.ts';
import { Progress } from './progress.ts';
import { QualityMeter } from './quality-meter.ts';
import { CallRecording } from './recording.ts';
import { Recovery } from './recovery.ts';
import { anewTo } from './stand-in.ts';
import type { CallEvent, CallState, CallStep } from './types.ts';
import { type CallNotes, viewOf } from './view.ts';

/** How long an ended call is kept to answer what still comes for it: 64 T1. */
const KEPT = 32_000;
/** Sound that came no longer ago than this, in ms, comes still. */
const HEARD_WITHIN = 3_000;
/** Of an address, in characters. */
const MAX_SHOWN = 100;
/** Reason of the BYE to a call that another one took the place of. */
const TAKEN_OVER = 'SIP;cause=200;text="Call completed elsewhere"';

export class Call {
  readonly #host: CallHost;
  readonly #parts: CallParts;
  readonly #effects: Effects;
  readonly #handover: Handover;
  readonly #digits: Digits;
  readonly #notes: CallNotes;
  readonly #progress = new Progress();
  readonly #meter = new QualityMeter();
  readonly #recovery: Recovery;
  /** The call that is to go on with this one, by another dialog. */
  #standIn: { giveUp(): void } | undefined;
  #isShown: boolean;
  /** Whether it is recorded without being asked to. */
  #records: boolean;
  #heardAt = Number.NEGATIVE_INFINITY;
  readonly #recording: CallRecording;
  readonly #microphone = new MicrophoneWatch();
  #state: CallState;

  constructor(host: CallHost, parts: CallParts, first: CallStep) {
    this.#host = host;
    this.#parts = parts;
    this.#state = first.next;
    this.#isShown = parts.continues === undefined;
    this.#records = host.settings.record;
    this.#notes = {
      ...{
        startedAt: parts.continues?.startedAt ?? host.clock.now(),
        peer: undefined,
        endedAt: undefined,
        muted: false,
        inConference: false,
        digits: parts.continues?.digits ?? '',
      },
      ...{
        silent: false,
        microphone: undefined,
        fault: undefined,
        quality: undefined,
        way: undefined,
        summary: undefined,
        trouble: undefined,
        epitaph: undefined,
      },
    };
    const notes = this.#notes;
    this.#effects = new Effects(host, parts, {
      dispatch: (event) => this.dispatch(event),
      state: () => this.#state,
      note: (text) => {
        notes.trouble = text;
      },
      restored: (done, alive = false) => {
        if (!done) this.#recovery.failed(alive);
        else {
          this.#standIn?.giveUp();
          this.#recovery.restored();
        }
      },
      listener: {
        silence: (missing) => {
          this.#note({ silent: missing });
          if (missing) this.#suspect();
          else this.#recovery.heard();
        },
        microphone: (state) => this.#note({ microphone: state === 'restored' ? undefined : state }),
        trouble: (trouble) => this.#note({ trouble }),
        stats: (stats) => {
          notes.way = stats.way;
          this.#recordIfWanted();
          this.#measured(this.#meter.add(stats));
          if (stats.isOfferDue === true) this.#offerWay();
        },
        levels: (levels) => this.#spoken(levels),
        lost: (reason) => this.dispatch({ type: 'media-lost', reason }),
      },
    });
    this.#recording = new CallRecording({
      port: host.recordings,
      clock: host.clock,
      who: () => {
        const { name, number } = this.#notes.peer ?? this.#parts.peer;
        return `${name} ${number}`;
      },
      tape: (announce, listener) => this.#effects.media.record(announce, listener),
      changed: () => host.changed(),
    });
    this.#digits = new Digits(host.settings.dtmf, this.#effects.media);
    this.#handover = new Handover(host, {
      callId: parts.id,
      who: this.#state.who,
      leg: () => (this.#state.phase === 'talking' ? this.#effects.leg(this.#state.leg) : undefined),
      reply: (transaction, status, headers) => this.#effects.answers.respond(transaction, status, undefined, headers),
      hold: () => this.hold(true),
      handedOn: (words) => {
        notes.epitaph = words;
        this.dispatch({ type: 'hang-up' });
      },
      note: (trouble) => this.#note({ trouble }),
      changed: () => host.changed(),
    });
    this.#recovery = new Recovery({
      clock: host.clock,
      restore: () => this.dispatch({ type: 'restore' }),
      callAnew: () => {
        this.#standIn = this.#callAnew();
      },
      isHeard: () => host.clock.now() - this.#heardAt < HEARD_WITHIN,
      lost: (reason) => this.dispatch({ type: 'media-lost', reason }),
      changed: () => host.changed(),
    });
    for (const effect of first.effects) this.#effects.perform(effect);
    if (!this.isOver) return;
    notes.endedAt = host.clock.now();
    this.#keep();
  }

  get id(): string {
    return this.#parts.id;
  }

  get localTag(): string {
    return this.#parts.localTag;
  }

  /** Whether people see it: one that stands in for another only from its answer on. */
  get isShown(): boolean {
    return this.#isShown;
  }

  get isLive(): boolean {
    return shownState(this.#state) !== 'ended';
  }

  /** Whether nothing is owed to the peer any more but answers to what it repeats. */
  get isOver(): boolean {
    return this.#state.phase === 'ended';
  }

  get isAnswered(): boolean {
    return this.#state.phase === 'talking';
  }

  get isRinging(): boolean {
    return this.#state.phase === 'alerting';
  }

  /** Whether somebody here may be heard in it now, or soon. */
  get isAudible(): boolean {
    if (this.#state.phase === 'talking') return !this.#state.session.hold;
    return this.isLive && this.#state.phase !== 'alerting';
  }

  get invitation(): ServerTransaction | undefined {
    return this.#parts.arrived?.invitation;
  }

  get media(): MediaSession {
    return this.#effects.media;
  }

  /** Whether a request with a tag in To belongs to this call. */
  owns(request: SipRequest): boolean {
    const { callId, localTag, arrived } = this.#parts;
    if (request.callId !== callId || request.to.tag !== localTag) return false;
    // An ended call answers whoever asks for it.
    const gone = this.#state.phase === 'ended' || this.#state.phase === 'cancelling';
    return this.#effects.leg(request.from.tag ?? '') !== undefined || (gone && arrived === undefined);
  }

  /** Whether Replaces names this call: answered, or ringing at the one called (RFC 3891 §3). */
  isNamedBy({ callId, toTag, fromTag }: Replaces): 'answered' | 'ringing' | 'over' | undefined {
    const { localTag } = this.#parts;
    if (callId !== this.#parts.callId || toTag !== localTag || this.#effects.leg(fromTag) === undefined)
      return undefined;
    if (this.#state.phase === 'talking') return this.#state.leg === fromTag ? 'answered' : undefined;
    if (this.#state.phase === 'inviting') return 'ringing';
    return this.isLive ? undefined : 'over';
  }

  dispatch(event: CallEvent): void {
    const { isLive: wasLive, isOver: wasOver } = this;
    const dialog = this.#state.phase === 'talking' ? this.#effects.leg(this.#state.leg)?.dialog : undefined;
    const { next, effects } = stepCall(this.#state, event, this.#host.clock.now());
    this.#state = next;
    if (wasLive && !this.isLive) {
      this.#notes.endedAt = this.#host.clock.now();
      const summary = this.#meter.summary;
      this.#notes.summary = summary;
      if (dialog && summary) this.#sounded(dialog, summary);
      this.#recording.set(false);
      this.#handover.stop();
      this.#recovery.stop();
      this.#standIn?.giveUp();
    }
    if (event.type === 'response' && event.response.status < 300) this.#connected(event.response);
    for (const effect of effects) this.#effects.perform(effect);
    if (this.isOver && !wasOver) this.#keep();
    if (event.type === 'timer' && event.name === 'kept') this.#host.gone(this.id);
    if (next.phase === 'talking') {
      const { exchange, hold, told } = next.session;
      if (exchange.state === 'quiet' && hold && told) this.#handover.proceed();
    }
    const told = this.#progress.take(event, next.phase);
    if (told !== undefined) this.#parts.progress?.(told);
    if (told === 200) {
      this.#host.answered(this.id);
      this.#recordIfWanted();
      this.#parts.instead?.();
    }
    this.#host.changed();
  }

  /** The account's way to the network is gone, or leads elsewhere. */
  interrupted(): void {
    if (this.isAnswered) this.#recovery.interrupted();
  }

  /** The account's server knows where we are now. @param mustCheck whether the other side is to be asked in any case. */
  reachable(mustCheck: boolean): void {
    if (this.#recovery.since !== undefined) this.#recovery.reachable();
    else if (mustCheck && this.isAnswered) this.dispatch({ type: 'restore' });
  }

  /** Another call goes on with this one, which is over without a word. */
  goesOnAs(other: Call): void {
    const { muted } = this.#notes;
    const held = this.#state.phase === 'talking' && this.#state.session.hold;
    this.#isShown = false;
    this.#standIn = undefined;
    other.#isShown = true;
    // Also not, where the person stopped it.
    other.#records = this.#recording.view?.state === 'on';
    if (muted) other.setMuted(true);
    if (held) other.hold(true);
    this.dispatch({ type: 'gone', reason: 'It went on in another dialog.', bye: false });
  }

  /** The call that it stands in for is restored, or over. */
  giveUp(): void {
    if (!this.isAnswered) this.dispatch({ type: 'hang-up' });
  }

  /** A request of the peer in this call. */
  request(transaction: ServerTransaction): void {
    const { request } = transaction;
    const { answers, timer } = this.#effects;
    const leg = this.#effects.leg(request.from.tag ?? '');
    if (leg !== undefined && !leg.takes(request)) {
      answers.respond(transaction, 500, undefined);
      return;
    }
    if (this.#state.phase === 'talking' && this.#state.leg !== (request.from.tag ?? '')) {
      // Of a phone that answered too and has no part in this call any more.
      answers.respond(transaction, request.method === 'BYE' ? 200 : 481, undefined);
      return;
    }
    if (request.method === 'PRACK') answers.prack(transaction, this.invitation);
    else if (request.method === 'REFER' && this.isAnswered) this.#handover.refer(transaction);
    else if (request.method === 'NOTIFY' && this.#handover.notified(transaction)) this.#host.changed();
    else {
      const changes = request.method === 'INVITE' || request.method === 'UPDATE';
      const short = changes ? timer.refuses(request) : undefined;
      if (request.method === 'BYE' && this.isAnswered) this.#notes.epitaph = this.#handover.epitaph;
      if (short !== undefined) answers.respond(transaction, 422, undefined, short);
      else {
        if (changes) this.#connected(request);
        this.dispatch({ type: 'request', transaction });
      }
    }
  }

  hold(on: boolean): void {
    this.#notes.trouble = undefined;
    this.dispatch({ type: 'hold', on });
  }

  setMuted(muted: boolean): void {
    this.#effects.media.setMuted(muted);
    this.#note({ muted });
  }

  record(on: boolean): void {
    if (this.isAnswered || !on) this.#recording.set(on);
  }

  setInConference(inConference: boolean): void {
    this.#note({ inConference });
  }

  sendDigit(digit: string): void {
    const leg = this.#state.phase === 'talking' ? this.#effects.leg(this.#state.leg) : undefined;
    const { digits, quality } = this.#notes;
    if (this.#digits.send(digit, leg, quality?.codec || undefined)) this.#note({ digits: digits + digit });
  }

  consent(yes: boolean): void {
    if (this.#state.phase === 'redirected') this.dispatch({ type: 'consent', yes });
    else this.#handover.decide(yes);
  }

  /** Has the other side call `uri`. */
  transfer(uri: string, who: string) {
    return this.#handover.transfer(referTo(uri), who, () => {});
  }

  /** Has the other side take our place in another call. */
  transferTo(other: Call) {
    const there = other.#state.phase === 'talking' ? other.#effects.leg(other.#state.leg)?.dialog : undefined;
    if (there === undefined) return { ok: false, reason: 'The other call is not answered yet.' } as const;
    const { callId, remoteTag, localTag, remoteTarget } = there;
    const replaces = { callId, toTag: remoteTag, fromTag: localTag, earlyOnly: false };
    return this.#handover.transfer(referTo(remoteTarget, replaces), other.#state.who, () =>
      other.#replaced(`Connected with ${this.#state.who}.`),
    );
  }

  /** Another call took the place of this one. */
  takenOver(): void {
    this.#replaced('The call was taken over by another phone.');
  }

  /** Lets go of timers and sound without a word to the peer. */
  drop(): void {
    this.#handover.stop();
    this.#recovery.stop();
    this.#effects.close();
  }

  snapshot(): CallSnapshot {
    const { transferring, question } = this.#handover;
    const redirect =
      this.#state.phase === 'redirected'
        ? `${this.#state.who} has moved to ${this.#state.to.replace(/^sip:/i, '').slice(0, MAX_SHOWN)}.`
        : undefined;
    const { since: reconnecting } = this.#recovery;
    const recording = this.#recording.view;
    const more = { transferring, question: question ?? redirect, reconnecting, recording };
    return viewOf(this.#host, this.#parts, this.#state, this.#notes, more);
  }

  /** Sound stopped that was there and is wanted. */
  #suspect(): void {
    if (this.#state.phase !== 'talking' || (this.#notes.quality?.received ?? 0) === 0) return;
    const { hold, heldByPeer } = this.#state.session;
    if (!hold && !heldByPeer) this.#recovery.suspect();
  }

  #measured(quality: CallQuality): void {
    if (quality.received > (this.#notes.quality?.received ?? 0)) this.#heardAt = this.#host.clock.now();
    this.#note({ quality });
    if (quality.ice?.state === 'lost') this.#suspect();
  }

  /** Servers on the way, too, are to know where the sound goes (RFC 8839 §4.4). */
  #offerWay(): void {
    if (this.#state.phase === 'talking' && this.#state.session.exchange.state === 'quiet')
      this.dispatch({ type: 'refresh' });
  }

  #spoken(levels: SoundLevels): void {
    const speaks = this.#state.phase === 'talking' && !this.#state.session.hold && !this.#notes.muted;
    const fault = this.#microphone.add(levels, this.#notes.way?.fromWindow, speaks);
    if (fault !== this.#notes.fault) this.#note({ fault });
  }

  #connected(message: SipMessage): void {
    const peer = this.isLive ? connectedTo(message, this.#host.isOwn) : undefined;
    if (peer !== undefined) this.#notes.peer = peer.name === '' ? { ...peer, name: this.#parts.peer.name } : peer;
  }

  #callAnew(): { giveUp(): void } | undefined {
    const { leg, who, answeredAt } =
      this.#state.phase === 'talking' ? this.#state : { leg: '', who: '', answeredAt: 0 };
    const dialog = this.#effects.leg(leg)?.dialog;
    const anew = dialog && anewTo(dialog);
    if (anew === undefined) return undefined;
    const { startedAt, direction, digits, peer } = this.snapshot();
    return this.#host.callAnew({ ...anew, who, peer, continues: { startedAt, direction, digits, answeredAt } });
  }

  #sounded(dialog: Dialog, summary: QualitySummary): void {
    const { answeredAt } = this.#state;
    if (answeredAt === undefined) return;
    const isCaller = this.#parts.arrived === undefined;
    this.#host.sounded({ dialog, isCaller, answeredAt, endedAt: this.#host.clock.now(), summary });
  }

  #replaced(words: string): void {
    if (!this.isLive) return;
    this.#notes.epitaph = words;
    this.dispatch({ type: 'hang-up', reason: TAKEN_OVER });
  }

  #keep(): void {
    this.#effects.perform({ do: 'timer', name: 'kept', ms: KEPT });
  }

  /** Once, as soon as there is sound: whoever stops it does not want it. */
  #recordIfWanted(): void {
    if (this.#records && !this.#recording.wasBegun && this.isAnswered && this.#effects.media.hasSound)
      this.record(true);
  }

  #note(change: Partial<CallNotes>): void {
    Object.assign(this.#notes, change);
    this.#host.changed();
  }
}
