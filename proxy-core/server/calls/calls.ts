/**
 * The book of the calls that pass through the exchange, kept by what it sees of them: INVITEs, their answers, and BYE,
 * re-INVITE and UPDATE, which come by our Record-Route (RFC 3261 §16.6). In stateless mode nothing is known of any call,
 * in redirect mode only that it was sent elsewhere.
 *
 * A BYE may never come. An answered call counts as over when its session timer has run out (RFC 4028), where it has none
 * `longestCall` after the last request in its dialog, or when a side that was registered no longer is.
 */
import { toText } from '../../sip/grammar/text.ts';
import type { SipRequest, SipResponse } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import { deltaSeconds } from '../../sip/message/parse.ts';
import type { Clock } from '../../sip/transaction/clock.ts';
import type { ExchangeLog } from '../exchange-log.ts';
import type { BranchListener, ForkListener } from '../fork-listener.ts';
import type { Settings } from '../settings.ts';
import { type Aor, aorOf, type LocationStore } from '../stores.ts';
import { receivedText, type Target } from '../targets.ts';
import type { Call, CallEnd, CallListener } from './call.ts';
import type { CallRequest } from './call-request.ts';
import { detached } from './detached.ts';
import { type CallBook, type CallStart, LiveCall } from './live-call.ts';

/** How often an answered call is looked at, in ms. */
const LOOK_MS = 60_000;
/** A session ends by the sides themselves before its time; the last request may take so long (RFC 3261 Timer F). */
const SESSION_SLACK_MS = 32_000;
/** So long a caller has to answer the challenge of somebody behind us. */
const ASKED_MS = 10_000;
/** RFC 4028 §5 wants 90 s at least; a longer one than a day is no timer. */
const SHORTEST_SESSION = 90;
const LONGEST_SESSION = 86_400;
/** Texts that callers choose are kept up to this length. */
const LONGEST_TEXT = 128;

export interface CallsOptions {
  readonly clock: Clock;
  readonly log: Pick<ExchangeLog, 'error'>;
  readonly settings: Pick<Settings, 'maxCalls' | 'callsPerUser' | 'longestCall'>;
  readonly locations: Pick<LocationStore, 'lookup'>;
}

export class Calls implements CallBook {
  readonly #options: CallsOptions;
  /** Oldest first. */
  readonly #calls = new Map<string, LiveCall>();
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

  /** A request that was let in, on its way through the pipeline. */
  follow(context: CallRequest): void {
    const { request } = context;
    const { method, to } = request;
    if (method === 'INVITE') {
      if (to.tag === undefined) this.#begin(context);
      else this.#refresh(context);
    } else if (method === 'BYE') this.#bye(request);
    else if (method === 'UPDATE') this.#refresh(context);
  }

  /** Ends all that is known of calls, without a word: the exchange closes. */
  close(): void {
    for (const call of this.#calls.values()) call.timer?.cancel();
    this.#calls.clear();
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
    context.listener = call;
    this.changed(call);
  }

  #refresh(context: CallRequest): void {
    const call = this.#dialogOf(context.request);
    if (call?.state === 'answered') context.listener = new Refresh(call);
  }

  #bye(request: SipRequest): void {
    const call = this.#dialogOf(request);
    if (call === undefined) return;
    const from = request.from.tag ?? '';
    const isCaller = from === call.callerTag;
    const reason = request.headers.find(H.Reason) < 0 ? undefined : request.headers.lines(H.Reason).join(', ');
    call.bye(isCaller ? (request.to.tag ?? '') : from, isCaller ? 'caller' : 'callee', reason);
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
  }

  deadlineAfter(response: SipResponse): { readonly deadline: number; readonly isTimed: boolean } {
    const now = this.#options.clock.now();
    const seconds = deltaSeconds(response.header(H.SessionExpires));
    if (seconds === undefined || seconds > LONGEST_SESSION) {
      return { deadline: now + this.#options.settings.longestCall, isTimed: false };
    }
    return { deadline: now + Math.max(SHORTEST_SESSION, seconds) * 1000 + SESSION_SLACK_MS, isTimed: true };
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
      this.#lose(call, call.hasSessionTimer ? 'session-timer' : 'too-long');
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

const NOBODY: readonly Call[] = [];

/** No Call-ID has a line break. */
const keyOf = (callId: string, callerTag: string): string => `${callId}\n${callerTag}`;

function startOf(
  { request, source, user, device, uri, domain, exchange }: CallRequest,
  aor: Aor | undefined,
  id: number,
): CallStart {
  const { from } = request;
  const address = from.uri.ok ? from.uri.value : undefined;
  const dialled = domain === undefined ? undefined : exchange.users.find(uri.userDecoded, domain);
  const [callId = '', callerTag = '', number = '', host = '', name = '', called = '', at = '', place = ''] = detached([
    ...[request.callId, from.tag ?? ''],
    ...[plain(address?.userDecoded ?? from.uriText), plain(address?.host ?? ''), plain(from.display)],
    ...[plain(uri.userDecoded), plain(uri.host), receivedText(source, request.via)],
  ]);
  return {
    ...{ id, key: keyOf(callId, callerTag), callId, callerTag },
    caller: { aor, number, domain: user?.domain ?? host.toLowerCase(), name: name === '' ? (user?.name ?? '') : name },
    callerDevice: device,
    callerAddress: place,
    callee: {
      aor: dialled === undefined ? undefined : aorOf(dialled.number, dialled.domain),
      ...{ number: called, domain: domain ?? at.toLowerCase(), name: dialled?.name ?? '' },
    },
  };
}

const ORDINARY = /^[ -~]*$/;

/** Bytes of others as text of one line. */
function plain(bytes: string): string {
  if (bytes.length <= LONGEST_TEXT && ORDINARY.test(bytes)) return bytes;
  return toText(bytes.slice(0, LONGEST_TEXT)).replaceAll(/\p{Cc}/gu, ' ');
}

/** The INVITE of a call that is known already: its devices are those of the call, its end is not. */
class FurtherLeg implements ForkListener {
  readonly #call: LiveCall;

  constructor(call: LiveCall) {
    this.#call = call;
  }

  tries(target: Target): BranchListener | undefined {
    return this.#call.tries(target);
  }

  cancelled(): void {}

  refused(): void {}
}

/** A re-INVITE or UPDATE: it shows that both sides are there. */
class Refresh implements ForkListener, BranchListener {
  readonly #call: LiveCall;

  constructor(call: LiveCall) {
    this.#call = call;
  }

  tries(): BranchListener {
    return this;
  }

  accepted(response: SipResponse): void {
    if (this.#call.state === 'answered') this.#call.refreshed(response);
  }

  progressed(): void {}

  ended(): void {}

  cancelled(): void {}

  refused(): void {}
}
