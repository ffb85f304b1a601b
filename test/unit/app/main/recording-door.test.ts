/** Files of recordings as the person asks for them: shown and played where they are there, and nothing else is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRecordingDoor } from '../../../../app/main/recording-door.ts';

let folder: string;
let done: string[];
let refusal: string;
const door = () =>
  createRecordingDoor({
    pathOf: (id) => (id === 'r1' ? join(folder, 'call.webm') : undefined),
    shell: {
      showItemInFolder: (path) => void done.push(`shows ${path}`),
      async openPath(path) {
        done.push(`opens ${path}`);
        return refusal;
      },
    },
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-door-'));
  done = [];
  refusal = '';
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a recording is shown in its folder, and played', async () => {
  const path = join(folder, 'call.webm');
  writeFileSync(path, '');
  expect(door().show({ id: 'r1' })).toEqual({ ok: true, value: undefined });
  expect(await door().play({ id: 'r1' })).toEqual({ ok: true, value: undefined });
  expect(done).toEqual([`shows ${path}`, `opens ${path}`]);
});

it('where nothing plays it, it is shown in its folder', async () => {
  const path = join(folder, 'call.webm');
  writeFileSync(path, '');
  refusal = 'No application is registered';
  expect((await door().play({ id: 'r1' })).ok).toBe(true);
  expect(done).toEqual([`opens ${path}`, `shows ${path}`]);
});

it.each([
  ['r1', /^The recording is not there any more: .*call\.webm$/],
  ['../../etc/passwd', /not known/],
])('%s that is not there is told, and nothing is opened', async (id, words) => {
  const refused = { ok: false, reason: expect.stringMatching(words) };
  expect(door().show({ id })).toEqual(refused);
  expect(await door().play({ id })).toEqual(refused);
  expect(done).toEqual([]);
});
