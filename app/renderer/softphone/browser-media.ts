/**
 * The media port in a page: the microphone by getUserMedia, one RTCPeerConnection for each call to the gateway on this
 * computer, and an audio element for what comes (RFC 8829; RFC 4733 for digits).
 */
import type { MediaPort, OpenedMedia, PeerMedia, PeerMediaListener } from './media.ts';

/** The microphone as Chromium prepares it for speech. */
const SPEECH: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

/** Milliseconds of a digit and of the pause after it. */
const TONE = 160;
const GAP = 70;

export const browserMedia: MediaPort = {
  async open(listener): Promise<OpenedMedia> {
    let stream: MediaStream | undefined;
    try {
      stream = await navigator.mediaDevices.getUserMedia(SPEECH);
      return { ok: true, media: new BrowserPeer(stream, listener) };
    } catch (error) {
      for (const track of stream?.getTracks() ?? []) track.stop();
      return { ok: false, reason: microphoneProblem(error) };
    }
  },
};

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
  readonly #speaker = new Audio();
  /** Sends silence while no microphone is there: a call without any packets is ended by many servers. */
  #silence: AudioContext | undefined;
  readonly #devicesChanged = (): void => {
    if (this.#track === undefined) void this.#replaceMicrophone();
  };
  /** Undefined while no microphone is there. */
  #track: MediaStreamTrack | undefined;
  #muted = false;
  #closed = false;

  constructor(stream: MediaStream, listener: PeerMediaListener) {
    this.#listener = listener;
    const [track] = stream.getAudioTracks();
    if (track === undefined) throw new DOMException('The stream has no sound in it', 'NotFoundError');
    this.#sender = this.#connection.addTrack(track, stream);
    this.#use(track);
    this.#connection.ontrack = ({ track: remote }) => {
      this.#speaker.srcObject = new MediaStream([remote]);
      this.#speaker.play().catch(() => {});
    };
    this.#connection.onconnectionstatechange = () => {
      if (this.#connection.connectionState === 'failed' && !this.#closed) this.#listener.failed();
    };
    navigator.mediaDevices.addEventListener('devicechange', this.#devicesChanged);
  }

  async offer(): Promise<string> {
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

  sendDigit(digit: string): boolean {
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
    this.#endSilence();
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
      await this.#sender.replaceTrack(track);
      this.#endSilence();
      this.#listener.microphone('replaced');
    } catch {
      if (this.#closed) return;
      // The next one that is plugged in is tried again.
      this.#listener.microphone('lost');
      this.#beginSilence();
    }
  }

  #beginSilence(): void {
    if (this.#silence !== undefined) return;
    this.#silence = new AudioContext();
    const destination = this.#silence.createMediaStreamDestination();
    // Nothing is sent unless something plays.
    const source = new ConstantSourceNode(this.#silence, { offset: 0 });
    source.connect(destination);
    source.start();
    const [track = null] = destination.stream.getAudioTracks();
    this.#sender.replaceTrack(track).catch(() => {});
  }

  #endSilence(): void {
    this.#silence?.close().catch(() => {});
    this.#silence = undefined;
  }
}
