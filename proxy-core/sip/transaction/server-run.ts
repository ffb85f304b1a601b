/** Performs what the two server machines decide: answers, sets the one timer, tells its user of the end (RFC 3261 §17.2). */
import { buildResponse } from '../message/build.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import { H } from '../message/names.ts';
import { type TransportLayer, wayBack } from '../transport/layer.ts';
import type { Hop, Source } from '../transport/port.ts';
import type { Clock, Timer } from './clock.ts';
import {
  type InviteServerEvent,
  type InviteServerState,
  type InviteServerStep,
  startInviteServer,
  stepInviteServer,
} from './invite-server.ts';
import {
  type ServerEffect,
  type ServerEvent,
  type ServerState,
  type ServerStep,
  startServer,
  stepServer,
} from './server.ts';
import { isOf3261 } from './table.ts';
import type { TimerName } from './timers.ts';
import type { ServerTransaction } from './user.ts';

const ignore = (): void => {};

type How = 'done' | 'no-ack' | 'failed';

/**
 * Whether the same sender says the same again. Whoever was called has seen the request, but for the credentials, which the
 * proxy that asked for them takes out.
 */
const isSame = (one: SipRequest, other: SipRequest): boolean =>
  one.callId === other.callId &&
  one.cseq === other.cseq &&
  one.from.tag === other.from.tag &&
  credentialsOf(one) === credentialsOf(other);

const credentialsOf = ({ headers }: SipRequest): string =>
  [...headers.lines(H.ProxyAuthorization), ...headers.lines(H.Authorization)].join();

const TERMINATED: ServerState = { state: 'terminated' };
const DONE: ServerEffect = { type: 'end', how: 'done' };

/** What all server transactions of a layer share. */
export interface ServerRunParts {
  readonly transport: TransportLayer;
  readonly clock: Clock;
  /** It has its final response, or will have none. */
  readonly closed: () => void;
  /** The transaction is over: forget it. */
  readonly ended: (run: ServerRun) => void;
  /** An ACK to a 2xx. */
  readonly acknowledged: (ack: SipRequest, source: Source) => void;
}

export class ServerRun implements ServerTransaction {
  readonly key: string;
  readonly request: SipRequest;
  readonly source: Source;
  attached: unknown;
  /** What its request keeps in memory. */
  readonly bytes: number;
  readonly #parts: ServerRunParts;
  readonly #isInvite: boolean;
  /** Where responses go. */
  #back: Hop;
  #state: InviteServerState | ServerState;
  #timer: Timer | undefined;
  #timerName: TimerName = 'J';
  #onEnd: ((how: How) => void)[] | undefined;
  #how: How | undefined;
  /** The tag that our final response gave to To, for a client of RFC 2543. */
  #toTag: string | undefined;

  constructor(parts: ServerRunParts, key: string, request: SipRequest, source: Source) {
    this.key = key;
    this.request = request;
    this.source = source;
    this.bytes = request.headers.raw.length;
    this.#parts = parts;
    this.#isInvite = request.method === 'INVITE';
    this.#back = wayBack(request.via, source);
    const reliable = parts.transport.isReliable(source.transport);
    const first = this.#isInvite ? startInviteServer(reliable) : startServer(reliable);
    this.#state = first.state;
    this.#perform(first);
  }

  get isOpen(): boolean {
    const { state } = this.#state;
    return state === 'trying' || state === 'proceeding';
  }

  respond(response: SipResponse, evenLate = false): void {
    if (evenLate && !this.isOpen && this.#state.state !== 'accepted') {
      this.#parts.transport.sendBack(response, this.#back, ignore);
      return;
    }
    const closes = response.status >= 200 && this.isOpen;
    if (closes && !isOf3261(this.request.via.branch)) this.#toTag = response.to.tag;
    this.#take({ type: 'respond', response });
    // It lingers for half a minute; what was read of it by then is a burden to the memory only.
    if (closes) this.request.forgetReading();
  }

  dismiss(response: SipResponse): void {
    if (this.#isInvite || !this.isOpen) this.respond(response);
    else this.#perform({ state: TERMINATED, effects: [{ type: 'send', response }, DONE] });
  }

  onEnd(listener: (how: How) => void): void {
    if (this.#how !== undefined) listener(this.#how);
    else this.#onEnd = [...(this.#onEnd ?? []), listener];
  }

  /**
   * The request came again. Where it came by another way, its sender has moved while it rings: responses go there from now
   * on (§18.2.2 has them follow the Via of the request). It must be the same request by the same transport, and from another
   * host with the credentials that only its sender knows.
   */
  repeated(request: SipRequest, source: Source): void {
    const { transport, host, port, flow } = this.#back;
    const isElsewhere = source.flow !== flow || source.host !== host || (transport === 'UDP' && source.port !== port);
    const isKnown = source.host === host || credentialsOf(request) !== '';
    if (
      isElsewhere &&
      isKnown &&
      this.#isInvite &&
      this.isOpen &&
      source.transport === transport &&
      isSame(request, this.request)
    )
      this.#back = wayBack(request.via, source);
    this.#take({ type: 'request' });
  }

  /** Whether an ACK that was found by the key is for this: RFC 2543 told by the tag of To (§17.2.3). */
  takesAck(ack: SipRequest): boolean {
    return isOf3261(ack.via.branch) || ack.to.tag === this.#toTag;
  }

  acked(ack: SipRequest, source: Source): void {
    this.#perform(stepInviteServer(this.#invite, { type: 'ack' }), ack, source);
  }

  /** Ends without a word to anybody. */
  stop(): void {
    this.#state = TERMINATED;
    this.#timer?.cancel();
    this.#onEnd = undefined;
  }

  /** Which machine it is never changes, so neither does the kind of its state. */
  get #invite(): InviteServerState {
    return this.#state as InviteServerState;
  }

  #take(event: ServerEvent & InviteServerEvent): void {
    this.#perform(
      this.#isInvite ? stepInviteServer(this.#invite, event) : stepServer(this.#state as ServerState, event),
    );
  }

  #perform(step: InviteServerStep | ServerStep, ack?: SipRequest, source?: Source): void {
    const ends = step.state.state === 'terminated' && this.#state.state !== 'terminated';
    const wasOpen = this.isOpen;
    this.#state = step.state;
    if (wasOpen && !this.isOpen) this.#parts.closed();
    if (ends) {
      this.#timer?.cancel();
      this.#parts.ended(this);
    }
    for (const effect of step.effects) {
      switch (effect.type) {
        case 'send':
          this.#parts.transport.sendBack(effect.response, this.#back, this.#failed);
          break;
        case 'sendTrying':
          this.#take({ type: 'respond', response: buildResponse(this.request, 100) });
          break;
        case 'deliverAck':
          if (ack !== undefined && source !== undefined) this.#parts.acknowledged(ack, source);
          break;
        case 'timer':
          this.#timer?.cancel();
          this.#timerName = effect.name;
          this.#timer = this.#parts.clock.after(effect.ms, this.#fire);
          break;
        case 'stopTimer':
          this.#timer?.cancel();
          break;
        case 'end': {
          this.#how = effect.how;
          const listeners = this.#onEnd ?? [];
          this.#onEnd = undefined;
          for (const listener of listeners) listener(effect.how);
          break;
        }
        default:
          effect satisfies never;
      }
    }
  }

  readonly #fire = (): void => this.#take({ type: 'timer', name: this.#timerName });
  readonly #failed = (): void => this.#take({ type: 'failed' });
}
