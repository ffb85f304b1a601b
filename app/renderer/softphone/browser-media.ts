/**
 * The media port in a page: the microphone by getUserMedia, one RTCPeerConnection for each call to the gateway on this
 * computer, and an audio element for what comes (RFC 8829; RFC 4733 for digits).
 */
import type { Direction } from '../../../proxy-core/sip/sdp/index.ts';
import type { HoldSound, MediaPort, OpenedMedia, PeerMedia, PeerMediaListener } from './media.ts';
import { type OpenContext, OutgoingSound } from './outgoing-sound.ts';

/** The microphone as Chromium prepares it for speech. */
const SPEECH: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

/** Milliseconds of a digit and of the pause after it. */
const TONE = 160;
const GAP = 70;

/** `makeContext` makes the one audio context that all calls of the page share, when the first of them needs it. */
export function createBrowserMedia(makeContext: OpenContext = () => new AudioContext()): MediaPort {
  let context: AudioContext | undefined;
  const openContext = (): AudioContext => {
    context ??= makeContext();
    return context;
  };
  return {
    async open(listener): Promise<OpenedMedia> {
      let stream: MediaStream | undefined;
      try {
        stream = await navigator.mediaDevices.getUserMedia(SPEECH);
        return { ok: true, media: new BrowserPeer(stream, listener, openContext) };
      } catch (error) {
        for (const track of stream?.getTracks() ?? []) track.stop();
        return { ok: false, reason: microphoneProblem(error) };
      }
    },
  };
}

/** Why there is no microphone, as a sentence that says what to do. */
export function microphoneProblem(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'The microphone may not be used: allow Tandem to use it in the settings of this computer.';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'There is no microphone: plug one in and call again.';
    case 'NotReadableError':
    case 'AbortError':
      return 'The microphone does not work, or another program keeps it for itself.';
    default:
      return `The microphone cannot be used: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

class BrowserPeer implements PeerMedia {
  readonly #listener: PeerMediaListener;
  readonly #connection = new RTCPeerConnection({ iceServers: [], bundlePolicy: 'max-bundle' });
  readonly #sender: RTCRtpSender;
  /** Sends something at all times: a call without any packets is ended by many servers. */
  readonly #outgoing: OutgoingSound;
  readonly #speaker = new Audio();
  /** What comes from the peer, for others in a conference too. */
  readonly #incoming = new MediaStream();
  readonly #devicesChanged = (): void => {
    if (this.#track === undefined) void this.#replaceMicrophone();
  };
  /** Undefined while no microphone is there. */
  #track: MediaStreamTrack | undefined;
  #muted = false;
  #closed = false;

  constructor(stream: MediaStream, listener: PeerMediaListener, openContext: OpenContext) {
    this.#listener = listener;
    const [track] = stream.getAudioTracks();
    if (track === undefined) throw new DOMException('The stream has no sound in it', 'NotFoundError');
    this.#sender = this.#connection.addTrack(track, stream);
    this.#outgoing = new OutgoingSound(this.#sender, openContext, track);
    this.#use(track);
    // There from the beginning, so that a conference can be joined before the peer says anything.
    for (const { receiver } of this.#connection.getTransceivers()) this.#incoming.addTrack(receiver.track);
    this.#speaker.srcObject = this.#incoming;
    this.#connection.ontrack = () => {
      this.#speaker.play().catch(() => {});
    };
    this.#connection.onconnectionstatechange = () => {
      if (this.#connection.connectionState === 'failed' && !this.#closed) this.#listener.failed();
    };
    navigator.mediaDevices.addEventListener('devicechange', this.#devicesChanged);
  }

  async offer(direction: Direction): Promise<string> {
    for (const transceiver of this.#connection.getTransceivers()) transceiver.direction = direction;
    await this.#connection.setLocalDescription(await this.#connection.createOffer());
    return this.#connection.localDescription?.sdp ?? '';
  }

  async answer(sdp: string): Promise<void> {
    await this.#connection.setRemoteDescription({ type: 'answer', sdp });
  }

  async rollback(): Promise<void> {
    if (this.#connection.signalingState === 'have-local-offer') {
      await this.#connection.setLocalDescription({ type: 'rollback' });
    }
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    if (this.#track !== undefined) this.#track.enabled = !muted;
  }

  setHeld(held: HoldSound | undefined): void {
    this.#speaker.muted = held !== undefined;
    this.#outgoing.setHeld(held);
  }

  mix(others: readonly PeerMedia[]): void {
    this.#outgoing.setOthers(
      others.flatMap((other) => (other instanceof BrowserPeer && other !== this ? [other.#incoming] : [])),
    );
  }

  sendDigit(digit: string, how: 'event' | 'tone'): boolean {
    if (how === 'tone') return this.#outgoing.playTone(digit);
    const { dtmf } = this.#sender;
    if (dtmf === null || !dtmf.canInsertDTMF) return false;
    // A new text would replace what is still to be sent.
    dtmf.insertDTMF(dtmf.toneBuffer + digit, TONE, GAP);
    return true;
  }

  close(): void {
    this.#closed = true;
    navigator.mediaDevices.removeEventListener('devicechange', this.#devicesChanged);
    this.#track?.stop();
    this.#outgoing.close();
    this.#speaker.srcObject = null;
    this.#connection.close();
  }

  #use(track: MediaStreamTrack): void {
    this.#track = track;
    track.enabled = !this.#muted;
    track.onended = () => {
      this.#track = undefined;
      void this.#replaceMicrophone();
    };
  }

  async #replaceMicrophone(): Promise<void> {
    try {
      const [track] = (await navigator.mediaDevices.getUserMedia(SPEECH)).getAudioTracks();
      if (track === undefined) throw new DOMException('The stream has no sound in it', 'NotFoundError');
      if (this.#closed || this.#track !== undefined) {
        track.stop();
        return;
      }
      this.#use(track);
      this.#outgoing.setMicrophone(track);
      this.#listener.microphone('replaced');
    } catch {
      if (this.#closed) return;
      // The next one that is plugged in is tried again.
      this.#listener.microphone('lost');
      this.#outgoing.setMicrophone(undefined);
    }
  }
}
