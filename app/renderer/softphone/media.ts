/** The microphone, the loudspeaker and one WebRTC connection to the gateway, as the softphone needs them from the page. */

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
  /** The microphone in use vanished: another one took its place, or none is there, or one came back. */
  microphone(state: 'replaced' | 'lost'): void;
  /** The connection to the gateway broke and does not come back. */
  failed(): void;
}

export interface PeerMedia {
  /** Makes an offer and keeps it as the one that the next answer belongs to. */
  offer(): Promise<string>;
  answer(sdp: string): Promise<void>;
  /** Takes back an offer that got no answer. */
  rollback(): Promise<void>;
  setMuted(muted: boolean): void;
  /** `0`–`9`, `*`, `#`, `A`–`D` as telephone-event; false where the peer takes none. */
  sendDigit(digit: string): boolean;
  close(): void;
}
