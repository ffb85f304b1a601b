/** The sound devices of this computer, as the window shows them and as the person chose them. */

import { t } from '@lingui/core/macro';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { Client } from '../../shared/schema.ts';
import type { SoundSettings } from '../../shared/sound-settings.ts';
import type { EchoCommands, EchoView } from '../softphone/echo-test.ts';
import type { SoundPort } from '../softphone/page-sound.ts';
import type { SoundView } from '../softphone/sound-devices.ts';
import { ask } from './ask.ts';
import { listWords } from './words.ts';

export interface SoundState extends SoundView {
  readonly dialog: 'devices' | 'echo' | undefined;
  /** The test call to oneself. */
  readonly echo: EchoView;
  /** Of the microphone while it is measured, 0 to 1. */
  readonly level: number;
  /** Why it cannot be measured. */
  readonly meterProblem: string | undefined;
  openDialog(which: 'devices' | 'echo'): void;
  closeDialog(): void;
  /** Why the last change is not kept. */
  readonly problem: string | undefined;
  /** Holds at once, also in calls that are on, and is kept as soon as it can be. */
  set(change: Partial<SoundSettings>): void;
  /** Measures the microphone until the function that it gives is called. */
  measure(): () => void;
  /** Lets a moment of sound be heard. */
  sample(role: 'speaker' | 'ringer'): void;
  /** Rings and begins a test call, unless a real one is on. */
  startEcho(): void;
  stopEcho(): void;
  readonly recordingFolder: string;
  /** Why another folder was not taken, or a file could not be shown. */
  readonly folderProblem: string | undefined;
  askFolder(): Promise<void>;
  /** Lets the person choose another folder for recordings. */
  chooseFolder(): Promise<void>;
  showRecording(id: string): Promise<void>;
}

export type SoundStore = StoreApi<SoundState>;

export interface SoundStorePorts {
  readonly bridge: Pick<Client<BridgeSchema>, 'sound' | 'recordings'>;
  readonly sound: SoundPort;
  readonly sample: (role: 'speaker' | 'ringer') => void;
  readonly echo: (tell: (view: EchoView) => void) => EchoCommands;
  /** Whether a real call is on. */
  readonly isBusy: () => boolean;
}

export function createSoundStore({
  bridge,
  sound,
  sample,
  echo,
  isBusy,
}: SoundStorePorts): SoundStore & { close(): void } {
  let unkept: SoundSettings | undefined;
  let keeping = false;
  /** A volume that is drawn changes faster than a file is written. */
  async function keep(): Promise<void> {
    if (keeping) return;
    keeping = true;
    for (let next = unkept; next !== undefined; next = unkept) {
      unkept = undefined;
      const settings = next;
      const outcome = await ask(() => bridge.sound.set(settings));
      store.setState({ problem: outcome.ok ? undefined : outcome.reason });
    }
    keeping = false;
  }

  const store = createStore<SoundState>()((set, get) => ({
    ...sound.view(),
    dialog: undefined,
    echo: { state: 'idle' },
    level: 0,
    meterProblem: undefined,
    problem: undefined,
    recordingFolder: '',
    folderProblem: undefined,
    openDialog: (dialog) => set({ dialog }),
    closeDialog: () => set({ dialog: undefined }),
    set(change) {
      const settings = { ...get().settings, ...change };
      sound.use(settings);
      unkept = settings;
      void keep();
    },
    measure() {
      const stop = sound.meter({
        level: (level) => set({ level, meterProblem: undefined }),
        problem: (meterProblem) => set({ level: 0, meterProblem }),
      });
      return () => {
        stop();
        set({ level: 0, meterProblem: undefined });
      };
    },
    sample,
    startEcho() {
      if (isBusy()) {
        set({ echo: { state: 'failed', reason: 'A call is on: end it first.' } });
        return;
      }
      sample('ringer');
      test.start();
    },
    stopEcho: () => test.stop(),
    async askFolder() {
      const asked = async () => ({ ok: true, value: await bridge.recordings.folder() }) as const;
      const outcome = await ask<string>(asked);
      set(
        outcome.ok ? { recordingFolder: outcome.value, folderProblem: undefined } : { folderProblem: outcome.reason },
      );
    },
    async chooseFolder() {
      const outcome = await ask(() => bridge.recordings.chooseFolder());
      set(
        outcome.ok ? { recordingFolder: outcome.value, folderProblem: undefined } : { folderProblem: outcome.reason },
      );
    },
    async showRecording(id) {
      const outcome = await ask(() => bridge.recordings.show({ id }));
      set({ folderProblem: outcome.ok ? undefined : outcome.reason });
    },
  }));
  const test = echo((view) => store.setState({ echo: view }));
  const release = sound.listen((view) => store.setState(view));
  bridge.sound.get().then(
    (settings) => sound.use(settings),
    // The computer's own choice, until a person chooses.
    () => {},
  );
  return {
    ...store,
    close() {
      test.stop();
      release();
      sound.close();
    },
  };
}

/** What became of the chosen devices that are not there, as one sentence; undefined where all are. */
export function missingWords({ missing, settings }: SoundView): string | undefined {
  const unnamed = {
    microphone: t`The chosen microphone`,
    speaker: t`The chosen speaker`,
    ringer: t`The chosen ringer`,
  };
  const names = [...new Set(missing.map((role) => settings[role]?.label || unnamed[role]))];
  if (names.length === 0) return undefined;
  const list = listWords(names);
  return names.length === 1
    ? t`${list} is not there. Until it is back, the default of this computer is used.`
    : t`${list} are not there. Until they are back, the defaults of this computer are used.`;
}
