/** What the page may choose for this computer, what is kept of it, and what follows. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createComputer } from '../../../../../app/main/computer/computer.ts';
import { openComputerStore } from '../../../../../app/main/computer/computer-store.ts';
import { createGlobalKeys } from '../../../../../app/main/computer/global-keys.ts';
import { computerDefaults } from '../../../../../app/shared/computer.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-computer-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const free = { problems: {}, onWayland: false, reads: 'selected' };

function switchOf() {
  let on = false;
  return {
    isOn: async () => on,
    async set(next: boolean) {
      on = next;
      return { ok: true as const, value: undefined };
    },
  };
}

async function begin() {
  const worn: string[] = [];
  const pressed: string[] = [];
  const keys = new Map<string, () => void>();
  const keyboard = {
    register(key: string, work: () => void) {
      if (key.endsWith('F12')) throw new Error('no such key');
      if (key.endsWith('F11')) return false;
      keys.set(key, work);
      return true;
    },
    unregister: (key: string) => void keys.delete(key),
  };
  const told: unknown[] = [];
  const { requests } = createComputer({
    store: await openComputerStore(folder),
    loginStart: switchOf(),
    wear: (look) => worn.push(look),
    linkHandler: switchOf(),
    globalKeys: createGlobalKeys({ system: keyboard, pressed: (deed) => pressed.push(deed) }),
    keyboard: { onWayland: false, reads: 'selected' },
    tell: { changed: (state) => told.push(state), dial: () => {}, key: () => {} },
  });
  return { requests, worn, told, keys, pressed };
}

it('wears the look that is chosen, at once and next time', async () => {
  const { requests, worn, told } = await begin();
  expect(await requests.set({ look: 'dark' })).toEqual({ ok: true, value: undefined });
  expect(worn).toEqual(['dark']);
  expect(told).toMatchObject([{ settings: { ...computerDefaults, look: 'dark' }, startsWithSystem: false }]);
  await requests.set({ highContrast: true });
  expect((await openComputerStore(folder)).settings).toEqual({ ...computerDefaults, look: 'dark', highContrast: true });
});

it('starts with the system, and opens links, where that is wanted', async () => {
  const { requests, told } = await begin();
  expect((await requests.startWithSystem({ on: true })).ok).toBe(true);
  expect(told).toEqual([{ settings: computerDefaults, startsWithSystem: true, opensLinks: false, keyboard: free }]);
  expect((await requests.openLinks({ on: true })).ok).toBe(true);
  expect(told.at(-1)).toMatchObject({ startsWithSystem: true, opensLinks: true });
});

it('takes the keys that are chosen, and no others; says which it could not have', async () => {
  const { requests, told, keys, pressed } = await begin();
  await requests.set({ keys: { answer: 'Control+Alt+A', mute: 'F9' } });
  keys.get('F9')?.();
  expect(pressed).toEqual(['mute']);
  await requests.set({ keys: { answer: 'F11', hangUp: 'F9', mute: 'F9', callSelected: 'Control+F12' } });
  expect([...keys.keys()]).toEqual(['F9']);
  expect(told.at(-1)).toMatchObject({
    keyboard: {
      problems: {
        answer: expect.stringContaining('Another program'),
        mute: expect.stringContaining('something else'),
        callSelected: expect.stringContaining('cannot be used'),
      },
    },
  });
  keys.get('F9')?.();
  expect(pressed).toEqual(['mute', 'hangUp']);
  await requests.set({ look: 'light' });
  expect([...keys.keys()]).toEqual(['F9']);
  await requests.set({ keys: {} });
  expect([...keys.keys()]).toEqual([]);
});

it.each([
  ...[{ keys: { answer: 'A' } }, { keys: { answer: 'Shift+A' } }, { keys: { answer: 'Space' } }],
  ...[{ keys: { answer: 'Control+' } }, { keys: { answer: `Control+${'A'.repeat(99)}` } }, { keys: { mute: 7 } }],
  ...[
    { headset: { on: true } },
    { headset: { on: true, buttons: { mute: { vendorId: -1, productId: 0, usage: 0 } } } },
  ],
  ...[{ look: 'pink' }, { highContrast: 'much' }, 7],
])('takes no %j, from the page or from the file', async (change) => {
  const { requests, worn } = await begin();
  await expect(requests.set(change as never)).rejects.toThrow();
  await expect(requests.startWithSystem({ on: 'yes' } as never)).rejects.toThrow();
  expect(worn).toEqual([]);
  writeFileSync(join(folder, 'computer.json'), JSON.stringify(change));
  expect((await openComputerStore(folder)).settings).toEqual(computerDefaults);
  expect(readdirSync(folder)[0]).toMatch(/^computer\.json\.corrupt-/);
});
