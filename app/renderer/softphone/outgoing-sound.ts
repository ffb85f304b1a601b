/**
 * What one peer hears: the microphone as it is, or, where more is wanted, a mix made by Web Audio: the others of a
 * conference, digits as tones (ITU-T Q.23), music or silence on hold, silence while there is no microphone.
 */

import { textOf } from '../../shared/text-of.ts';
import type { HoldSound } from './media.ts';
import { playMusic } from './music.ts';

/** Hz of the row and of the column of each key. */
const ROWS = [697, 770, 852, 941] as const;
const COLUMNS = [1209, 1336, 1477, 1633] as const;
const KEYS = ['123A', '456B', '789C', '*0#D'] as const;
/** Seconds of a tone and of the pause after it. */
const TONE = 0.16;
const GAP = 0.07;
/** The tone that tells of a recording, as many countries want it. */
const ANNOUNCE_HZ = 1_400;
const ANNOUNCE_SECONDS = 0.2;
const ANNOUNCE_MS = 15_000;
const NO_MUSIC = 'No music can be played to the other side: the sound of this computer could not be opened.';
const NO_MIX = 'Sound could not be mixed: the sound of this computer could not be opened.';
const NOT_SWITCHED = 'What the other side hears could not be changed';
/** The graph is kept this many ms after the last tone. */
const LINGER = 500;

export type Frequencies = readonly [row: number, column: number];

export function frequenciesOf(digit: string): Frequencies | undefined {
  for (const [row, keys] of KEYS.entries()) {
    const column = digit === '' ? -1 : keys.indexOf(digit);
    const [low, high] = [ROWS[row], COLUMNS[column]];
    if (low !== undefined && high !== undefined) return [low, high];
  }
  return undefined;
}

/** Gives the context of the page, made when it is first needed; it may throw on a computer without sound. */
export type OpenContext = () => AudioContext;

export interface OutgoingListener {
  /** What could not be sent as it should be, in a sentence. */
  trouble(sentence: string): void;
  /** Another track is sent from now on. */
  sent(track: MediaStreamTrack | null): void;
}

export class OutgoingSound {
  readonly #sender: RTCRtpSender;
  readonly #open: OpenContext;
  readonly #listener: OutgoingListener;
  #microphone: MediaStreamTrack | undefined;
  #held: HoldSound | undefined;
  #others: readonly MediaStream[] = [];
  /** When the last tone ends, by the clock of the context. */
  #tonesEnd = 0;
  #tones: ReturnType<typeof setTimeout> | undefined;
  #graph: { readonly destination: MediaStreamAudioDestinationNode; readonly input: GainNode; stop(): void } | undefined;
  #closed = false;
  #sent: MediaStreamTrack | null;
  #announcing: ReturnType<typeof setInterval> | undefined;

  /** `sender` sends the microphone already. */
  constructor(sender: RTCRtpSender, open: OpenContext, microphone: MediaStreamTrack, listener: OutgoingListener) {
    this.#listener = listener;
    this.#sent = microphone;
    this.#sender = sender;
    this.#open = open;
    this.#microphone = microphone;
  }

  /** What is sent now. */
  get sent(): MediaStreamTrack | null {
    return this.#sent;
  }

  /** Tells both sides by a short tone that they are recorded: now and every 15 s. */
  announce(on: boolean): void {
    if (on === (this.#announcing !== undefined)) return;
    clearInterval(this.#announcing);
    this.#announcing = on ? setInterval(() => this.#tellOfRecording(), ANNOUNCE_MS) : undefined;
    this.#apply();
    if (on) this.#tellOfRecording();
  }

  setMicrophone(track: MediaStreamTrack | undefined): void {
    this.#microphone = track;
    this.#apply();
  }

  setHeld(held: HoldSound | undefined): void {
    this.#held = held;
    this.#apply();
  }

  setOthers(others: readonly MediaStream[]): void {
    this.#others = others;
    this.#apply();
  }

  /** False where no tone can be made. */
  playTone(digit: string): boolean {
    const pair = frequenciesOf(digit);
    if (pair === undefined || this.#held !== undefined) return false;
    try {
      const context = this.#open();
      const start = Math.max(context.currentTime + 0.02, this.#tonesEnd);
      this.#tonesEnd = start + TONE + GAP;
      clearTimeout(this.#tones);
      this.#tones = setTimeout(() => this.#endTones(), (this.#tonesEnd - context.currentTime) * 1_000 + LINGER);
      if (this.#graph === undefined) this.#apply();
      const input = this.#graph?.input;
      if (input === undefined) return false;
      for (const hz of pair) beep(context, input, hz, start);
      return true;
    } catch {
      // No sound device: whoever asked shows no digit.
      return false;
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#tones);
    clearInterval(this.#announcing);
    this.#graph?.stop();
    this.#graph = undefined;
  }

  #tellOfRecording(): void {
    const graph = this.#graph;
    if (graph === undefined || this.#held !== undefined) return;
    const context = this.#open();
    // To the peer, and so into the recording; and to the person here.
    for (const to of [graph.input, context.destination]) {
      beep(context, to, ANNOUNCE_HZ, context.currentTime + 0.02, ANNOUNCE_SECONDS);
    }
  }

  #endTones(): void {
    this.#tones = undefined;
    this.#apply();
  }

  /** Sends what is wanted now. */
  #apply(): void {
    if (this.#closed) return;
    const before = this.#graph;
    const wanted = this.#tones !== undefined || this.#announcing !== undefined;
    const plain = this.#held === undefined && this.#others.length === 0 && !wanted;
    this.#graph = plain && this.#microphone !== undefined ? undefined : this.#mix();
    // Whoever is held hears nobody here, not even where no music can be made.
    const bare = this.#held === undefined ? this.#microphone : undefined;
    const track = this.#graph?.destination.stream.getAudioTracks()[0] ?? bare ?? null;
    if (this.#graph === undefined && !plain) this.#listener.trouble(this.#held === 'music' ? NO_MUSIC : NO_MIX);
    this.#sent = track;
    this.#listener.sent(track);
    this.#sender.replaceTrack(track).catch((error: unknown) => {
      if (!this.#closed) this.#listener.trouble(`${NOT_SWITCHED} (${textOf(error)}).`);
    });
    before?.stop();
  }

  #mix() {
    try {
      const context = this.#open();
      // Refused only by one that is closed.
      void context.resume().catch(() => {});
      const destination = context.createMediaStreamDestination();
      const input = context.createGain();
      input.connect(destination);
      // Nothing is sent unless something plays.
      const silence = new ConstantSourceNode(context, { offset: 0 });
      silence.connect(destination);
      silence.start();
      const nodes: AudioNode[] = [input, silence];
      const heard = this.#held === undefined;
      const streams = heard ? [...this.#others] : [];
      if (heard && this.#microphone !== undefined) streams.push(new MediaStream([this.#microphone]));
      for (const stream of streams) {
        const source = context.createMediaStreamSource(stream);
        source.connect(input);
        nodes.push(source);
      }
      const endMusic = this.#held === 'music' ? playMusic(context, input) : () => {};
      return {
        destination,
        input,
        stop() {
          endMusic();
          silence.stop();
          for (const node of nodes) node.disconnect();
          for (const track of destination.stream.getTracks()) track.stop();
        },
      };
    } catch {
      // No sound device.
      return undefined;
    }
  }
}

function beep(context: AudioContext, to: AudioNode, hz: number, start: number, seconds = TONE): void {
  const envelope = context.createGain();
  const end = start + seconds;
  envelope.gain.setValueAtTime(0, start);
  envelope.gain.linearRampToValueAtTime(0.25, start + 0.005);
  envelope.gain.setValueAtTime(0.25, end - 0.005);
  envelope.gain.linearRampToValueAtTime(0, end);
  envelope.connect(to);
  const oscillator = new OscillatorNode(context, { frequency: hz });
  oscillator.connect(envelope);
  oscillator.start(start);
  oscillator.stop(end);
  oscillator.onended = () => envelope.disconnect();
}
