/** Performs what the two client machines decide: sends, sets the one timer, tells the listener (RFC 3261 §17.1). */
import { buildAck } from '../message/build.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import type { TransportLayer } from '../transport/layer.ts';
import type { Hop, Source, TransportFailure } from '../transport/port.ts';
import { type ClientEvent, type ClientState, type ClientStep, startClient, stepClient } from './client.ts';
import type { Clock, Timer } from './clock.ts';
import {
  type InviteClientEvent,
  type InviteClientState,
  type InviteClientStep,
  startInviteClient,
  stepInviteClient,
} from './invite-client.ts';
import type { TimerName } from './timers.ts';
import type { ClientListener, ClientTransaction } from './user.ts';

/** What all client transactions of a layer share. */
export interface ClientRunParts {
  readonly transport: TransportLayer;
  readonly clock: Clock;
  /** The transaction is over: forget it. */
  readonly ended: (run: ClientRun) => void;
  /** The transaction goes by another way once `change` is done. */
  readonly moved: (run: ClientRun, change: () => void) => void;
  /** Sends a CANCEL for this INVITE in a transaction of its own. */
  readonly sendCancel: (invite: SipRequest, hop: Hop, reason: string | undefined, unsaid: () => void) => void;
}

const SILENT: ClientListener = { response: () => {}, timeout: () => {}, failed: () => {} };

export class ClientRun implements ClientTransaction {
  readonly key: string;
  readonly request: SipRequest;
  readonly isReliable: boolean;
  readonly #parts: ClientRunParts;
  readonly #isInvite: boolean;
  #hop: Hop;
  #listener: ClientListener;
  #state: InviteClientState | ClientState;
  #timer: Timer | undefined;
  #timerName: TimerName = 'B';
  #starting = true;

  constructor(parts: ClientRunParts, key: string, request: SipRequest, hop: Hop, listener: ClientListener) {
    this.key = key;
    this.request = request;
    this.#hop = hop;
    this.isReliable = parts.transport.isReliable(hop.transport);
    this.#parts = parts;
    this.#isInvite = request.method === 'INVITE';
    this.#listener = listener;
    this.#state = { state: 'terminated' };
  }

  get hop(): Hop {
    return this.#hop;
  }

  start(): void {
    this.#perform(this.#isInvite ? startInviteClient(this.isReliable) : startClient(this.isReliable), undefined);
    this.#starting = false;
  }

  received(response: SipResponse, source: Source): void {
    this.#take({ type: 'response', response }, source);
  }

  cancel(reason?: string): void {
    if (this.#isInvite) this.#perform(stepInviteClient(this.#invite, { type: 'cancel', reason }), undefined);
  }

  moveTo(hop: Hop, again = false): void {
    if (!this.#isInvite || this.#state.state !== 'proceeding') return;
    this.#parts.moved(this, () => {
      this.#hop = hop;
    });
    // A way that fails takes nothing of the other side with it: it rings as before.
    if (again) this.#parts.transport.send(this.request, hop, () => {});
  }

  /** The connection that carried the request has ended. An INVITE that rings does so until its user says otherwise. */
  connectionLost(): void {
    if (this.#isInvite && this.#state.state === 'proceeding') this.#listener.connectionLost?.();
    else this.#failed({ reason: 'The connection ended before an answer came' });
  }

  forget(): void {
    this.#listener = SILENT;
  }

  /** Ends without a word to anybody. */
  stop(): void {
    this.#state = { state: 'terminated' };
    this.#timer?.cancel();
    this.forget();
  }

  /** Which machine it is never changes, so neither does the kind of its state. */
  get #invite(): InviteClientState {
    return this.#state as InviteClientState;
  }

  #take(event: ClientEvent & InviteClientEvent, source?: Source): void {
    this.#perform(
      this.#isInvite ? stepInviteClient(this.#invite, event) : stepClient(this.#state as ClientState, event),
      source,
    );
  }

  #perform(step: InviteClientStep | ClientStep, source: Source | undefined): void {
    const ends = step.state.state === 'terminated' && this.#state.state !== 'terminated';
    this.#state = step.state;
    if (ends) {
      this.#timer?.cancel();
      this.#parts.ended(this);
    }
    const { transport } = this.#parts;
    for (const effect of step.effects) {
      switch (effect.type) {
        case 'send':
          transport.send(this.request, this.#hop, this.#failed);
          break;
        case 'ack':
          transport.send(buildAck(this.request, effect.response), this.#hop, this.#failed);
          break;
        case 'cancel':
          this.#parts.sendCancel(this.request, this.#hop, effect.reason, this.#unsaid);
          break;
        case 'deliver':
          // A response always comes from somewhere.
          if (source !== undefined) this.#listener.response(effect.response, source);
          break;
        case 'timer':
          this.#timer?.cancel();
          this.#timerName = effect.name;
          this.#timer = this.#parts.clock.after(effect.ms, this.#fire);
          break;
        case 'stopTimer':
          this.#timer?.cancel();
          break;
        case 'timeout':
          this.#listener.timeout();
          break;
        case 'fail':
          this.#listener.failed(effect.failure);
          break;
        default:
          effect satisfies never;
      }
    }
  }

  /** Nobody was told of the CANCEL. */
  readonly #unsaid = (): void => {
    if (this.#state.state !== 'proceeding' || this.#listener.cancelUnsaid === undefined) return;
    this.#perform(stepInviteClient(this.#invite, { type: 'uncancelled' }), undefined);
    this.#listener.cancelUnsaid();
  };

  readonly #fire = (): void => this.#take({ type: 'timer', name: this.#timerName });

  readonly #failed = (failure: TransportFailure): void => {
    // Nobody expects an answer before `request` has returned.
    if (this.#starting) this.#parts.clock.after(0, () => this.#take({ type: 'failed', failure }));
    else this.#take({ type: 'failed', failure });
  };
}
