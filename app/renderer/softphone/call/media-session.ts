/**
 * The sound of one call: the page's connection on one side, the gateway of the phone service on the other, and the SIP
 * descriptions between them. One piece of work at a time, in the order asked for.
 */
import type { Direction } from '../../../../proxy-core/sip/sdp/index.ts';
import type { Clock, Timer } from '../../../../proxy-core/sip/transaction/clock.ts';
import type { MediaStats, PhonePortSchema, RegId } from '../../../shared/phone-port.ts';
import type { Client } from '../../../shared/schema.ts';
import { textOf } from '../../../shared/text-of.ts';
import type { HoldSound, MediaPort, PeerMedia, SoundLevels, StartedTape, TapeListener } from '../media.ts';

export type GatewayPort = Client<PhonePortSchema>['media'];

export interface MediaSessionOptions {
  readonly sessionId: string;
  readonly accountId: string;
  /** By which line of its account; the account's own where it is not told. */
  readonly regId?: (() => RegId | undefined) | undefined;
  /** Call-ID of the call, by which the gateway knows the peer's descriptions. */
  readonly callId: string;
  readonly gateway: GatewayPort;
  readonly media: MediaPort;
  readonly clock: Clock;
  readonly listener: MediaSessionListener;
}

export interface MediaSessionListener {
  /** Sound from the peer is missing, or came back. */
  silence(missing: boolean): void;
  microphone(state: 'replaced' | 'lost' | 'restored'): void;
  trouble(sentence: string): void;
  stats(stats: MediaStats): void;
  levels(levels: SoundLevels): void;
  lost(reason: string): void;
  /** Candidates of ours, to be told where the other side takes them. */
  candidates(fragment: string, isNews: boolean): void;
}

export type Outcome<T> =
  | ({ readonly ok: true } & T)
  | { readonly ok: false; readonly status: number; readonly reason: string };

const NO_GATEWAY = 'The part of Tandem that carries sound is not there.';
const STATS_EVERY = 1_000;
/** Of a caller who finds candidates while it rings here. */
const MAX_EARLY = 8;

const refuse = (status: number, reason: string) => ({ ok: false, status, reason }) as const;

export class MediaSession {
  readonly #options: MediaSessionOptions;
  readonly #release: readonly (() => void)[];
  #peer: PeerMedia | undefined;
  #muted = false;
  #held: HoldSound | undefined;
  #mixed: readonly MediaSession[] = [];
  /** Sessions that hear this one, to be told once it has sound. */
  readonly #heardBy = new Set<MediaSession>();
  #lastAnswer = '';
  /** Whether the page has an offer out that no answer was applied to. */
  #offering = false;
  #direction: Direction = 'sendrecv';
  #queue: Promise<unknown> = Promise.resolve();
  #timer: Timer | undefined;
  #closed = false;
  /** Candidates of the other side, until our part of the sound is there; undefined from then on. */
  #early: string[] | undefined = [];

  constructor(options: MediaSessionOptions) {
    this.#options = options;
    const { gateway, sessionId, listener } = options;
    const isOurs = (one: { readonly sessionId: string }): boolean => one.sessionId === sessionId && !this.#closed;
    this.#release = [
      gateway.silence((silence) => {
        if (isOurs(silence)) listener.silence(silence.cause !== 'resumed');
      }),
      gateway.candidates((told) => {
        if (isOurs(told)) listener.candidates(told.fragment, told.isNews);
      }),
    ];
  }

  /**
   * Our offer for an INVITE, or for the 2xx to one that left it to us. 480 where there is no microphone.
   * @param restart the way for sound is looked for anew
   */
  makeOffer(direction: Direction, restart = false): Promise<Outcome<{ sdp: string }>> {
    return this.#inTurn(async () => {
      const opened = await this.#open();
      if (!opened.ok) return opened;
      const webrtcOffer = await this.#offer(opened.peer, direction);
      const made = await this.#options.gateway.offer({ ...this.#names, webrtcOffer, ...(restart ? { restart } : {}) });
      if (!made.ok) return made;
      this.#begun();
      return { ok: true, sdp: made.sipOffer };
    });
  }

  /** The peer's answer to it; a later one replaces it. @param trickles whether the peer takes candidates by INFO */
  applyAnswer(sipAnswer: string, trickles: boolean): Promise<Outcome<object>> {
    return this.#inTurn(async () => {
      const peer = this.#peer;
      if (peer === undefined) return refuse(500, 'There is no offer that this could answer.');
      const applied = await this.#options.gateway.answer({ ...this.#names, sipAnswer, trickles });
      if (!applied.ok) return applied;
      await this.#answer(peer, applied.webrtcAnswer);
      return { ok: true };
    });
  }

  /** Our answer to an offer of the peer, first or later. A refused one changes nothing. @param trickles as above */
  accept(sipOffer: string, direction: Direction, trickles: boolean): Promise<Outcome<{ sdp: string }>> {
    return this.#inTurn(async () => {
      const opened = await this.#open();
      if (!opened.ok) return opened;
      const webrtcOffer = await this.#offer(opened.peer, direction);
      const accepted = await this.#options.gateway.accept({ ...this.#names, webrtcOffer, sipOffer, trickles });
      if (!accepted.ok) {
        await opened.peer.rollback();
        this.#offering = false;
        return accepted;
      }
      this.#begun();
      this.#lastAnswer = '';
      await this.#answer(opened.peer, accepted.webrtcAnswer);
      return { ok: true, sdp: accepted.sipAnswer };
    });
  }

  /** As the gateway knows it. */
  get #names() {
    const { sessionId, accountId, callId } = this.#options;
    const regId = this.#options.regId?.();
    return { sessionId, accountId, callId, ...(regId === undefined ? {} : { regId }) };
  }

  /** Candidates that the peer told. */
  hear(fragment: string): void {
    // A gateway that is gone has been told of already, by the call that lost its sound.
    if (this.#early === undefined) void this.#options.gateway.hear({ ...this.#names, fragment }).catch(() => {});
    else this.#early = [...this.#early, fragment].slice(-MAX_EARLY);
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#peer?.setMuted(muted);
  }

  /** Nobody here hears the other side of a held call or is heard by it, whatever was agreed on with it so far. */
  setHeld(held: HoldSound | undefined): void {
    this.#held = held;
    this.#peer?.setHeld(held);
  }

  /** Both sides from now on; not before there is sound. */
  record(announce: boolean, listener: TapeListener): StartedTape {
    return this.#peer?.record(announce, listener) ?? { ok: false, reason: 'There is no sound yet.' };
  }

  get hasSound(): boolean {
    return this.#peer !== undefined;
  }

  sendDigit(digit: string, how: 'event' | 'tone'): boolean {
    return this.#peer?.sendDigit(digit, how) ?? false;
  }

  /** The others whose sound this one hears besides ours, from now on. */
  mix(others: readonly MediaSession[]): void {
    for (const other of this.#mixed) other.#heardBy.delete(this);
    this.#mixed = others;
    for (const other of others) other.#heardBy.add(this);
    this.#remix();
  }

  #remix(): void {
    this.#peer?.mix(this.#mixed.flatMap((other) => other.#peer ?? []));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    for (const release of this.#release) release();
    this.mix([]);
    const peer = this.#peer;
    this.#peer = undefined;
    for (const listener of this.#heardBy) listener.#remix();
    peer?.close();
    const { gateway, sessionId } = this.#options;
    // What is under way may still make the gateway's session: it is closed after that. A service that is gone has none.
    void this.#queue.then(() => gateway.close({ sessionId })).catch(() => {});
  }

  #begun(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const fragment of early) this.hear(fragment);
  }

  #inTurn<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const done = this.#queue.then(async (): Promise<Outcome<T>> => {
      if (this.#closed) return refuse(487, 'The call has ended.');
      try {
        return await work();
      } catch (error) {
        return refuse(500, error instanceof Error && error.name === 'BridgeError' ? NO_GATEWAY : setupText(error));
      }
    });
    this.#queue = done;
    return done;
  }

  async #open(): Promise<{ ok: true; peer: PeerMedia } | ReturnType<typeof refuse>> {
    if (this.#peer !== undefined) return { ok: true, peer: this.#peer };
    const { media, listener } = this.#options;
    const opened = await media.open({
      microphone: (state) => {
        if (!this.#closed) listener.microphone(state);
      },
      trouble: (sentence) => {
        if (!this.#closed) listener.trouble(sentence);
      },
      failed: () => {
        if (!this.#closed) listener.lost('The sound of this call broke down inside this computer.');
      },
    });
    if (!opened.ok) return refuse(480, opened.reason);
    if (this.#closed) {
      opened.media.close();
      return refuse(487, 'The call has ended.');
    }
    this.#peer = opened.media;
    opened.media.setMuted(this.#muted);
    if (this.#held !== undefined) opened.media.setHeld(this.#held);
    this.#remix();
    for (const listener of this.#heardBy) listener.#remix();
    return { ok: true, peer: opened.media };
  }

  /** A page's connection can have one open offer: an earlier one without answer is made again. */
  async #offer(peer: PeerMedia, direction: Direction): Promise<string> {
    if (this.#offering) await peer.rollback();
    this.#direction = direction;
    const sdp = await peer.offer(direction);
    this.#offering = true;
    return sdp;
  }

  async #answer(peer: PeerMedia, sdp: string): Promise<void> {
    if (this.#closed) return;
    if (!this.#offering) {
      // A second answer to one offer: the page wants an offer for each.
      if (sdp === this.#lastAnswer) return;
      await peer.offer(this.#direction);
    }
    await peer.answer(sdp);
    this.#offering = false;
    this.#lastAnswer = sdp;
    this.#timer ??= this.#options.clock.after(STATS_EVERY, () => void this.#poll());
  }

  async #poll(): Promise<void> {
    const { gateway, sessionId, listener, clock } = this.#options;
    // What cannot be counted now may be in a second; a service that fell ends the call by itself.
    const stats = await gateway.stats({ sessionId }).catch(() => null);
    if (this.#closed) return;
    if (stats !== null) listener.stats(stats);
    const levels = await this.#peer?.levels().catch(() => undefined);
    if (this.#closed) return;
    if (levels !== undefined) listener.levels(levels);
    this.#timer = clock.after(STATS_EVERY, () => void this.#poll());
  }
}

const setupText = (error: unknown): string => `The sound could not be set up: ${textOf(error)}`;
