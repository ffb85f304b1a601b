/** Starting with the system: a file that desktops read, or Electron's own way. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { desktopEntry } from '../../../../../app/main/computer/desktop-entry.ts';
import { createLoginStart } from '../../../../../app/main/computer/login-start.ts';
import { ownStart } from '../../../../../app/main/computer/own-start.ts';

const facts = {
  ...{ program: '/opt/tandem/tandem', source: undefined, isRoot: false },
  ...{ folder: '/home/ada/.config/Tandem', usualFolder: '/home/ada/.config/Tandem' },
};
const app = {
  getLoginItemSettings: () => ({ openAtLogin: false }) as never,
  setLoginItemSettings: () => {},
};

describe('on Linux', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-login-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const create = (more: Partial<Parameters<typeof ownStart>[0]> = {}) =>
    createLoginStart({ platform: 'linux', app, start: ownStart({ ...facts, ...more }), configFolder: folder });
  const file = () => join(folder, 'autostart', 'tandem.desktop');

  it('writes a file that starts the phone in the background, and takes it away again', async () => {
    const start = create();
    expect(await start.isOn()).toBe(false);
    expect(await start.set(true)).toEqual({ ok: true, value: undefined });
    expect(await start.isOn()).toBe(true);
    expect(readFileSync(file(), 'utf8')).toBe(
      '[Desktop Entry]\nType=Application\nName=Tandem\nExec="/opt/tandem/tandem" "--in-background"\nTerminal=false\n',
    );
    await start.set(false);
    expect(existsSync(file())).toBe(false);
    expect(await start.isOn()).toBe(false);
    expect((await start.set(false)).ok).toBe(true);
  });

  it.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false'])(
    'knows that a desktop switched it off: %s',
    async (line) => {
      const start = create();
      await start.set(true);
      writeFileSync(file(), `${readFileSync(file(), 'utf8')}${line}\n`);
      expect(await start.isOn()).toBe(false);
    },
  );

  it('has a file for each profile, which starts that one, from the sources too', async () => {
    const other = create({ folder: '/home/ada/second', source: '/home/ada/tandem', isRoot: true });
    await create().set(true);
    expect(await other.isOn()).toBe(false);
    await other.set(true);
    await create().set(false);
    expect(await other.isOn()).toBe(true);
  });

  it('says why it could not', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'autostart'), 'a file');
    expect(await create().set(true)).toMatchObject({ ok: false, reason: expect.stringContaining('could not save') });
    expect(await create({ program: '/opt/new\nline' }).set(true)).toMatchObject({
      ...{ ok: false, reason: expect.stringContaining('cannot be written') },
    });
  });
});

it('writes words so that a desktop reads them back whole', () => {
  const entry = desktopEntry(['/opt/my "phone"/100%', '--data=/a$b`c\\d', '%u'], { MimeType: 'x-scheme-handler/tel;' });
  expect(entry).toContain('Exec="/opt/my \\\\"phone\\\\"/100%%" "--data=/a\\\\$b\\\\`c\\\\\\\\d" %u\n');
  expect(entry).toContain('MimeType=x-scheme-handler/tel;\n');
});

it('asks the system elsewhere, and tells where it does not follow', async () => {
  let item: { openAtLogin?: boolean; args?: readonly string[] } = {};
  let obeys = true;
  const start = createLoginStart({
    ...{ platform: 'win32', start: ownStart(facts), configFolder: '' },
    app: {
      getLoginItemSettings: () => ({ openAtLogin: item.openAtLogin === true }) as never,
      setLoginItemSettings(wanted) {
        if (obeys) item = wanted;
      },
    },
  });
  expect((await start.set(true)).ok).toBe(true);
  expect(item).toMatchObject({ openAtLogin: true, args: ['--in-background'] });
  expect(await start.isOn()).toBe(true);
  obeys = false;
  expect(await start.set(false)).toEqual({ ok: false, reason: 'The system did not take the change.' });
});
