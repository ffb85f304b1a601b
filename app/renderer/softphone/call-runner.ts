/** One call at work: feeds the machine of call.ts with what happens and performs what it decides. */
import { type Accepted, sendAccepted } from '../../../proxy-core/sip/dialog/accepted.ts';
import type { AckKeeper } from '../../../proxy-core/sip/dialog/acks.ts';
import { ackTo2xx, type Dialog, nextRequest } from '../../../proxy-core/sip/dialog/dialog.ts';
import { type Body, buildRequest, buildResponse, type HeaderLine } from '../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../proxy-core/sip/message/message.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import type { Clock, Timer } from '../../../proxy-core/sip/transaction/clock.ts';
import type { ServerTransaction } from '../../../proxy-core/sip/transaction/user.ts';
import { endReason, shownState, stepCall } from './call.ts';
import { allow } from './call-requests.ts';
import type { CallEffect, CallEvent, CallState, CallStep, MediaPurpose } from './call-types.ts';
import { MediaSession, type MediaSessionOptions, type Outcome } from './media-session.ts';
import { type Sent, sendRequest, type Way } from './send-request.ts';
import type { CallQuality, CallSnapshot } from './snapshots.ts';

/** What a call needs of its account. */
export interface CallHost {
  readonly accountId: string;
  readonly clock: Clock;
  readonly way: Way;
  readonly acks: AckKeeper;
  readonly mediaPorts: Pick<MediaSessionOptions, 'gateway' | 'media'>;
  /** From of a call from here, without tag. */
  readonly from: () => string;
  readonly routes: () => readonly string[];
  readonly contact: () => string;
  readonly userAgent: string;
  readonly changed: () => void;
  readonly gone: (call: Call) => void;
}

export interface CallParts {
  readonly id: string;
  readonly callId: string;
  readonly localTag: string;
  readonly peer: CallSnapshot['peer'];
  /** The INVITE of an incoming call. */
  readonly invitation?: ServerTransaction;
}

/** How long an ended call is kept to answer what still comes for it: 64 T1. */
const KEPT = 32_000;
const DIGIT = /^[0-9*#A-D]$/;

const SILENT = 'No sound arrives from the other side.';
const MICROPHONE: Readonly<Record<'replaced' | 'lost', string>> = {
  replaced: 'The microphone is gone; another one is used now.',
  lost: 'The microphone is gone: the other side cannot hear you.',
};

export class Call {
  readonly #host: CallHost;
  readonly #parts: CallParts;
  readonly #media: MediaSession;
  readonly #startedAt: number;
  #state: CallState;
  #endedAt: number | undefined;
  #muted = false;
  #digits = '';
  #silent = false;
  #microphone: 'replaced' | 'lost' | undefined;
  #quality: CallQuality | undefined;
  #cseq = 0;
  #inviteSent: Sent | undefined;
  #accepted: Accepted | undefined;
  #timer: Timer | undefined;

  constructor(host: CallHost, parts: CallParts, first: CallStep) {
    this.#host = host;
    this.#parts = parts;
    this.#startedAt = host.clock.now();
    this.#state = first.next;
    this.#media = new MediaSession({
      sessionId: parts.id,
      accountId: host.accountId,
      callId: parts.callId,
      ...host.mediaPorts,
      clock: host.clock,
      listener: {
        silence: (missing) => this.#note(() => (this.#silent = missing)),
        microphone: (state) => this.#note(() => (this.#microphone = state)),
        stats: (stats) => {
          const { codec, protection, received, sent, lost, jitterMs } = stats;
          this.#note(() => (this.#quality = { codec, protection, received, sent, lost, jitterMs }));
        },
        lost: (reason) => this.dispatch({ type: 'media-lost', reason }),
      },
    });
    for (const effect of first.effects) this.#perform(effect);
  }

  get id(): string {
    return this.#parts.id;
  }

  get localTag(): string {
    return this.#parts.localTag;
  }

  get isLive(): boolean {
    return shownState(this.#state) !== 'ended';
  }

  /** Whether nothing is owed to the peer any more but answers to what it repeats. */
  get isOver(): boolean {
    return this.#state.phase === 'ended';
  }

  get invitation(): ServerTransaction | undefined {
    return this.#parts.invitation;
  }

  /** Whether a request with a tag in To belongs to this call. */
  owns(request: SipRequest): boolean {
    const { callId, localTag } = this.#parts;
    if (request.callId !== callId || request.to.tag !== localTag) return false;
    const dialog = 'dialog' in this.#state ? this.#state.dialog : undefined;
    if (dialog !== undefined) return dialog.remoteTag === (request.from.tag ?? '');
    return this.#state.phase === 'inviting' ? this.#state.forks.has(request.from.tag ?? '') : true;
  }

  dispatch(event: CallEvent): void {
    const wasLive = this.isLive;
    const { next, effects } = stepCall(this.#state, event, this.#host.clock.now());
    this.#state = next;
    if (wasLive && !this.isLive) this.#endedAt = this.#host.clock.now();
    for (const effect of effects) this.#perform(effect);
    if (next.phase === 'ended' && this.#timer === undefined) {
      this.#timer = this.#host.clock.after(KEPT, () => this.#host.gone(this));
    }
    this.#host.changed();
  }

  setMuted(muted: boolean): void {
    this.#note(() => {
      this.#muted = muted;
      this.#media.setMuted(muted);
    });
  }

  sendDigit(digit: string): void {
    if (DIGIT.test(digit) && this.#media.sendDigit(digit)) this.#note(() => (this.#digits += digit));
  }

  /** Lets go of timers and sound without a word to the peer. */
  drop(): void {
    this.#timer?.cancel();
    this.#accepted?.stop();
    this.#inviteSent?.forget();
    this.#media.close();
  }

  snapshot(): CallSnapshot {
    const { peer, id, invitation } = this.#parts;
    const state = shownState(this.#state);
    const { answeredAt, heldByPeer } = this.#state;
    const notice = state === 'ended' ? endReason(this.#state) : this.#trouble(state === 'active' && !heldByPeer);
    return {
      id,
      accountId: this.#host.accountId,
      direction: invitation === undefined ? 'outgoing' : 'incoming',
      state,
      peer,
      startedAt: this.#startedAt,
      muted: this.#muted,
      heldByPeer,
      digits: this.#digits,
      ...(answeredAt === undefined ? {} : { answeredAt }),
      ...(this.#endedAt === undefined ? {} : { endedAt: this.#endedAt }),
      ...(notice === undefined ? {} : { notice }),
      ...(this.#quality === undefined ? {} : { quality: this.#quality }),
    };
  }

  /** What is wrong now, the worst first. */
  #trouble(expectsSound: boolean): string | undefined {
    if (this.#microphone === 'lost') return MICROPHONE.lost;
    if (this.#silent && expectsSound) return SILENT;
    return this.#microphone && MICROPHONE[this.#microphone];
  }

  #note(change: () => void): void {
    change();
    this.#host.changed();
  }

  #perform(effect: CallEffect): void {
    switch (effect.do) {
      case 'make-offer':
        this.#ready(effect.purpose, this.#media.makeOffer());
        return;
      case 'accept-offer':
        this.#ready(effect.purpose, this.#media.accept(effect.sdp));
        return;
      case 'apply-answer': {
        const { purpose } = effect;
        this.#outcome(purpose, this.#media.applyAnswer(effect.sdp), () => ({ type: 'answer-applied', purpose }));
        return;
      }
      case 'close-media':
        this.#media.close();
        return;
      case 'invite':
        this.#invite(effect.uri, effect.to, effect.sdp);
        return;
      case 'cancel':
        this.#inviteSent?.cancel();
        return;
      case 'ack':
        this.#ack(effect.dialog, effect.invite, effect.response);
        return;
      case 'bye':
        this.#bye(effect.dialog);
        return;
      case 'respond': {
        const { invitation } = this.#parts;
        if (invitation !== undefined) this.#answer(invitation, effect.status, effect.sdp, effect.headers);
        return;
      }
      case 'reply':
        this.#answer(effect.transaction, effect.status, effect.sdp, effect.headers);
        return;
      case 'acknowledged':
        this.#accepted?.stop();
        this.#accepted = undefined;
        return;
      case 'timer':
        this.#timer?.cancel();
        this.#timer = this.#host.clock.after(effect.ms, () => {
          this.#timer = undefined;
          this.dispatch({ type: 'timer' });
        });
        return;
      case 'no-timer':
        this.#timer?.cancel();
        this.#timer = undefined;
        return;
      default: {
        const never: never = effect;
        throw new TypeError(`unexpected ${String(never)}`);
      }
    }
  }

  #ready(purpose: MediaPurpose, work: Promise<Outcome<{ sdp: string }>>): void {
    this.#outcome(purpose, work, ({ sdp }) => ({ type: 'sdp-ready', purpose, sdp }));
  }

  /** The machine hears of work only while it waits for it: an ended call has closed its session, which refuses. */
  #outcome<T>(purpose: MediaPurpose, work: Promise<Outcome<T>>, event: (done: T) => CallEvent): void {
    void work.then((done) => {
      if (done.ok) this.dispatch(event(done));
      else this.dispatch({ type: 'media-refused', purpose, status: done.status, reason: done.reason });
    });
  }

  #invite(uri: string, to: string, sdp: string): void {
    const { callId, localTag } = this.#parts;
    const host = this.#host;
    const first = this.#cseq + 1;
    const body: Body = { type: 'application/sdp', content: sdp };
    this.#inviteSent = sendRequest(
      host.way,
      {
        method: 'INVITE',
        body: sdp,
        build: (attempt, auth) => {
          this.#cseq = first + attempt;
          return (via) =>
            buildRequest({
              method: 'INVITE',
              uri,
              via,
              from: `${host.from()};tag=${localTag}`,
              to: `<${to}>`,
              callId,
              cseq: first + attempt,
              routes: host.routes(),
              headers: [[H.Contact, host.contact()], allow, [H.UserAgent, host.userAgent], ...auth],
              body,
            });
        },
      },
      {
        response: (response, invite) => {
          if (response.status >= 200 && response.status < 300 && host.acks.repeat(response)) return;
          this.dispatch({ type: 'response', response, invite });
        },
        noResponse: (reason) => this.dispatch({ type: 'no-response', reason }),
      },
    );
  }

  #ack(dialog: Dialog, invite: SipRequest, response: SipResponse): void {
    const draft = ackTo2xx(dialog, invite);
    this.#host.acks.send(response, () => {
      const hop = this.#host.way.hop();
      if (hop !== undefined) this.#host.way.transactions.sendAck(draft, hop);
    });
  }

  /** Whatever becomes of the BYE, the call is over here (§15.1.1). */
  #bye(dialog: Dialog): void {
    const userAgent: HeaderLine = [H.UserAgent, this.#host.userAgent];
    sendRequest(
      this.#host.way,
      {
        method: 'BYE',
        build: (attempt, auth) =>
          nextRequest(
            { ...dialog, localSeq: dialog.localSeq + attempt },
            { method: 'BYE', headers: [userAgent, ...auth] },
          ).draft,
      },
      { response: () => {}, noResponse: () => {} },
    );
  }

  #answer(
    transaction: ServerTransaction,
    status: number,
    sdp: string | undefined,
    headers: readonly HeaderLine[] = [],
  ): void {
    const { request } = transaction;
    const begins = (request.method === 'INVITE' || request.method === 'UPDATE') && status > 100 && status < 300;
    const response = buildResponse(request, status, {
      toTag: this.#parts.localTag,
      headers: [
        ...(begins ? ([[H.Contact, this.#host.contact()], allow] as const) : []),
        [H.UserAgent, this.#host.userAgent],
        ...headers,
      ],
      body: sdp === undefined ? undefined : { type: 'application/sdp', content: sdp },
    });
    if (request.method !== 'INVITE' || status < 200 || status >= 300) {
      transaction.respond(response);
      return;
    }
    this.#accepted?.stop();
    this.#accepted = sendAccepted({
      clock: this.#host.clock,
      send: () => transaction.respond(response),
      noAck: () => {
        this.#accepted = undefined;
        this.dispatch({ type: 'no-ack' });
      },
    });
  }
}
