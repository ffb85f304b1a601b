/** Performs what the machine of a call decides: messages in its dialogs, work on its sound, timers. */
import { buildResponse, type HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import type { Timer } from '../../../../proxy-core/sip/transaction/clock.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import { Answers } from './answers.ts';
import type { CallHost, CallParts } from './host.ts';
import { type Leg, Legs } from './legs.ts';
import { MediaSession, type MediaSessionListener, type Outcome } from './media-session.ts';
import { OutgoingInvite } from './outgoing-invite.ts';
import { SessionChanges } from './session-changes.ts';
import { SessionTimer } from './session-timer.ts';
import type { CallEffect, CallEvent, CallState, MediaPurpose, TimerName } from './types.ts';

export interface EffectsPorts {
  readonly dispatch: (event: CallEvent) => void;
  readonly state: () => CallState;
  readonly note: (text: string) => void;
  /** What became of describing our sound anew; `alive` where the other side answered at least. */
  readonly restored: (done: boolean, alive?: boolean) => void;
  readonly listener: MediaSessionListener;
}

const NO_ANSWER = { response: () => {}, noResponse: () => {} };
const EXPIRED = 'The other side was not heard of for too long.';

export class Effects {
  readonly media: MediaSession;
  readonly answers: Answers;
  readonly timer: SessionTimer;
  readonly #host: CallHost;
  readonly #parts: CallParts;
  readonly #ports: EffectsPorts;
  readonly #legs: Legs;
  readonly #outgoing: OutgoingInvite;
  readonly #changes: SessionChanges;
  readonly #timers = new Map<TimerName, Timer>();
  /** Of an incoming call. */
  #arrived: CallParts['arrived'];

  constructor(host: CallHost, parts: CallParts, ports: EffectsPorts) {
    const { clock, settings, userAgent, contact } = host;
    const { callId, localTag, arrived, anonymous = settings.anonymous, replaces, referredBy, expires } = parts;
    this.#host = host;
    this.#parts = parts;
    this.#arrived = arrived;
    this.#ports = ports;
    this.media = new MediaSession({
      sessionId: parts.sessionId ?? parts.id,
      accountId: host.accountId,
      callId,
      regId: parts.regId,
      ...host.mediaPorts,
      clock,
      listener: ports.listener,
    });
    this.timer = new SessionTimer({
      clock,
      seconds: settings.sessionSeconds,
      refresh: () => this.#changes.refresh(),
      expired: () => ports.dispatch({ type: 'gone', reason: EXPIRED, bye: true }),
    });
    this.answers = new Answers({
      clock,
      localTag,
      contact,
      userAgent,
      settings,
      timer: this.timer,
      unconfirmed: (what) => ports.dispatch({ type: what }),
    });
    this.#legs = new Legs({ way: host.way, acks: host.acks, userAgent });
    this.#changes = new SessionChanges(host, {
      timer: this.timer,
      talking: () => {
        const at = ports.state();
        return at.phase === 'talking' ? { tag: at.leg, leg: this.leg(at.leg) } : undefined;
      },
      dispatch: ports.dispatch,
    });
    const calling = { callId, localTag, anonymous, replaces, referredBy, expires };
    this.#outgoing = new OutgoingInvite(host, calling, { ...ports, timer: this.timer, legs: this.#legs });
    if (arrived !== undefined) this.#legs.add(arrived.dialog, arrived.invitation.request);
  }

  leg(tag: string | undefined): Leg | undefined {
    return tag === undefined ? undefined : this.#legs.get(tag);
  }

  /** The account's connection may be another one, or none: an INVITE that rings goes on by what there is. */
  follow(): void {
    this.#outgoing.follow();
  }

  /** Since when no answer to the INVITE could come. */
  get cutOffSince(): number | undefined {
    return this.#outgoing.cutOffSince;
  }

  get invitation(): ServerTransaction | undefined {
    return this.#arrived?.invitation;
  }

  /** The INVITE came again by another way, as a server sends it once the first way is gone: this one is answered. */
  arriveAnew(arrived: NonNullable<CallParts['arrived']>): void {
    const before = this.#arrived?.invitation;
    this.#arrived = arrived;
    this.#legs.add(arrived.dialog, arrived.invitation.request);
    this.answers.repeat(arrived.invitation);
    if (before?.isOpen !== true) return;
    before.respond(
      buildResponse(before.request, 482, { toTag: this.#host.random(8), headers: [this.#host.userAgent] }),
    );
  }

  get legs(): Legs {
    return this.#legs;
  }

  /** Lets go of timers and sound without a word to the peer. */
  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    this.timer.stop();
    this.answers.stop();
    this.#outgoing.forget();
    this.media.close();
  }

  perform(effect: CallEffect): void {
    const { media, answers } = this;
    switch (effect.do) {
      case 'make-offer':
        this.#ready(effect.purpose, media.makeOffer(effect.held ? this.#holding() : 'sendrecv', effect.restart));
        return;
      case 'accept-offer':
        this.#ready(effect.purpose, media.accept(effect.sdp, effect.held ? 'sendonly' : 'sendrecv', this.#peerTakes()));
        return;
      case 'apply-answer': {
        const { purpose } = effect;
        this.#outcome(purpose, media.applyAnswer(effect.sdp, this.#peerTakes()), () => ({
          type: 'answer-applied',
          purpose,
        }));
        return;
      }
      case 'hold-sound':
        media.setHeld(effect.held ? this.#host.settings.holdSound : undefined);
        return;
      case 'close-media':
        this.timer.stop();
        media.close();
        return;
      case 'invite':
        this.#outgoing.send(effect.uri, effect.to, effect.sdp);
        return;
      case 'cancel':
        this.#outgoing.cancel();
        return;
      case 'prack':
        this.#outgoing.prack(effect.leg, effect.response, effect.sdp);
        return;
      case 'reinvite':
        this.#changes.reinvite(effect.sdp);
        return;
      case 'ack':
        this.leg(effect.leg)?.ack(effect.invite, effect.response, effect.sdp);
        return;
      case 'bye': {
        const headers: HeaderLine[] = effect.reason === undefined ? [] : [[H.Reason, effect.reason]];
        // Whatever becomes of it, the call is over here (RFC 3261 §15.1.1).
        this.leg(effect.leg)?.send({ method: 'BYE', headers }, NO_ANSWER);
        return;
      }
      case 'respond': {
        const { invitation } = this;
        if (invitation !== undefined) answers.respond(invitation, effect.status, effect.sdp, effect.headers);
        return;
      }
      case 'reply':
        answers.respond(effect.transaction, effect.status, effect.sdp, effect.headers);
        return;
      case 'retarget': {
        const { message } = effect;
        const tag = message.kind === 'request' ? message.from.tag : message.to.tag;
        this.leg(tag ?? '')?.retarget(message);
        return;
      }
      case 'acknowledged':
        answers.acknowledged();
        return;
      case 'restored':
        this.#ports.restored(true);
        return;
      case 'not-restored':
        this.#ports.restored(false, effect.alive);
        return;
      case 'note':
        this.#ports.note(effect.text);
        return;
      case 'timer':
        this.#after(effect.name, effect.ms);
        return;
      case 'back-off':
        this.#after('glare', this.#backOff());
        return;
      case 'no-timer':
        this.#timers.get(effect.name)?.cancel();
        this.#timers.delete(effect.name);
        return;
      default: {
        const never: never = effect;
        throw new TypeError(`unexpected ${String(never)}`);
      }
    }
  }

  /** A held call that the other side holds too has no sound in either direction (RFC 3264 §8.4). */
  #holding(): 'inactive' | 'sendonly' {
    const at = this.#ports.state();
    return at.phase === 'talking' && at.session.heldByPeer ? 'inactive' : 'sendonly';
  }

  /** Whether the phone whose description is at hand takes candidates by INFO. */
  #peerTakes(): boolean {
    const at = this.#ports.state();
    const tag = at.phase === 'inviting' ? (at.confirming ?? at.early)?.leg : 'leg' in at ? at.leg : undefined;
    return this.#host.settings.ice !== 'never' && this.leg(tag)?.takesCandidates === true;
  }

  /** Milliseconds: who made the Call-ID waits longer, so that one of the two is first (RFC 3261 §14.1). */
  #backOff(): number {
    const chance = Number.parseInt(this.#host.random(2), 16);
    return this.#parts.arrived === undefined ? 2_100 + (chance % 191) * 10 : (chance % 200) * 10;
  }

  #after(name: TimerName, ms: number): void {
    this.#timers.get(name)?.cancel();
    const timer = this.#host.clock.after(ms, () => {
      this.#timers.delete(name);
      this.#ports.dispatch({ type: 'timer', name });
    });
    this.#timers.set(name, timer);
  }

  #ready(purpose: MediaPurpose, work: Promise<Outcome<{ sdp: string }>>): void {
    this.#outcome(purpose, work, ({ sdp }) => ({ type: 'sdp-ready', purpose, sdp }));
  }

  /** The machine hears of work only while it waits for it: an ended call has closed its session, which refuses. */
  #outcome<T>(purpose: MediaPurpose, work: Promise<Outcome<T>>, event: (done: T) => CallEvent): void {
    const { dispatch } = this.#ports;
    void work.then((done) => {
      if (done.ok) dispatch(event(done));
      else dispatch({ type: 'media-refused', purpose, status: done.status, reason: done.reason });
    });
  }
}
