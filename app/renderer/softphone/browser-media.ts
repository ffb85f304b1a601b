/**
 * The media port in a page: the microphone by getUserMedia, one RTCPeerConnection for each call to the gateway on this
 * computer, and an audio element for what comes (RFC 8829; RFC 4733 for digits).
 */
import type { Direction } from '../../../proxy-core/sip/sdp/index.ts';
import { textOf } from '../../shared/text-of.ts';
import type {
  HoldSound,
  MediaPort,
  OpenedMedia,
  PeerMedia,
  PeerMediaListener,
  SoundLevels,
  StartedTape,
  TapeListener,
} from './media.ts';
import { microphoneProblem, type OpenMicrophone, openMicrophone } from './microphone.ts';
import { type OpenContext, OutgoingSound } from './outgoing-sound.ts';
import type { SoundDevices } from './sound-devices.ts';
import { Tape } from './tape.ts';

/** Milliseconds of a digit and of the pause after it. */
const TONE = 160;
const GAP = 70;
const NOT_PLAYED = 'You cannot hear the other side: this computer does not play its sound.';
const NO_SPEAKER = 'The chosen speaker could not be opened: this call is heard from the one before.';

/** `openContext` gives the one audio context that all calls of the page share, made when the first of them needs it. */
export function createBrowserMedia(devices: SoundDevices, openContext: OpenContext): MediaPort {
  return {
    async open(listener): Promise<OpenedMedia> {
      let microphone: OpenMicrophone | undefined;
      try {
        microphone = await openMicrophone(devices);
        return { ok: true, media: new BrowserPeer(microphone, listener, devices, openContext) };
      } catch (error) {
        microphone?.track.stop();
        return { ok: false, reason: microphoneProblem(error) };
      }
    },
  };
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
  readonly #devices: SoundDevices;
  readonly #openContext: OpenContext;
  readonly #release: () => void;
  /** Undefined while no microphone is there. */
  #track: MediaStreamTrack | undefined;
  /** What was asked for when it was opened. */
  #key: string;
  #changing = Promise.resolve();
  #sink = '';
  #tape: Tape | undefined;
  #held = false;
  #muted = false;
  #closed = false;

  constructor(microphone: OpenMicrophone, listener: PeerMediaListener, devices: SoundDevices, open: OpenContext) {
    const { track, stream, key, isOther } = microphone;
    this.#listener = listener;
    this.#devices = devices;
    this.#key = key;
    this.#sender = this.#connection.addTrack(track, stream);
    this.#openContext = open;
    this.#outgoing = new OutgoingSound(this.#sender, open, track, {
      trouble: (problem) => listener.trouble(problem),
      sent: (next) => this.#tape?.use(next),
    });
    this.#use(track);
    // There from the beginning, so that a conference can be joined before the peer says anything.
    for (const { receiver } of this.#connection.getTransceivers()) this.#incoming.addTrack(receiver.track);
    this.#speaker.srcObject = this.#incoming;
    this.#connection.ontrack = () => {
      this.#speaker.play().catch((error: Error) => {
        // It began anew, or the call is over.
        if (error.name !== 'AbortError' && !this.#closed) this.#listener.trouble(NOT_PLAYED);
      });
    };
    this.#connection.onconnectionstatechange = () => {
      if (this.#connection.connectionState === 'failed' && !this.#closed) this.#listener.failed();
    };
    this.#release = devices.listen(() => this.#follow());
    this.#speak();
    if (isOther) listener.microphone('replaced');
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
    this.#held = held !== undefined;
    this.#speaker.muted = this.#held;
    this.#tape?.setHeld(this.#held);
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

  record(announce: boolean, listener: TapeListener): StartedTape {
    if (this.#tape !== undefined) return { ok: false, reason: 'This call is recorded already.' };
    try {
      const tape = new Tape(this.#openContext, this.#incoming, {
        piece: listener.piece,
        ended: (problem) => {
          if (this.#tape === tape) this.#tape = undefined;
          this.#outgoing.announce(false);
          listener.ended(problem);
        },
      });
      this.#tape = tape;
      tape.setHeld(this.#held);
      this.#outgoing.announce(announce);
      tape.use(this.#outgoing.sent);
      return { ok: true, stop: () => tape.stop() };
    } catch (error) {
      return { ok: false, reason: `This computer cannot record: ${textOf(error)}.` };
    }
  }

  async levels(): Promise<SoundLevels> {
    const levels = { microphone: 0, microphoneMuted: this.#track?.muted ?? true, energy: 0, heard: 0, packets: 0 };
    (await this.#connection.getStats()).forEach((row) => {
      if (row.type === 'media-source') {
        levels.microphone = row.audioLevel ?? 0;
        levels.energy = row.totalAudioEnergy ?? 0;
      } else if (row.type === 'inbound-rtp') {
        levels.heard = row.audioLevel ?? 0;
        levels.packets = row.packetsReceived ?? 0;
      }
    });
    return levels;
  }

  close(): void {
    this.#closed = true;
    this.#release();
    this.#tape?.stop();
    this.#track?.stop();
    this.#outgoing.close();
    this.#speaker.srcObject = null;
    this.#connection.close();
  }

  #use(track: MediaStreamTrack): void {
    this.#track = track;
    track.enabled = !this.#muted;
    track.onended = () => {
      if (this.#track !== track) return;
      this.#track = undefined;
      this.#follow();
    };
  }

  /** What is wanted, or what there is, has changed: the next microphone is open before the last one is let go. */
  #follow(): void {
    if (this.#closed) return;
    this.#speak();
    this.#changing = this.#changing.then(() => this.#takeMicrophone());
  }

  async #takeMicrophone(): Promise<void> {
    const before = this.#track;
    if (this.#closed || (before !== undefined && this.#key === this.#devices.wanted().key)) return;
    try {
      const { track, key, isOther } = await openMicrophone(this.#devices);
      if (this.#closed) {
        track.stop();
        return;
      }
      this.#key = key;
      this.#use(track);
      this.#outgoing.setMicrophone(track);
      before?.stop();
      const isMissing = this.#devices.view.missing.includes('microphone');
      this.#listener.microphone(before === undefined || isOther || isMissing ? 'replaced' : 'restored');
    } catch (error) {
      if (this.#closed) return;
      if (this.#track !== undefined) {
        // The former one goes on.
        this.#key = this.#devices.wanted().key;
        this.#listener.trouble(microphoneProblem(error));
        return;
      }
      // The next one that is plugged in is tried again.
      this.#listener.microphone('lost');
      this.#outgoing.setMicrophone(undefined);
    }
  }

  /** From the speaker that is to be used now, as loud as it is to be. */
  #speak(): void {
    this.#speaker.volume = this.#devices.settings.speakerVolume;
    const sink = this.#devices.outputId('speaker');
    if (sink === this.#sink) return;
    this.#sink = sink;
    this.#speaker.setSinkId(sink).catch(() => {
      if (!this.#closed && this.#sink === sink) this.#listener.trouble(NO_SPEAKER);
    });
  }
}
