/** The sound devices of the page, and the one audio context that its calls and meters share. */
import type { SoundSettings } from '../../shared/sound-settings.ts';
import { type MeterListener, measureMicrophone } from './meter.ts';
import type { OpenContext } from './outgoing-sound.ts';
import { SoundDevices, type SoundView } from './sound-devices.ts';

/** What the stores need of it. */
export interface SoundPort {
  use(settings: SoundSettings): void;
  view(): SoundView;
  listen(listener: (view: SoundView) => void): () => void;
  /** For `setSinkId`: empty is the default. */
  outputId(role: 'speaker' | 'ringer'): string;
  /** Opens the microphone and tells how loud it is (0 to 1) until stopped. */
  meter(listener: MeterListener): () => void;
  close(): void;
}

export interface PageSound {
  readonly devices: SoundDevices;
  readonly openContext: OpenContext;
  readonly port: SoundPort;
}

/** Not in all versions that this runs in; a device that will not open leaves the sound where it was. */
function aim(context: (AudioContext & { setSinkId?(id: string): Promise<void> }) | undefined, id: string): void {
  void context?.setSinkId?.(id).catch(() => {});
}

export function createPageSound(): PageSound {
  const devices = new SoundDevices();
  let context: AudioContext | undefined;
  const openContext: OpenContext = () => {
    if (context === undefined) {
      context = new AudioContext();
      aim(context, devices.outputId('speaker'));
    }
    return context;
  };
  const stop = devices.watch();
  // What the context itself lets be heard comes from the speaker of calls.
  devices.listen(() => aim(context, devices.outputId('speaker')));
  return {
    devices,
    openContext,
    port: {
      use: (settings) => devices.use(settings),
      view: () => devices.view,
      listen: (listener) => devices.listen(listener),
      outputId: (role) => devices.outputId(role),
      meter: (listener) => measureMicrophone(devices, openContext, listener),
      close: stop,
    },
  };
}
