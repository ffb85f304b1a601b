/**
 * The book of the calls that pass through the exchange, kept by what it sees of them: INVITEs, their answers, and BYE,
 * re-INVITE and UPDATE, which come by our Record-Route (RFC 3261 §16.6). In stateless mode nothing is known of any call,
 * in redirect mode only that it was sent elsewhere.
 *
 * A BYE may never come. An answered call counts as over when its session timer has run out (RFC 4028), where it has none
 * `longestCall` after the last request in its dialog, or when a side that was registered no longer is.
 */
import type { SipMessage, SipRequest } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import { deltaSeconds } from '../../sip/message/parse.ts';
import type { Clock } from '../../sip/transaction/clock.ts';
import type { ExchangeLog } from '../exchange-log.ts';
import type { Settings } from '../settings.ts';
import { type Aor, aorOf, type LocationStore } from '../stores.ts';
import type { Call, CallEnd, CallListener } from './call.ts';
import type { CallRequest } from './call-request.ts';
import { keyOf, startOf } from './call-start.ts';
import { Farewell, FurtherLeg, Refresh } from './legs.ts';
import { type CallBook, LiveCall } from './live-call.ts';
import { type QualityReport, qualityIn } from './quality.ts';
import type { SavedCall } from './saved-call.ts';

/** How often an answered call is looked at, in ms. */
const LOOK_MS = 60_000;
/** A session ends by the sides themselves before its time; the last request may take so long (RFC 3261 Timer F). */
const SESSION_SLACK_MS = 32_000;
/** So long a caller has to answer the challenge of somebody behind us. */
const ASKED_MS = 10_000;
/** RFC 4028 §5 wants 90 s at least; a longer one than a day is no timer. */
const SHORTEST_SESSION = 90;
const LONGEST_SESSION = 86_400;

export interface CallsOptions {
  readonly clock: Clock;
  readonly log: Pick<ExchangeLog, 'error'>;
  readonly settings: Pick<Settings, 'maxCalls' | 'callsPerUser' | 'longestCall'>;
  readonly locations: Pick<LocationStore, 'lookup'>;
  /** Told what a phone of a user said of the sound of a call when it ended; absent where nobody wants to know. */
  readonly quality?: (callId: string, aor: Aor, report: QualityReport) => void;
}

export class Calls implements CallBook {
  readonly #options: CallsOptions;
  /** Oldest first. */
  readonly #calls = new Map<string, LiveCall>();
  readonly #byId = new Map<number, LiveCall>();
  readonly #byAor = new Map<Aor, Set<LiveCall>>();
  readonly #listeners: CallListener[] = [];
  #lastId = 0;

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  /** Calls under way, those that ring included. */
  get size(): number {
    return this.#calls.size;
  }

  /** All of them, the oldest first. */
  all(): Iterable<Call> {
    return this.#calls.values();
  }

  /** Those in which this user has a part now: he calls, one of his devices rings, or he talks. Costs what he has. */
  of(aor: Aor): Iterable<Call> {
    return this.#byAor.get(aor) ?? NOBODY;
  }

  listen(listener: CallListener): void {
    this.#listeners.push(listener);
  }

  /** @returns undefined where no such call is under way. */
  find(id: number): Call | undefined {
    return this.#byId.get(id);
  }

  /** Stops a call from ringing. False where it is not (any more) for us to end. */
  stop(call: Call): boolean {
    return this.#byId.get(call.id)?.stop(STOPPED) === true;
  }

  /**
   * Takes up a call that was answered before the exchange was started anew; nobody is told before it changes.
   * @returns false where there is no room for it.
   */
  restore(saved: SavedCall): boolean {
    const key = keyOf(saved.callId, saved.callerTag);
    if (this.#calls.has(key) || this.#calls.size >= this.#options.settings.maxCalls) return false;
    const call = LiveCall.restored(this, key, saved);
    this.#calls.set(key, call);
    this.#byId.set(call.id, call);
    this.#lastId = Math.max(this.#lastId, call.id);
    this.#prolong(call);
    this.answered(call);
    return true;
  }

  /** A request that was let in, on its way through the pipeline. */
  follow(context: CallRequest): void {
    const { request } = context;
    const { method, to } = request;
    if (method === 'INVITE') {
      if (to.tag === undefined) this.#begin(context);
      else this.#refresh(context);
    } else if (method === 'BYE') this.#bye(context);
    else if (method === 'UPDATE') this.#refresh(context);
  }

  /** Ends all that is known of calls, without a word: the exchange closes. */
  close(): void {
    for (const call of this.#calls.values()) call.timer?.cancel();
    this.#calls.clear();
    this.#byId.clear();
    this.#byAor.clear();
    this.#listeners.length = 0;
  }

  #begin(context: CallRequest): void {
    const { request, user } = context;
    const known = this.#calls.get(keyOf(request.callId, request.from.tag ?? ''));
    if (known !== undefined) {
      // Challenged by somebody behind us, it comes again with the answer (RFC 3261 §22.1). Else it comes by here on
      // another way, in a spiral (§16.6) or forked before us: still one call.
      if (known.asked !== undefined) context.listener = known.again();
      else if (known.state !== 'answered') context.listener = new FurtherLeg(known);
      return;
    }
    const { maxCalls, callsPerUser } = this.#options.settings;
    if (this.#calls.size >= maxCalls) this.#drop(this.#calls.values());
    const aor = user === undefined ? undefined : aorOf(user.number, user.domain);
    const own = aor === undefined ? undefined : this.#byAor.get(aor);
    if (own !== undefined && own.size >= callsPerUser) this.#drop(own.values());
    const call = new LiveCall(this, startOf(context, aor, this.#nextId()));
    this.#calls.set(call.key, call);
    this.#byId.set(call.id, call);
    context.listener = call;
    this.changed(call);
  }

  #refresh(context: CallRequest): void {
    const call = this.#dialogOf(context.request);
    if (call?.state === 'answered') context.listener = new Refresh(call);
  }

  #bye(context: CallRequest): void {
    const { request } = context;
    const call = this.#dialogOf(request);
    if (call === undefined) return;
    const from = request.from.tag ?? '';
    const isCaller = from === call.callerTag;
    const reason = request.headers.find(H.Reason) < 0 ? undefined : request.headers.lines(H.Reason).join(', ');
    if (!call.bye(isCaller ? (request.to.tag ?? '') : from, isCaller ? 'caller' : 'callee', reason)) return;
    if (this.#options.quality === undefined) return;
    const sides = [call.caller.aor, call.answeredBy?.aor];
    const [own, other] = isCaller ? sides : sides.reverse();
    this.#listenTo(call, own, request);
    if (other !== undefined) context.listener = new Farewell((response) => this.#listenTo(call, other, response));
  }

  /** Some phones say in a BYE, or in their answer to it, how the call sounded. */
  #listenTo({ callId }: LiveCall, aor: Aor | undefined, message: SipMessage): void {
    const report = aor === undefined ? undefined : qualityIn(message, aor);
    if (aor !== undefined && report !== undefined) this.#options.quality?.(callId, aor, report);
  }

  #dialogOf({ callId, from, to }: SipRequest): LiveCall | undefined {
    if (this.#calls.size === 0) return undefined;
    return this.#calls.get(keyOf(callId, from.tag ?? '')) ?? this.#calls.get(keyOf(callId, to.tag ?? ''));
  }

  now(): number {
    return this.#options.clock.now();
  }

  changed(call: LiveCall): void {
    for (const listener of this.#listeners) {
      try {
        listener.changed(call);
      } catch (cause) {
        this.#options.log.error('could not take note of a call', { callId: call.callId, cause });
      }
    }
  }

  joined(call: LiveCall, aor: Aor): void {
    const calls = this.#byAor.get(aor);
    if (calls === undefined) this.#byAor.set(aor, new Set([call]));
    else calls.add(call);
  }

  left(call: LiveCall, aor: Aor): void {
    const calls = this.#byAor.get(aor);
    if (calls?.delete(call) === true && calls.size === 0) this.#byAor.delete(aor);
  }

  answered(call: LiveCall): void {
    const { clock, locations } = this.#options;
    const sides = [call.caller.aor, call.answeredBy?.aor];
    call.watched = sides.filter((aor) => aor !== undefined && locations.lookup(aor, clock.now()).length > 0) as Aor[];
    this.#lookLater(call);
  }

  asked(call: LiveCall): void {
    call.timer = this.#options.clock.after(ASKED_MS, () => call.finishAsked());
  }

  over(call: LiveCall): void {
    for (const aor of call.aors) this.left(call, aor);
    if (this.#calls.get(call.key) === call) this.#calls.delete(call.key);
    this.#byId.delete(call.id);
  }

  refreshed(call: LiveCall, expires: string | undefined): void {
    const seconds = deltaSeconds(expires) ?? 0;
    call.sessionSeconds = seconds > LONGEST_SESSION ? 0 : seconds;
    this.#prolong(call);
  }

  #prolong(call: LiveCall): void {
    const { sessionSeconds } = call;
    const timed = Math.max(SHORTEST_SESSION, sessionSeconds) * 1000 + SESSION_SLACK_MS;
    call.deadline = this.now() + (sessionSeconds > 0 ? timed : this.#options.settings.longestCall);
  }

  #lookLater(call: LiveCall): void {
    const { clock } = this.#options;
    const wait = Math.max(0, Math.min(LOOK_MS, call.deadline - clock.now()));
    call.timer = clock.after(wait, () => this.#look(call));
  }

  #look(call: LiveCall): void {
    const { clock, locations } = this.#options;
    const now = clock.now();
    if (now >= call.deadline) {
      this.#lose(call, call.sessionSeconds > 0 ? 'session-timer' : 'too-long');
      return;
    }
    const isMissing = call.watched.some((aor) => locations.lookup(aor, now).length === 0);
    // A phone that begins anew signs out first.
    if (isMissing && call.isMissing) {
      this.#lose(call, 'gone');
      return;
    }
    call.isMissing = isMissing;
    this.#lookLater(call);
  }

  #lose(call: LiveCall, lost: CallEnd['lost']): void {
    call.finish({ by: 'exchange', status: call.answeredAt > 0 ? 200 : 0, reason: '', lost });
  }

  #drop(calls: Iterable<LiveCall>): void {
    for (const oldest of calls) {
      this.#lose(oldest, 'crowded');
      return;
    }
  }

  /** By the time, so that it grows over restarts too. */
  #nextId(): number {
    this.#lastId = Math.max(this.#lastId + 1, this.now() * 1000);
    return this.#lastId;
  }
}

/** RFC 3326: what devices are told that stop ringing because the office said so. */
const STOPPED = 'SIP;cause=487;text="Ended by the office"';
const NOBODY: readonly Call[] = [];
