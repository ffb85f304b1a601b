/** Shows and plays the files of recordings, those of calls from before this run too. The window names an id, never a file. */
import { existsSync } from 'node:fs';
import type { Outcome } from '../shared/bridge.ts';

export interface RecordingDoorPorts {
  readonly pathOf: (id: string) => string | undefined;
  readonly shell: {
    showItemInFolder(path: string): void;
    /** Gives why not; empty where it is open. */
    openPath(path: string): Promise<string>;
  };
}

export interface RecordingDoor {
  show(recording: { readonly id: string }): Outcome;
  play(recording: { readonly id: string }): Promise<Outcome>;
}

export function createRecordingDoor({ pathOf, shell }: RecordingDoorPorts): RecordingDoor {
  const find = (id: string): Outcome<string> => {
    const path = pathOf(String(id));
    if (path === undefined) return { ok: false, reason: 'This recording is not known any more.' };
    return existsSync(path)
      ? { ok: true, value: path }
      : { ok: false, reason: `The recording is not there any more: ${path}` };
  };
  const done = { ok: true, value: undefined } as const;
  return {
    show({ id }) {
      const found = find(id);
      if (!found.ok) return found;
      shell.showItemInFolder(found.value);
      return done;
    },
    async play({ id }) {
      const found = find(id);
      if (!found.ok) return found;
      if ((await shell.openPath(found.value)) !== '') shell.showItemInFolder(found.value);
      return done;
    },
  };
}
