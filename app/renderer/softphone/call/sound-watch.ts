/** Watches the sound of one call: how good it is, what is missing of it in either direction, and whether its way may be broken. */
import type { Clock } from '../../../../proxy-core/sip/transaction/clock.ts';
import type { QualitySummary } from '../../../shared/history.ts';
import type { MediaStats, WayFacts } from '../../../shared/phone-port.ts';
import type { SoundLevels } from '../media.ts';
import type { CallQuality } from '../snapshots.ts';
import { type MicrophoneFault, MicrophoneWatch } from './microphone-watch.ts';
import { QualityMeter } from './quality-meter.ts';
import type { Negotiation } from './session-state.ts';
import type { CallEvent, CallState } from './types.ts';

export interface SoundNotes {
  readonly silent: boolean;
  readonly microphone: 'replaced' | 'lost' | undefined;
  /** Why nobody can hear us. */
  readonly fault: MicrophoneFault | undefined;
  /** What the gateway knows of the way to the other side. */
  readonly way: WayFacts | undefined;
  readonly quality: CallQuality | undefined;
}

export interface SoundWatchPorts {
  readonly clock: Clock;
  readonly state: () => CallState;
  readonly dispatch: (event: CallEvent) => void;
  readonly isMuted: () => boolean;
  /** Sound stopped that was there and is wanted. */
  readonly stopped: () => void;
  readonly resumed: () => void;
  readonly changed: () => void;
}

/** Sound that came no longer ago than this, in ms, comes still. */
const HEARD_WITHIN = 3_000;

export class SoundWatch {
  readonly #ports: SoundWatchPorts;
  readonly #meter = new QualityMeter();
  readonly #microphone = new MicrophoneWatch();
  #heardAt = Number.NEGATIVE_INFINITY;
  #notes: SoundNotes = { silent: false, microphone: undefined, fault: undefined, way: undefined, quality: undefined };

  constructor(ports: SoundWatchPorts) {
    this.#ports = ports;
  }

  get notes(): SoundNotes {
    return this.#notes;
  }

  /** On the whole; undefined where no sound ever passed. */
  get summary(): QualitySummary | undefined {
    return this.#meter.summary;
  }

  get isHeard(): boolean {
    return this.#ports.clock.now() - this.#heardAt < HEARD_WITHIN;
  }

  /** Sound from the other side is missing, or came back. */
  silence(missing: boolean): void {
    this.#note({ silent: missing });
    if (missing) this.#suspect();
    else this.#ports.resumed();
  }

  microphone(state: 'replaced' | 'lost' | 'restored'): void {
    this.#note({ microphone: state === 'restored' ? undefined : state });
  }

  /** What the gateway counts; once a second. */
  stats(stats: MediaStats): void {
    const before = this.#notes.quality?.received ?? 0;
    const quality = this.#meter.add(stats);
    if (quality.received > before) this.#heardAt = this.#ports.clock.now();
    this.#note({ way: stats.way, quality });
    if (quality.ice?.state === 'lost') this.#suspect();
    if (stats.isOfferDue === true) this.#offerWay();
  }

  /** What the page measures at the microphone; once a second. */
  levels(levels: SoundLevels): void {
    const speaks = this.#session?.hold === false && !this.#ports.isMuted();
    const fault = this.#microphone.add(levels, this.#notes.way?.fromWindow, speaks);
    if (fault !== this.#notes.fault) this.#note({ fault });
  }

  get #session(): Negotiation | undefined {
    const at = this.#ports.state();
    return at.phase === 'talking' ? at.session : undefined;
  }

  /** Servers on the way, too, are to know where the sound goes (RFC 8839 §4.4). */
  #offerWay(): void {
    if (this.#session?.exchange.state === 'quiet') this.#ports.dispatch({ type: 'refresh' });
  }

  #suspect(): void {
    const session = this.#session;
    if (session === undefined || session.hold || session.heldByPeer) return;
    if ((this.#notes.quality?.received ?? 0) === 0) return;
    this.#ports.stopped();
  }

  #note(change: Partial<SoundNotes>): void {
    this.#notes = { ...this.#notes, ...change };
    this.#ports.changed();
  }
}
