/** Backups of the office: the person names the files, another process works on them, the office stops only to be replaced. */
import type { BridgeSchema, Outcome } from '../shared/bridge.ts';
import type { MadeBackup, ReadBackup } from '../shared/office-backup.ts';
import type { Client, Handlers } from '../shared/schema.ts';
import type { BackupServiceSchema } from '../shared/services.ts';
import { textOf } from '../shared/text-of.ts';
import type { Office } from './office.ts';

export interface BackupPorts {
  /** A process that is ended by `kill`. */
  readonly fork: () => { readonly client: Client<BackupServiceSchema>; kill(): void };
  readonly dataDir: string;
  readonly office: Pick<Office, 'state' | 'start' | 'stop'>;
  /** Asks the person for a new file; undefined where he does not want one. */
  readonly chooseNew: () => Promise<string | undefined>;
  readonly chooseOld: () => Promise<string | undefined>;
}

export type OfficeBackups = Pick<Handlers<BridgeSchema>['office'], 'backUp' | 'readBackup' | 'restore'>;

const BUSY = { ok: false, reason: 'A backup is being made or put back: wait for it to end.' } as const;

export function createOfficeBackups({ fork, dataDir, office, chooseNew, chooseOld }: BackupPorts): OfficeBackups {
  /** The one that was read last: the page names no files. */
  let file: string | undefined;
  let isBusy = false;

  async function alone<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    if (isBusy) return BUSY;
    isBusy = true;
    try {
      return await work();
    } catch (error) {
      return { ok: false, reason: `The backup came to no end: ${textOf(error)}.` };
    } finally {
      isBusy = false;
    }
  }

  async function ask<T>(
    question: (client: Client<BackupServiceSchema>['backup']) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const service = fork();
    try {
      return await question(service.client.backup);
    } finally {
      service.kill();
    }
  }

  return {
    backUp: () =>
      alone(async (): Promise<Outcome<MadeBackup | null>> => {
        const to = await chooseNew();
        if (to === undefined) return { ok: true, value: null };
        return ask((service) => service.create({ dataDir, file: to }));
      }),
    readBackup: () =>
      alone(async (): Promise<Outcome<ReadBackup | null>> => {
        const from = await chooseOld();
        if (from === undefined) return { ok: true, value: null };
        const read = await ask((service) => service.restore({ dataDir, file: from, isDry: true }));
        file = read.ok ? from : undefined;
        return read;
      }),
    restore: () =>
      alone(async (): Promise<Outcome<ReadBackup>> => {
        const from = file;
        if (from === undefined) return { ok: false, reason: 'Choose a backup first.' };
        file = undefined;
        const runs = office.state.state === 'on' || office.state.state === 'starting';
        if (runs) await office.stop();
        try {
          return await ask((service) => service.restore({ dataDir, file: from, isDry: false }));
        } finally {
          // Its own state tells where it does not start again.
          if (runs) void office.start();
        }
      }),
  };
}
