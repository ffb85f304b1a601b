import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSoundStore } from '../../../../app/main/sound-store.ts';
import { soundDefaults } from '../../../../app/shared/sound-settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-sound-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('comes back as it was left, and is as usual before', async () => {
  const first = await openSoundStore(folder);
  expect(first.settings).toEqual(soundDefaults);
  const wanted = { ...soundDefaults, ringer: { id: 'a', label: 'Desk' }, ringerVolume: 0.25 };
  expect(await first.set(wanted)).toEqual({ ok: true, value: undefined });
  expect((await openSoundStore(folder)).settings).toEqual(wanted);
});

it('takes a file of a version that knew less', async () => {
  writeFileSync(join(folder, 'sound.json'), '{"speakerVolume": 0.5}');
  expect((await openSoundStore(folder)).settings).toEqual({ ...soundDefaults, speakerVolume: 0.5 });
});

it.each([
  ['a volume above all', { speakerVolume: 2 }],
  ['a device without end', { microphone: { id: 'x'.repeat(201), label: '' } }],
  ['a word for a switch', { autoGain: 'yes' }],
])('takes no %s, from the page or from the file', async (_, change) => {
  const store = await openSoundStore(folder);
  await expect(store.set({ ...soundDefaults, ...change })).rejects.toThrow();
  expect(store.settings).toEqual(soundDefaults);
  writeFileSync(join(folder, 'sound.json'), JSON.stringify(change));
  expect((await openSoundStore(folder)).settings).toEqual(soundDefaults);
  expect(readdirSync(folder)[0]).toMatch(/^sound\.json\.corrupt-/);
});

it('says why it could not be kept', async () => {
  const store = await openSoundStore(folder);
  mkdirSync(join(folder, 'sound.json.new', 'x'), { recursive: true });
  expect(await store.set(soundDefaults)).toMatchObject({ ok: false, reason: expect.stringMatching(/could not save/) });
});
