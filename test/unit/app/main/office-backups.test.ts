/** Backups from the window: files that the person names, the office stopped only to be replaced, and always back. */
import { expect, test } from 'vitest';
import { createOfficeBackups } from '../../../../app/main/office-backups.ts';
import type { OfficeState, Outcome } from '../../../../app/shared/bridge.ts';
import type { ReadBackup } from '../../../../app/shared/office-backup.ts';

const read: ReadBackup = { name: 'old.tandem', createdAt: 1, version: '0.1.0', changes: [] };
const done: Outcome = { ok: true, value: undefined };

interface Setting {
  readonly state?: OfficeState['state'];
  readonly newFile?: string | undefined;
  readonly oldFile?: string | undefined;
  readonly restored?: () => Promise<Outcome<ReadBackup>>;
}

function setUp({ state = 'on', newFile, oldFile, restored = async () => ({ ok: true, value: read }) }: Setting) {
  const did: string[] = [];
  const backups = createOfficeBackups({
    fork: () => ({
      client: {
        backup: {
          create: async ({ dataDir, file }) => {
            did.push(`create ${dataDir} ${file}`);
            return { ok: true, value: { name: 'new.tandem', bytes: 7 } };
          },
          restore: async ({ dataDir, file, isDry }) => {
            did.push(`${isDry ? 'read' : 'restore'} ${dataDir} ${file}`);
            return isDry ? { ok: true, value: read } : restored();
          },
        },
      },
      kill: () => void did.push('end'),
    }),
    dataDir: '/data',
    office: {
      state: { state } as OfficeState,
      start: async () => {
        did.push('office on');
        return done;
      },
      stop: async () => {
        did.push('office off');
        return done;
      },
    },
    chooseNew: async () => newFile,
    chooseOld: async () => oldFile,
  });
  return { backups, did };
}

test('a backup is made by a process of its own, which ends', async () => {
  const { backups, did } = setUp({ newFile: '/home/new.tandem' });
  expect(await backups.backUp()).toEqual({ ok: true, value: { name: 'new.tandem', bytes: 7 } });
  expect(did).toEqual(['create /data /home/new.tandem', 'end']);
});

test('nothing is begun where the person names no file', async () => {
  const { backups, did } = setUp({});
  expect(await backups.backUp()).toEqual({ ok: true, value: null });
  expect(await backups.readBackup()).toEqual({ ok: true, value: null });
  expect(did).toEqual([]);
});

test('what was read is put back while the office is off', async () => {
  const { backups, did } = setUp({ oldFile: '/home/old.tandem' });
  await backups.readBackup();
  expect(await backups.restore()).toEqual({ ok: true, value: read });
  expect(did.slice(2)).toEqual(['office off', 'restore /data /home/old.tandem', 'end', 'office on']);
});

test('an office that was off stays off', async () => {
  const { backups, did } = setUp({ oldFile: '/home/old.tandem', state: 'off' });
  await backups.readBackup();
  await backups.restore();
  expect(did.slice(2)).toEqual(['restore /data /home/old.tandem', 'end']);
});

test('the office comes back where it could not be replaced, with the reason', async () => {
  const broken = async (): Promise<Outcome<ReadBackup>> => {
    throw new Error('the Tandem backup stopped');
  };
  const { backups, did } = setUp({ oldFile: '/home/old.tandem', restored: broken });
  await backups.readBackup();
  const reason = 'The backup came to no end: the Tandem backup stopped.';
  expect(await backups.restore()).toEqual({ ok: false, reason });
  expect(did.slice(-2)).toEqual(['end', 'office on']);
});

test('the page cannot have anything put back that nobody chose, nor twice', async () => {
  const { backups, did } = setUp({ oldFile: '/home/old.tandem' });
  expect(await backups.restore()).toMatchObject({ ok: false, reason: 'Choose a backup first.' });
  expect(did).toEqual([]);
  await backups.readBackup();
  await backups.restore();
  expect(await backups.restore()).toMatchObject({ ok: false });
});

test('two at one time are one too many', async () => {
  const { backups } = setUp({ newFile: '/home/new.tandem' });
  const [, second] = await Promise.all([backups.backUp(), backups.backUp()]);
  expect(second).toMatchObject({ ok: false });
  expect(await backups.backUp()).toMatchObject({ ok: true });
});
