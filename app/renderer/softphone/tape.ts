/** Both sides of one call in one track, as WebM with Opus in pieces of a second. */
import type { TapeListener } from './media.ts';
import type { OpenContext } from './outgoing-sound.ts';

const TYPE = 'audio/webm;codecs=opus';
const PIECE_MS = 1_000;
const BITS_PER_SECOND = 32_000;

export class Tape {
  readonly #context: AudioContext;
  readonly #destination: MediaStreamAudioDestinationNode;
  readonly #peer: MediaStreamAudioSourceNode;
  readonly #recorder: MediaRecorder;
  #own: MediaStreamAudioSourceNode | undefined;
  #sent: MediaStreamTrack | null = null;
  #held = false;
  /** Pieces come out of order where one takes longer to be read than the next. */
  #pieces: Promise<void> = Promise.resolve();

  /** `incoming` is what the peer says. Throws where this computer cannot record. */
  constructor(open: OpenContext, incoming: MediaStream, listener: TapeListener) {
    this.#context = open();
    // Refused only by one that is closed.
    void this.#context.resume().catch(() => {});
    this.#destination = this.#context.createMediaStreamDestination();
    this.#peer = this.#context.createMediaStreamSource(incoming);
    this.#peer.connect(this.#destination);
    this.#recorder = new MediaRecorder(this.#destination.stream, {
      mimeType: TYPE,
      audioBitsPerSecond: BITS_PER_SECOND,
    });
    let problem: string | undefined;
    this.#recorder.ondataavailable = ({ data }) => {
      if (data.size === 0) return;
      this.#pieces = this.#pieces.then(async () => listener.piece(new Uint8Array(await data.arrayBuffer())));
    };
    this.#recorder.onerror = () => {
      problem = 'The recording broke off inside this computer.';
    };
    this.#recorder.onstop = () => {
      void this.#pieces.then(() => listener.ended(problem));
      this.#peer.disconnect();
      this.#own?.disconnect();
    };
    this.#recorder.start(PIECE_MS);
  }

  /** What the peer hears from here on: nothing else is recorded of this side. */
  use(sent: MediaStreamTrack | null): void {
    this.#sent = sent;
    this.#own?.disconnect();
    this.#own = undefined;
    if (this.#held || sent === null) return;
    this.#own = this.#context.createMediaStreamSource(new MediaStream([sent]));
    this.#own.connect(this.#destination);
  }

  /** Nobody is recorded while a call is on hold. */
  setHeld(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    if (held) this.#peer.disconnect();
    else this.#peer.connect(this.#destination);
    this.use(this.#sent);
  }

  stop(): void {
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
  }
}
