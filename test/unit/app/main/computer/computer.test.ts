/** What the page may choose for this computer, what is kept of it, and what follows. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createComputer } from '../../../../../app/main/computer/computer.ts';
import { openComputerStore } from '../../../../../app/main/computer/computer-store.ts';
import { computerDefaults } from '../../../../../app/shared/computer.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-computer-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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
  const told: unknown[] = [];
  const { requests } = createComputer({
    store: await openComputerStore(folder),
    loginStart: switchOf(),
    wear: (look) => worn.push(look),
    linkHandler: switchOf(),
    tell: { changed: (state) => told.push(state), dial: () => {} },
  });
  return { requests, worn, told };
}

it('wears the look that is chosen, at once and next time', async () => {
  const { requests, worn, told } = await begin();
  expect(await requests.set({ look: 'dark' })).toEqual({ ok: true, value: undefined });
  expect(worn).toEqual(['dark']);
  expect(told).toEqual([
    { settings: { ...computerDefaults, look: 'dark' }, startsWithSystem: false, opensLinks: false },
  ]);
  await requests.set({ highContrast: true });
  expect((await openComputerStore(folder)).settings).toEqual({ look: 'dark', highContrast: true });
});

it('starts with the system, and opens links, where that is wanted', async () => {
  const { requests, told } = await begin();
  expect((await requests.startWithSystem({ on: true })).ok).toBe(true);
  expect(told).toEqual([{ settings: computerDefaults, startsWithSystem: true, opensLinks: false }]);
  expect((await requests.openLinks({ on: true })).ok).toBe(true);
  expect(told.at(-1)).toMatchObject({ startsWithSystem: true, opensLinks: true });
});

it.each([{ look: 'pink' }, { highContrast: 'much' }, 7])(
  'takes no %j, from the page or from the file',
  async (change) => {
    const { requests, worn } = await begin();
    await expect(requests.set(change as never)).rejects.toThrow();
    await expect(requests.startWithSystem({ on: 'yes' } as never)).rejects.toThrow();
    expect(worn).toEqual([]);
    writeFileSync(join(folder, 'computer.json'), JSON.stringify(change));
    expect((await openComputerStore(folder)).settings).toEqual(computerDefaults);
    expect(readdirSync(folder)[0]).toMatch(/^computer\.json\.corrupt-/);
  },
);
