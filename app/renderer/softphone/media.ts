/** The microphone, the loudspeaker and one WebRTC connection to the gateway, as the softphone needs them from the page. */
import type { Direction } from '../../../proxy-core/sip/sdp/index.ts';

export interface MediaPort {
  /**
   * Opens the microphone and a connection with its sound. A microphone that is refused or missing gives a sentence for
   * the person.
   */
  open(listener: PeerMediaListener): Promise<OpenedMedia>;
}

export type OpenedMedia =
  | { readonly ok: true; readonly media: PeerMedia }
  | { readonly ok: false; readonly reason: string };

export interface PeerMediaListener {
  /** The microphone in use vanished: another one took its place, or none is there. `restored`: the wanted one is used. */
  microphone(state: 'replaced' | 'lost' | 'restored'): void;
  /** Something that the person asked for could not be done, as a sentence; the call goes on. */
  trouble(sentence: string): void;
  /** The connection to the gateway broke and does not come back. */
  failed(): void;
}

/** What the other side of a held call hears. */
export type HoldSound = 'music' | 'silence';

export interface PeerMedia {
  /** Makes an offer with this direction and keeps it as the one that the next answer belongs to. */
  offer(direction: Direction): Promise<string>;
  answer(sdp: string): Promise<void>;
  /** Takes back an offer that got no answer. */
  rollback(): Promise<void>;
  setMuted(muted: boolean): void;
  /** While held, nobody here hears the other side or is heard by it, from this moment on. */
  setHeld(held: HoldSound | undefined): void;
  /**
   * `0`–`9`, `*`, `#`, `A`–`D` as telephone-event or as a tone in the sound; false where the peer takes no such events, or
   * where no tone can be made.
   */
  sendDigit(digit: string, how: 'event' | 'tone'): boolean;
  /** The others whose sound this one hears besides ours: the members of a conference. */
  mix(others: readonly PeerMedia[]): void;
  /** Records both sides, with `announce` told to both by a short tone at its beginning and every 15 s. */
  record(announce: boolean, listener: TapeListener): StartedTape;
  /** How loud it is now. */
  levels(): Promise<SoundLevels>;
  close(): void;
}

/** Amplitudes from 0 to 1. */
export interface SoundLevels {
  /** Of what goes out. */
  readonly microphone: number;
  /** By the device itself or by the system: nothing can be heard from it. */
  readonly microphoneMuted: boolean;
  /** Of all that went out so far, in the measure of WebRTC's statistics: silence adds nothing. */
  readonly energy: number;
  readonly heard: number;
  /** That came so far. */
  readonly packets: number;
}

export interface TapeListener {
  piece(data: Uint8Array): void;
  /** No further piece comes. `problem` where it ended by itself, as a sentence. */
  ended(problem?: string): void;
}

export type StartedTape =
  | { readonly ok: true; readonly stop: () => void }
  | { readonly ok: false; readonly reason: string };
