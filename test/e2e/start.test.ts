/** The window opens, twice side by side, and what is in it can reach nothing that it was not given. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bridgeSchema } from '../../app/shared/bridge.ts';
import { launchTandem, type Tandem } from '../support/electron.ts';
import { until } from '../support/until.ts';

const folders: string[] = [];
function newProfile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-start-'));
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('the window', () => {
  let tandem: Tandem;
  beforeAll(async () => {
    tandem = await launchTandem({ dataDir: newProfile() });
  });
  afterAll(() => tandem?.close());

  it('opens and asks a newcomer to sign in', async () => {
    expect(await tandem.page.title()).toBe('Tandem');
    await tandem.page.getByRole('textbox', { name: 'Number', exact: true }).waitFor();
    await tandem.page.getByRole('textbox', { name: 'Password', exact: true }).waitFor();
  });

  it('is sandboxed, isolated and without Node', async () => {
    const preferences = await tandem.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      };
      const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } = contents.getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag };
    });
    expect(preferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
    const globals = 'typeof require + typeof process + typeof module + typeof Buffer + typeof global';
    expect(await tandem.page.evaluate(globals)).toBe('undefined'.repeat(5));
  });

  it('hands the page the bridge and nothing else', async () => {
    const handed = await tandem.page.evaluate('Object.keys(window.tandem).sort()');
    expect(handed).toEqual(Object.keys(bridgeSchema).sort());
    const version = (await tandem.page.evaluate('window.tandem.system.version()')) as Record<string, string>;
    expect(version.tandem).toMatch(/^\d+\.\d+\.\d+$/);
    expect(version.electron).toMatch(/^\d+\./);
  });

  it('refuses to navigate', async () => {
    const before = tandem.page.url();
    await tandem.page.evaluate(() => {
      location.href = 'data:text/html,<h1>elsewhere</h1>';
    });
    await tandem.page.evaluate(() => {
      location.assign('http://127.0.0.1:9/');
    });
    // The refusal is in the main process; once that has answered, the navigation has been decided on.
    await tandem.page.evaluate('window.tandem.system.version()');
    expect(await tandem.page.evaluate('location.href')).toBe(before);
    expect(await tandem.page.evaluate('document.title')).toBe('Tandem');
  });

  it('refuses to open windows', async () => {
    expect(await tandem.page.evaluate(() => window.open('app://tandem/index.html') === null)).toBe(true);
    expect(await tandem.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('runs no script that is not its own', async () => {
    const ran = await tandem.page.evaluate(async () => {
      const violations: string[] = [];
      Object.assign(window, { violations });
      document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.head.append(script);
      const remote = document.createElement('script');
      const refused = new Promise((resolve) => remote.addEventListener('error', resolve));
      remote.src = 'http://127.0.0.1:9/x.js';
      document.head.append(remote);
      await refused;
      // In a timer, because what is evaluated for a test is exempt.
      const evaluated = await new Promise((resolve) => {
        setTimeout(() => {
          try {
            resolve(Function('return "evaluated"')());
          } catch {
            resolve('refused');
          }
        }, 0);
      });
      const fetched = await fetch('http://127.0.0.1:9/').then(
        () => 'fetched',
        () => 'refused',
      );
      return { inline: 'inlineRan' in window, evaluated, fetched };
    });
    expect(ran).toEqual({ inline: false, evaluated: 'refused', fetched: 'refused' });
    // The policy refused it, not the lack of a network.
    await until('the reports of the policy', async () => {
      const reported = new Set((await tandem.page.evaluate('window.violations')) as string[]);
      return ['connect-src', 'script-src', 'script-src-elem'].every((directive) => reported.has(directive));
    });
  });

  it('serves nothing but its own files', async () => {
    const statuses = await tandem.page.evaluate(() =>
      Promise.all(
        ['/index.html', '/../main/index.cjs', '/%2e%2e/main/index.cjs', '/..%2fmain%2findex.cjs', '/absent.js'].map(
          async (path) => (await fetch(path)).status,
        ),
      ),
    );
    expect(statuses).toEqual([200, 404, 404, 404, 404]);
  });

  it('may use the microphone, and neither camera nor place nor notices', async () => {
    const media = (constraints: string) =>
      tandem.page.evaluate(
        `navigator.mediaDevices.getUserMedia(${constraints}).then((s) => { s.getTracks().forEach((t) => t.stop()); return 'granted'; }, (e) => e.name)`,
      );
    expect(await media('{audio: true}')).toBe('granted');
    expect(await media('{video: true}')).toBe('NotAllowedError');
    expect(await media('{audio: true, video: true}')).toBe('NotAllowedError');
    expect(await tandem.page.evaluate('Notification.requestPermission()')).toBe('denied');
    expect(
      await tandem.page.evaluate(
        'new Promise((resolve) => navigator.geolocation.getCurrentPosition(() => resolve(0), (e) => resolve(e.code)))',
      ),
    ).toBe(1);
  });

  it('answers a call that it does not know with an error, and lives', async () => {
    const failed = tandem.page.evaluate('window.tandem.profile.signOut(null).catch((e) => "refused: " + e.message)');
    expect(await failed).toMatch(/^refused: /);
    expect(await tandem.page.evaluate('window.tandem.profile.signIn({})')).toMatchObject({ ok: false });
  });
});

describe('profiles', () => {
  it('two run side by side and share nothing', async () => {
    const [one, two] = await Promise.all([
      launchTandem({ dataDir: newProfile() }),
      launchTandem({ dataDir: newProfile() }),
    ]);
    try {
      const account = { id: 'a', number: '1001', displayName: 'Ada', server: '127.0.0.1:9', outboundProxy: '' };
      const signIn = `window.tandem.profile.signIn(${JSON.stringify({ account, password: 'secret' })})`;
      expect(await one.page.evaluate(signIn)).toEqual({ ok: true });
      const accounts = 'window.tandem.profile.get().then((p) => p.accounts.map((a) => a.number))';
      expect(await one.page.evaluate(accounts)).toEqual(['1001']);
      expect(await two.page.evaluate(accounts)).toEqual([]);
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  });

  it('comes back with its account, whose password is nowhere in the clear', async () => {
    const dataDir = newProfile();
    const account = { id: 'a', number: '1001', displayName: '', server: '127.0.0.1:9', outboundProxy: '' };
    const first = await launchTandem({ dataDir });
    await first.page.evaluate(
      `window.tandem.profile.signIn(${JSON.stringify({ account, password: 'correct horse' })})`,
    );
    const before = (await first.page.evaluate('window.tandem.profile.get()')) as { secrets: string };
    expect(await first.page.evaluate('window.tandem.profile.password({accountId: "a"})')).toBe('correct horse');
    await first.close();

    const files = readdirSync(dataDir).filter((name) => name.endsWith('.json'));
    expect(files).toContain('profile.json');
    for (const name of files) expect(readFileSync(join(dataDir, name), 'utf8')).not.toContain('correct horse');

    const again = await launchTandem({ dataDir });
    try {
      const known = (await again.page.evaluate('window.tandem.profile.get()')) as {
        accounts: object[];
        hasPassword: Record<string, boolean>;
      };
      expect(known.accounts).toEqual([account]);
      expect(known.hasPassword.a).toBe(before.secrets === 'keychain');
    } finally {
      await again.close();
    }
  });

  it('sets a profile aside that cannot be read', async () => {
    const dataDir = newProfile();
    writeFileSync(join(dataDir, 'profile.json'), '{"version": 1, "accounts": [{');
    const tandem = await launchTandem({ dataDir });
    try {
      expect(await tandem.page.evaluate('window.tandem.profile.get().then((p) => p.accounts)')).toEqual([]);
      const aside = readdirSync(dataDir).find((name) => name.startsWith('profile.json.corrupt-'));
      expect(readFileSync(join(dataDir, aside ?? ''), 'utf8')).toContain('"accounts"');
    } finally {
      await tandem.close();
    }
  });
});

describe('the phone service', () => {
  it('comes back by itself when it is killed, with a new port for the page', async () => {
    const tandem = await launchTandem({ dataDir: newProfile() });
    try {
      await tandem.page.evaluate(`
        window.restarts = 0;
        window.tandem.system.phoneServiceRestarted(() => { window.restarts += 1; });
        window.addEventListener('message', (event) => {
          window.answered = false;
          window.port = event.ports[0];
          window.port.addEventListener('message', ({ data }) => { if (data.id === 1e9) window.answered = true; });
        });
        window.tandem.system.phonePort();
      `);
      // The service answers whatever call comes in at the port, also one that it refuses.
      const answers = () =>
        tandem.page.evaluate(`
          window.port?.postMessage({ kind: 'call', id: 1e9, name: 'sip.open', args: { accountId: 'nobody' } });
          window.answered;
        `);
      await until('an answer of the phone service', answers);
      const pid = await until('the phone service', () => servicePid(tandem, 'Tandem phone service'));
      process.kill(pid, 'SIGKILL');
      await until('the news', () => tandem.page.evaluate('window.restarts === 1'));
      await tandem.page.evaluate('window.answered = false');
      await until('an answer at the new port', answers);
      expect(await servicePid(tandem, 'Tandem phone service')).not.toBe(pid);
    } finally {
      await tandem.close();
    }
  });
});

describe('the office', () => {
  it('starts, takes users, comes back when its exchange is killed and with the program, and stops', async () => {
    const dataDir = newProfile();
    const state = 'window.tandem.office.get()';
    const first = await launchTandem({ dataDir });
    try {
      expect(await first.page.evaluate('window.tandem.office.ask({method: "users.list", params: {}})')).toMatchObject({
        ok: false,
      });
      expect(await first.page.evaluate('window.tandem.office.start()')).toEqual({ ok: true });
      const on = (await first.page.evaluate(state)) as { state: string; server: string; listeners: string[] };
      expect(on).toMatchObject({ state: 'on', server: expect.stringMatching(/^127\.0\.0\.1:\d+$/) });
      expect(on.listeners).toEqual([`udp://${on.server}`, `tcp://${on.server}`]);

      const add =
        'window.tandem.office.ask({method: "users.add", params: {number: "1001", name: "Ada", password: "secret-1001"}})';
      expect(await first.page.evaluate(add)).toMatchObject({ ok: true, value: { number: '1001' } });
      expect(await first.page.evaluate(add)).toMatchObject({ ok: false, reason: expect.stringContaining('1001') });
      expect(
        await first.page.evaluate('window.tandem.office.ask({method: "users.add", params: {number: 1}})'),
      ).toMatchObject({ ok: false });

      process.kill(await until('the exchange', () => servicePid(first, 'Tandem exchange')), 'SIGKILL');
      const users =
        'window.tandem.office.ask({method: "users.list", params: {}}).then((o) => o.ok && o.value.items.map((u) => u.number))';
      expect(await until('the users of the exchange that came back', () => first.page.evaluate(users))).toEqual([
        '1001',
      ]);
    } finally {
      await first.close();
    }

    const again = await launchTandem({ dataDir });
    try {
      await until('the office to be on again', async () => {
        const now = (await again.page.evaluate(state)) as { state: string };
        return now.state === 'on';
      });
      expect(await again.page.evaluate('window.tandem.office.stop()')).toEqual({ ok: true });
      expect(await again.page.evaluate(state)).toEqual({ state: 'off' });
      expect(await servicePid(again, 'Tandem exchange')).toBeUndefined();
    } finally {
      await again.close();
    }
  });
});

function servicePid(tandem: Tandem, name: string): Promise<number | undefined> {
  return tandem.app.evaluate(
    ({ app }, wanted) => app.getAppMetrics().find((process) => process.name === wanted)?.pid,
    name,
  );
}
