/** A process for one backup, made or put back: a large office takes seconds, in which nobody else shall stand still. */
import { basename } from 'node:path';
import { createBackup } from '../../../proxy-core/node/backup/create.ts';
import { restoreBackup } from '../../../proxy-core/node/backup/restore.ts';
import { serve } from '../../shared/derive-server.ts';
import { backupServiceSchema } from '../../shared/services.ts';
import { outcomeOf } from '../outcome.ts';
import { parentWire } from '../parent.ts';

serve(backupServiceSchema, parentWire(process.parentPort), {
  backup: {
    create: ({ dataDir, file }) =>
      outcomeOf(async () => {
        const { file: path, bytes } = createBackup(dataDir, file, Date.now());
        return { name: basename(path), bytes };
      }),
    restore: ({ dataDir, file, isDry }) =>
      outcomeOf(async () => {
        const done = await restoreBackup({ dataDir, file, isDry, by: 'desktop', now: Date.now() });
        const { manifest, changes, kept } = done;
        const { createdAt, version } = manifest;
        return { name: basename(file), createdAt, version, changes, ...(kept !== undefined && { kept }) };
      }),
  },
});
