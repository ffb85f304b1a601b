/**
 * A test call to oneself: it rings, then what is said comes back a second later by the whole way of a call, WebRTC to the
 * gateway and back over UDP, and without any server.
 */
import type { Clock, RandomHex, Timer } from '../../../proxy-core/sip/transaction/clock.ts';
import type { PhonePortSchema } from '../../shared/phone-port.ts';
import type { Client } from '../../shared/schema.ts';
import { textOf } from '../../shared/text-of.ts';
import type { MediaPort, PeerMedia, SoundLevels } from './media.ts';
import { levelOfAmplitude } from './meter.ts';

export type EchoView =
  | { readonly state: 'idle' }
  | { readonly state: 'ringing' }
  /** Levels from 0 to 1. `verdict` says in a sentence what was found so far; `heard` once all works. */
  | {
      readonly state: 'talking';
      readonly mine: number;
      readonly back: number;
      readonly heard: boolean;
      readonly verdict: string;
      /** What is wrong besides, as a sentence. */
      readonly trouble?: string;
    }
  | { readonly state: 'failed'; readonly reason: string };

export interface EchoCommands {
  start(): void;
  stop(): void;
}

export interface EchoTestPorts {
  readonly gateway: Pick<Client<PhonePortSchema>['media'], 'echo' | 'close'>;
  readonly media: MediaPort;
  readonly clock: Clock;
  readonly random: RandomHex;
}

/** As long as the ringer rings once. */
const RING_MS = 2_200;
const LOOK_EVERY_MS = 100;
/** The way back takes a second; after this, something is wrong. */
const PATIENCE_MS = 4_000;
/** Of the amplitude of a voice, far above what a quiet room gives. */
const VOICE = 0.02;

export function createEchoTest(ports: EchoTestPorts, tell: (view: EchoView) => void): EchoCommands {
  let run: Run | undefined;
  return {
    start() {
      run?.end();
      run = new Run(ports, tell);
      run.begin();
    },
    stop() {
      run?.end();
      run = undefined;
      tell({ state: 'idle' });
    },
  };
}

class Run {
  readonly #ports: EchoTestPorts;
  readonly #tell: (view: EchoView) => void;
  readonly #sessionId: string;
  #peer: PeerMedia | undefined;
  #timer: Timer | undefined;
  #over = false;
  #began = 0;
  #spoke = false;
  #heard = false;
  /** What did not work out last. */
  #trouble: string | undefined;

  constructor(ports: EchoTestPorts, tell: (view: EchoView) => void) {
    this.#ports = ports;
    this.#tell = tell;
    this.#sessionId = `echo-${ports.random(12)}`;
  }

  begin(): void {
    this.#tell({ state: 'ringing' });
    this.#timer = this.#ports.clock.after(RING_MS, () => {
      this.#talk().catch((error: unknown) => this.#fail(`The test call could not be set up: ${textOf(error)}.`));
    });
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#timer?.cancel();
    this.#peer?.close();
    this.#letGo();
  }

  /** A service that is gone has no session left either. */
  #letGo(): void {
    this.#ports.gateway.close({ sessionId: this.#sessionId }).catch(() => {});
  }

  async #talk(): Promise<void> {
    const { media, gateway, clock } = this.#ports;
    const opened = await media.open({
      microphone: (state) => state === 'lost' && this.#fail('The microphone is gone.'),
      trouble: (sentence) => {
        this.#trouble = sentence;
      },
      failed: () => this.#fail('The sound broke down inside this computer.'),
    });
    if (!opened.ok) return this.#fail(opened.reason);
    if (this.#over) return opened.media.close();
    this.#peer = opened.media;
    const webrtcOffer = await opened.media.offer('sendrecv');
    const echo = await gateway.echo({ sessionId: this.#sessionId, webrtcOffer });
    if (!echo.ok) return this.#fail(`${echo.reason}.`);
    // Made by a gateway that was asked to close before: it must go as well.
    if (this.#over) return this.#letGo();
    await opened.media.answer(echo.webrtcAnswer);
    this.#began = clock.now();
    await this.#look();
  }

  async #look(): Promise<void> {
    const levels = await this.#peer?.levels();
    if (this.#over || levels === undefined) return;
    this.#spoke ||= levels.microphone > VOICE;
    this.#heard ||= this.#spoke && levels.heard > VOICE / 2;
    this.#tell({
      state: 'talking',
      mine: levelOfAmplitude(levels.microphone),
      back: levelOfAmplitude(levels.heard),
      heard: this.#heard,
      verdict: this.#verdict(levels),
      ...(this.#trouble === undefined ? {} : { trouble: this.#trouble }),
    });
    this.#timer = this.#ports.clock.after(LOOK_EVERY_MS, () => {
      this.#look().catch((error: unknown) => this.#fail(`The test call broke off: ${textOf(error)}.`));
    });
  }

  #verdict({ microphoneMuted, packets }: SoundLevels): string {
    if (this.#heard) return 'Your voice came back: calls will work on this computer.';
    if (microphoneMuted) return 'The microphone is muted: by a switch of its own, or in the settings of this computer.';
    const late = this.#ports.clock.now() - this.#began > PATIENCE_MS;
    if (!late) return 'Say something. You hear it a second later.';
    if (packets === 0) return 'Nothing comes back: a firewall on this computer may block Tandem.';
    if (!this.#spoke) return 'Nothing is heard from your microphone. Say something, or choose another one.';
    return 'You were heard, but your voice does not come back yet.';
  }

  #fail(reason: string): void {
    if (this.#over) return;
    this.end();
    this.#tell({ state: 'failed', reason });
  }
}
