/** One call: what happens to it goes into its machine, what the person may do with it, and how it is shown. */
import type { Dialog } from '../../../../proxy-core/sip/dialog/dialog.ts';
import type { Replaces } from '../../../../proxy-core/sip/dialog/replaces.ts';
import type { SipMessage, SipRequest } from '../../../../proxy-core/sip/message/message.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import type { RegId } from '../../../shared/phone-port.ts';
import type { CallSnapshot } from '../snapshots.ts';
import type { Target } from '../target.ts';
import { type Assembly, assemble } from './assembly.ts';
import { connectedTo, peerOf } from './caller.ts';
import type { CallHost, CallParts } from './host.ts';
import { shownState, stepCall } from './machine.ts';
import type { MediaSession } from './media-session.ts';
import { Progress } from './progress.ts';
import type { CallEvent, CallState, CallStep } from './types.ts';
import { type CallNotes, notesOf, viewOf } from './view.ts';

/** How long an ended call is kept to answer what still comes for it: 64 T1. */
const KEPT = 32_000;
/** Reason of the BYE to a call that another one took the place of. */
const TAKEN_OVER = 'SIP;cause=200;text="Call completed elsewhere"';

export class Call {
  readonly #host: CallHost;
  readonly #parts: CallParts;
  readonly #notes: CallNotes;
  readonly #inside: Assembly;
  readonly #progress = new Progress();
  #isShown: boolean;
  #movesAway = false;
  #state: CallState;

  constructor(host: CallHost, parts: CallParts, first: CallStep) {
    const { clock } = host;
    this.#host = host;
    this.#parts = parts;
    this.#state = first.next;
    this.#isShown = parts.continues === undefined;
    this.#notes = notesOf(parts.continues?.startedAt ?? clock.now(), parts.continues?.digits ?? '');
    this.#inside = assemble(host, parts, {
      state: () => this.#state,
      dispatch: (event) => this.dispatch(event),
      notes: this.#notes,
      snapshot: () => this.snapshot(),
      hold: () => this.hold(true),
      connected: (message) => this.#connected(message),
    });
    for (const effect of first.effects) this.#inside.effects.perform(effect);
    if (!this.isOver) return;
    this.#notes.endedAt = clock.now();
    this.#keep();
  }

  get id(): string {
    return this.#parts.id;
  }

  /** By which line of its account it goes, where that is there. */
  get regId(): RegId | undefined {
    return this.#parts.regId();
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
    return this.#inside.effects.invitation;
  }

  get media(): MediaSession {
    return this.#inside.effects.media;
  }

  /** Whether a request with a tag in To belongs to this call. */
  owns(request: SipRequest): boolean {
    return this.#inside.requests.owns(request);
  }

  /** Whether Replaces names this call: answered, or ringing at the one called (RFC 3891 §3). */
  isNamedBy(replaces: Replaces): 'answered' | 'ringing' | 'over' | undefined {
    return this.#inside.requests.isNamedBy(replaces);
  }

  /** A request of the peer that it owns. */
  request(transaction: ServerTransaction): void {
    this.#inside.requests.take(transaction);
  }

  dispatch(event: CallEvent): void {
    const { isLive: wasLive, isOver: wasOver } = this;
    const dialog = this.#inside.leg()?.dialog;
    const { next, effects } = stepCall(this.#state, event, this.#host.clock.now());
    this.#state = next;
    if (wasLive && !this.isLive) this.#ended(dialog);
    if (event.type === 'response' && event.response.status < 300) this.#connected(event.response);
    for (const effect of effects) this.#inside.effects.perform(effect);
    if (this.isOver && !wasOver) this.#keep();
    if (event.type === 'timer' && event.name === 'kept') this.#host.gone(this.id);
    if (next.phase === 'talking') {
      const { exchange, hold, told } = next.session;
      if (exchange.state === 'quiet' && hold && told) this.#inside.handover.proceed();
    }
    this.#inside.trickle.proceed();
    const told = this.#progress.take(event, next.phase);
    if (told !== undefined) this.#parts.progress?.(told);
    if (told === 200) {
      this.#host.answered(this.id);
      this.#inside.recordIfWanted();
      this.#parts.instead?.();
      this.#inside.lifeline.answered();
    }
    this.#host.changed();
  }

  /** The account's way to the network is gone, or leads elsewhere. */
  interrupted(): void {
    this.#inside.lifeline.interrupted();
  }

  /** The account's connection may be another one, or none. */
  follow(): void {
    const { phase } = this.#state;
    if (phase === 'inviting' || phase === 'cancelling') this.#inside.effects.follow();
  }

  /**
   * Takes an INVITE of this call that came again by another way, or anew from its caller, in place of the first; false
   * where that is answered and over.
   */
  arrivesAnew(invitation: ServerTransaction): boolean {
    return this.#inside.requests.invitedAnew(invitation);
  }

  /** The account's server knows where we are now. @param mustCheck whether the other side is to be asked in any case. */
  reachable(mustCheck: boolean): void {
    this.#inside.lifeline.reachable(mustCheck);
  }

  /** Another call goes on with this one, which is over without a word. */
  goesOnAs(other: Call): void {
    const { muted } = this.#notes;
    const held = this.#state.phase === 'talking' && this.#state.session.hold;
    this.#isShown = false;
    other.#isShown = true;
    other.#inside.recording.goOnFrom(this.#inside.recording);
    if (muted) other.setMuted(true);
    if (held) other.hold(true);
    this.dispatch({ type: 'gone', reason: 'It went on in another dialog.', bye: false });
  }

  /** The call that it stands in for is restored, or over. */
  giveUp(): void {
    if (!this.isAnswered) this.dispatch({ type: 'hang-up' });
  }

  hold(on: boolean): void {
    this.#notes.trouble = undefined;
    this.dispatch({ type: 'hold', on });
  }

  setMuted(muted: boolean): void {
    this.#inside.effects.media.setMuted(muted);
    this.#note({ muted });
  }

  record(on: boolean): void {
    if (this.isAnswered || !on) this.#inside.recording.set(on);
  }

  setInConference(inConference: boolean): void {
    this.#note({ inConference });
  }

  sendDigit(digit: string): void {
    const { digits } = this.#notes;
    const codec = this.#inside.lifeline.sound.notes.quality?.codec || undefined;
    if (this.#inside.digits.send(digit, this.#inside.leg(), codec)) this.#note({ digits: digits + digit });
  }

  consent(yes: boolean): void {
    if (this.#state.phase === 'redirected') this.dispatch({ type: 'consent', yes });
    else this.#inside.handover.decide(yes);
  }

  /** Has the other side call `uri`. */
  transfer(uri: string, who: string) {
    return this.#inside.handover.transfer(uri, who);
  }

  /** Has the other side call one of the user's other devices, or all of them; this one leaves that call to them. */
  moveAway({ uri, number }: Target) {
    const begun = this.#inside.handover.move(uri, number);
    this.#movesAway ||= begun.ok;
    return begun;
  }

  /** Whether an INVITE is of the other side, on its way to the user's other devices. */
  isMovedBy(request: SipRequest): boolean {
    const isMoving = this.#movesAway && this.#inside.handover.transferring !== undefined;
    return isMoving && peerOf(request.from).number === (this.#notes.peer ?? this.#parts.peer).number;
  }

  /** Has the other side take our place in another call. */
  transferTo(other: Call) {
    const there = other.#inside.leg()?.dialog;
    if (there === undefined) return { ok: false, reason: 'The other call is not answered yet.' } as const;
    return this.#inside.handover.join(there, other.#state.who, () =>
      other.#replaced(`Connected with ${this.#state.who}.`),
    );
  }

  /** Another call took the place of this one. */
  takenOver(): void {
    this.#replaced('The call was taken over by another phone.');
  }

  /** Lets go of timers and sound without a word to the peer. */
  drop(): void {
    this.#inside.handover.stop();
    this.#inside.lifeline.stop();
    this.#inside.effects.close();
  }

  snapshot(): CallSnapshot {
    const { transferring, question } = this.#inside.handover;
    const { brokenSince: reconnecting, sound } = this.#inside.lifeline;
    const more = { transferring, question, reconnecting, recording: this.#inside.recording.view };
    return viewOf(this.#host, this.#parts, this.#state, this.#notes, sound.notes, more);
  }

  /** @param dialog that it had, if it was answered. */
  #ended(dialog: Dialog | undefined): void {
    const { summary } = this.#inside.lifeline.sound;
    const endedAt = this.#host.clock.now();
    Object.assign(this.#notes, { endedAt, summary });
    const { answeredAt } = this.#state;
    if (dialog && summary && answeredAt !== undefined) {
      const isCaller = this.#parts.arrived === undefined;
      this.#host.sounded({ dialog, isCaller, answeredAt, endedAt, summary });
    }
    this.#inside.recording.set(false);
    this.#inside.handover.stop();
    this.#inside.lifeline.callEnded();
  }

  #connected(message: SipMessage): void {
    const peer = this.isLive ? connectedTo(message, this.#host.isOwn) : undefined;
    if (peer !== undefined) this.#notes.peer = peer.name === '' ? { ...peer, name: this.#parts.peer.name } : peer;
  }

  #replaced(words: string): void {
    if (!this.isLive) return;
    this.#notes.epitaph = words;
    this.dispatch({ type: 'hang-up', reason: TAKEN_OVER });
  }

  #keep(): void {
    this.#inside.effects.perform({ do: 'timer', name: 'kept', ms: KEPT });
  }

  #note(change: Partial<CallNotes>): void {
    Object.assign(this.#notes, change);
    this.#host.changed();
  }
}
