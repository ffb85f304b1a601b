/** The sound devices of this computer, as the window shows them and as the person chose them. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { Client } from '../../shared/schema.ts';
import type { SoundSettings } from '../../shared/sound-settings.ts';
import type { SoundPort } from '../softphone/page-sound.ts';
import type { SoundView } from '../softphone/sound-devices.ts';
import { ask } from './ask.ts';

export interface SoundState extends SoundView {
  readonly dialogOpen: boolean;
  /** Of the microphone while it is measured, 0 to 1. */
  readonly level: number;
  /** Why it cannot be measured. */
  readonly meterProblem: string | undefined;
  openDialog(): void;
  closeDialog(): void;
  /** Why the last change is not kept. */
  readonly problem: string | undefined;
  /** Holds at once, also in calls that are on, and is kept as soon as it can be. */
  set(change: Partial<SoundSettings>): void;
  /** Measures the microphone until the function that it gives is called. */
  measure(): () => void;
  /** Lets a moment of sound be heard. */
  sample(role: 'speaker' | 'ringer'): void;
}

export type SoundStore = StoreApi<SoundState>;

export interface SoundStorePorts {
  readonly bridge: Pick<Client<BridgeSchema>, 'sound'>;
  readonly sound: SoundPort;
  readonly sample: (role: 'speaker' | 'ringer') => void;
}

export function createSoundStore({ bridge, sound, sample }: SoundStorePorts): SoundStore & { close(): void } {
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
    dialogOpen: false,
    level: 0,
    meterProblem: undefined,
    problem: undefined,
    openDialog: () => set({ dialogOpen: true }),
    closeDialog: () => set({ dialogOpen: false }),
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
  }));
  const release = sound.listen((view) => store.setState(view));
  bridge.sound.get().then(
    (settings) => sound.use(settings),
    // The computer's own choice, until a person chooses.
    () => {},
  );
  return {
    ...store,
    close() {
      release();
      sound.close();
    },
  };
}

/** What became of the chosen devices that are not there, as one sentence; undefined where all are. */
export function missingWords({ missing, settings }: SoundView): string | undefined {
  const names = [...new Set(missing.map((role) => settings[role]?.label || `The chosen ${role}`))];
  if (names.length === 0) return undefined;
  const used = missing.join(' and ');
  const [are, back] = names.length > 1 ? ['are', 'they are back'] : ['is', 'it is back'];
  return `${names.join(' and ')} ${are} not there. Until ${back}, the default ${used} will do.`;
}
