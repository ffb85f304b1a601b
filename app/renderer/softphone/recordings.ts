/** Where recordings go: the files of the main process, and an ear to listen to what they have become. */
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { Client } from '../../shared/schema.ts';

export interface RecordingPort extends Pick<Client<BridgeSchema>['recordings'], 'begin' | 'write' | 'end'> {
  /** The greatest amplitude in any of these files, 0 to 1; rejects where one of them cannot be played. */
  loudest(files: readonly Uint8Array[]): Promise<number>;
  /** Whether a short tone is to tell both sides, now and then, that a recording runs. */
  announce(): boolean;
}

/** Over the bridge; `idle` settles once every file that was begun is written to its end. */
export function createRecordings(
  bridge: Client<BridgeSchema>['recordings'],
  announce: () => boolean,
): RecordingPort & { idle(): Promise<void> } {
  const open = new Set<string>();
  let told = (): void => {};
  return {
    announce,
    loudest: loudestIn,
    async begin(args) {
      const begun = await bridge.begin(args);
      if (begun.ok) open.add(begun.value.id);
      return begun;
    },
    write: (args) => bridge.write(args),
    async end(args) {
      try {
        return await bridge.end(args);
      } finally {
        open.delete(args.id);
        if (open.size === 0) told();
      }
    },
    idle: () =>
      new Promise((resolve) => {
        told = resolve;
        if (open.size === 0) resolve();
      }),
  };
}

/** Hz; enough to tell sound from silence. */
const RATE = 16_000;

async function loudestIn(files: readonly Uint8Array[]): Promise<number> {
  let loudest = 0;
  for (const file of files) {
    const context = new OfflineAudioContext(1, 1, RATE);
    const decoded = await context.decodeAudioData(file.slice().buffer);
    for (let channel = 0; channel < decoded.numberOfChannels; channel++) {
      for (const sample of decoded.getChannelData(channel)) loudest = Math.max(loudest, Math.abs(sample));
    }
  }
  return loudest;
}
