/** The recording of one call: its file grows while the call goes on, is read again at its end, and what came of it is told. */
import type { Clock } from '../../../../proxy-core/sip/transaction/clock.ts';
import type { RecordingFacts } from '../../../shared/recordings.ts';
import { textOf } from '../../../shared/text-of.ts';
import type { StartedTape, TapeListener } from '../media.ts';
import type { RecordingPort } from '../recordings.ts';
import type { RecordingView } from '../snapshots.ts';

export interface RecordingOptions {
  readonly port: RecordingPort | undefined;
  readonly clock: Clock;
  /** Whether it begins by itself. */
  readonly isWanted: boolean;
  /** Whom it is of. */
  readonly who: () => string;
  /** Begins to give pieces; gives why it cannot. */
  readonly tape: (announce: boolean, listener: TapeListener) => StartedTape;
  readonly changed: () => void;
}

/** Pieces of a second that may wait for the disk. */
const MAX_WAITING = 30;
/** What a recording may be shorter or longer than the call was, in seconds and as a part of it. */
const TOLERANCE = 2;
const PART = 0.02;
/** Amplitude below which nobody would hear anything. */
const SILENT = 0.002;

export class CallRecording {
  readonly #options: RecordingOptions;
  #view: RecordingView | undefined;
  #running: { id: string; readonly stop: () => void; problem: string | undefined } | undefined;
  #waiting = 0;
  #writing: Promise<void> = Promise.resolve();
  #since = 0;
  #wanted = false;
  /** Whether it is still to begin by itself. */
  #isDue: boolean;

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.#isDue = options.isWanted;
  }

  get view(): RecordingView | undefined {
    return this.#view;
  }

  /** There is sound: begins if that is wanted; once, since whoever stops it does not want it. */
  soundIsThere(): void {
    if (this.#isDue && this.#view === undefined) this.set(true);
  }

  /** Goes on where the one of another call is, and does not begin by itself where that one was stopped. */
  goOnFrom(other: CallRecording): void {
    this.#isDue = other.#view?.state === 'on';
  }

  set(on: boolean): void {
    if (on === this.#wanted) return;
    this.#wanted = on;
    if (on) void this.#begin();
    else this.#running?.stop();
  }

  async #begin(): Promise<void> {
    const { port, who, tape, clock } = this.#options;
    // The one before is written to its end first.
    await this.#writing;
    if (port === undefined) return this.#fail('Calls cannot be recorded here.');
    const file = await port.begin({ who: who() }).catch(unanswered);
    if (!file.ok) return this.#fail(file.reason);
    const { id, name } = file.value;
    this.#waiting = 0;
    const started = tape(port.announce(), {
      piece: (data) => this.#write(id, data),
      ended: (problem) => void this.#finish(id, name, problem),
    });
    if (!started.ok) {
      // Why it did not begin is told; the empty file is of no account.
      void port.end({ id }).catch(() => {});
      return this.#fail(started.reason);
    }
    this.#since = clock.now();
    this.#running = { id, stop: started.stop, problem: undefined };
    this.#show({ state: 'on', since: this.#since, id, name });
    // It was taken back, or the call ended, while the file was opened.
    if (!this.#wanted) started.stop();
  }

  #write(id: string, data: Uint8Array): void {
    const { port } = this.#options;
    const running = this.#running;
    if (port === undefined || running?.id !== id || running.problem !== undefined) return;
    const stop = (reason: string): void => {
      running.problem ??= reason;
      running.stop();
    };
    if (this.#waiting >= MAX_WAITING) {
      stop('The disk is too slow.');
      return;
    }
    this.#waiting += 1;
    this.#writing = this.#writing.then(async () => {
      if (running.problem === undefined) {
        const written = await port.write({ id, data }).catch(unanswered);
        if (!written.ok) stop(written.reason);
      }
      this.#waiting -= 1;
    });
  }

  async #finish(id: string, name: string, broke: string | undefined): Promise<void> {
    const { port, clock } = this.#options;
    const running = this.#running;
    if (port === undefined || running?.id !== id) return;
    const seconds = (clock.now() - this.#since) / 1_000;
    this.#wanted = false;
    this.#show({ state: 'checking', id, name });
    await this.#writing;
    const problem = running.problem ?? broke;
    const ended = await port.end({ id }).catch(unanswered);
    this.#running = undefined;
    if (problem !== undefined) return this.#fail(`The recording broke off. ${problem}`, ended.ok ? { id, name } : {});
    if (!ended.ok) return this.#fail(`The recording is lost. ${ended.reason}`, { id, name });
    const fault = await faultOf(ended.value, seconds, port);
    this.#show({ state: 'kept', id, name, seconds: ended.value.seconds, ...(fault === undefined ? {} : { fault }) });
  }

  #fail(reason: string, file: { id?: string; name?: string } = {}): void {
    this.#wanted = false;
    this.#show({ state: 'failed', reason, ...file });
  }

  #show(view: RecordingView): void {
    this.#view = view;
    this.#options.changed();
  }
}

/** What is wrong with a recording that was read again; undefined where nothing is. */
async function faultOf(facts: RecordingFacts, lasted: number, port: RecordingPort): Promise<string | undefined> {
  if (Math.abs(facts.seconds - lasted) > TOLERANCE + lasted * PART) {
    return `Recorded, but only ${Math.round(facts.seconds)} of ${Math.round(lasted)} seconds.`;
  }
  try {
    return (await port.loudest(facts.excerpts)) < SILENT ? 'Recorded, but nothing is to be heard in it.' : undefined;
  } catch {
    return 'Recorded, but it cannot be played.';
  }
}

const unanswered = (error: unknown) => ({ ok: false, reason: `Tandem did not answer: ${textOf(error)}.` }) as const;
