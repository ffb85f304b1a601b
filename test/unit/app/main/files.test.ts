/** What a profile keeps on disk: whole or not at all, set aside when unreadable, and no password in the clear. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileNotWritten, inOrder, readJson, writeJson } from '../../../../app/main/atomic-file.ts';
import { whyUnusable } from '../../../../app/main/profile-folder.ts';
import { openProfile, ProfileTooNew } from '../../../../app/main/profile-store.ts';
import { type Keychain, openSecrets } from '../../../../app/main/secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-files-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

const account = { id: 'a1', number: '1001', displayName: 'Ada', server: 'office.example', outboundProxy: '' };

describe('a file', () => {
  it('is absent, then what was written, for its owner only, with nothing left beside it', async () => {
    const path = join(folder, 'deeper', 'x.json');
    expect(await readJson(path, () => true)).toEqual({ state: 'absent' });
    await writeJson(path, { a: 1 });
    expect(await readJson(path, () => true)).toEqual({ state: 'read', value: { a: 1 } });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'deeper'))).toEqual(['x.json']);
  });

  it.each([
    ['torn', '{"a": '],
    ['empty', ''],
    ['of another shape', '[]'],
  ])('that is %s is set aside whole', async (_, text) => {
    const path = join(folder, 'x.json');
    writeFileSync(path, text);
    const found = await readJson(
      path,
      (value) => !Array.isArray(value),
      () => 42,
    );
    expect(found).toEqual({ state: 'corrupt', movedTo: `${path}.corrupt-42` });
    expect(readFileSync(`${path}.corrupt-42`, 'utf8')).toBe(text);
    expect(await readJson(path, () => true)).toEqual({ state: 'absent' });
  });

  it('that cannot be written keeps its old content and says why', async () => {
    const path = join(folder, 'x.json');
    await writeJson(path, 'old');
    // A folder in the way of the new file fails for root too, whom permissions do not stop.
    mkdirSync(`${path}.new/x`, { recursive: true });
    await expect(writeJson(path, 'new')).rejects.toBeInstanceOf(FileNotWritten);
    expect(await readJson(path, () => true)).toEqual({ state: 'read', value: 'old' });
  });
});

it('does pieces of work one after another, also after one that failed', async () => {
  const serially = inOrder();
  const log: string[] = [];
  const work = (name: string, fails = false) =>
    serially(async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const [a, b, c] = await Promise.allSettled([work('a'), work('b', true), work('c')]);
  expect([a?.status, b?.status, c?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

describe('the profile', () => {
  it('begins empty and comes back as it was left', async () => {
    const profile = await openProfile(folder);
    expect(profile.data).toEqual({ accounts: [], hosting: false });
    await profile.change((data) => ({ ...data, accounts: [account] }));
    await profile.change((data) => ({ ...data, hosting: true }));
    expect((await openProfile(folder)).data).toEqual({ accounts: [account], hosting: true });
    const codecs = { codecs: ['PCMA', 'opus'], ptime: 30 } as const;
    await profile.change((data) => ({ ...data, codecs, accounts: [{ ...account, codecs }] }));
    expect((await openProfile(folder)).data).toEqual({ accounts: [{ ...account, codecs }], hosting: true, codecs });
  });

  it.each([
    ['is torn', '{"version":1,'],
    ['is of no version', '{"version":"2","accounts":[],"hosting":false}'],
    [
      'holds an account that nobody could have typed',
      JSON.stringify({ version: 1, accounts: [{ ...account, id: '../x' }], hosting: false }),
    ],
  ])('that %s is set aside', async (_, text) => {
    writeFileSync(join(folder, 'profile.json'), text);
    const profile = await openProfile(folder);
    expect(profile.data.accounts).toEqual([]);
    expect(readFileSync(profile.setAside ?? '', 'utf8')).toBe(text);
  });

  it('of version 1 is taken over whole, and is of the present version once it is changed', async () => {
    const kept = { ...account, calls: { doNotDisturb: true, turnServer: 'relay.example' } };
    const path = join(folder, 'profile.json');
    const text = JSON.stringify({ version: 1, accounts: [kept, { ...kept, id: 'a2' }], hosting: true });
    writeFileSync(path, text);
    const profile = await openProfile(folder);
    expect(profile.data).toEqual({ accounts: [kept, { ...kept, id: 'a2' }], hosting: true });
    expect(profile.setAside).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe(text);
    const settings = { enabled: false, authName: 'ada', expires: 600 };
    await profile.change((data) => ({ ...data, accounts: data.accounts.map((one) => ({ ...one, settings })) }));
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ version: 2, hosting: true });
    expect((await openProfile(folder)).data.accounts[1]).toEqual({ ...kept, id: 'a2', settings });
  });

  it('of a newer program is refused and left as it is', async () => {
    const path = join(folder, 'profile.json');
    const text = '{"version":3,"accounts":{"of":"another shape"}}';
    writeFileSync(path, text);
    const opened = openProfile(folder);
    await expect(opened).rejects.toBeInstanceOf(ProfileTooNew);
    await expect(opened).rejects.toThrow(
      `${path} was made by a newer Tandem (its version is 3, this one reads up to 2).`,
    );
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(readdirSync(folder)).toEqual(['profile.json']);
  });

  it('keeps what it was when a change could not be saved', async () => {
    const profile = await openProfile(folder);
    mkdirSync(join(folder, 'profile.json.new', 'x'), { recursive: true });
    await expect(profile.change((data) => ({ ...data, hosting: true }))).rejects.toBeInstanceOf(FileNotWritten);
    expect(profile.data.hosting).toBe(false);
  });
});

describe('a profile that can be neither read nor set aside', () => {
  it.each([
    ['is a folder', () => mkdirSync(join(folder, 'profile.json')), 'is a folder where a file should be.'],
    [
      'has a name too long for the disk',
      () => {
        folder = join(folder, 'x'.repeat(300));
      },
      'could not be read (ENAMETOOLONG',
    ],
  ])('that %s is said to be so', async (_, make, reason) => {
    const own = folder;
    make();
    const path = join(folder, 'profile.json');
    await expect(openProfile(folder)).rejects.toThrow(`${path} ${reason}`);
    folder = own;
  });
});

describe('the folder of a profile', () => {
  it('is made where there is none, for its owner only, and nothing is left in it', () => {
    const own = join(folder, 'deeper', 'profile');
    expect(whyUnusable(own)).toBeUndefined();
    expect(whyUnusable(own)).toBeUndefined();
    expect(statSync(own).mode & 0o777).toBe(0o700);
    expect(readdirSync(own)).toEqual([]);
  });

  it('cannot be where a file is, nor below one', () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'mine');
    for (const wrong of [file, join(file, 'below')]) {
      expect(whyUnusable(wrong)).toBe(`a file is in the way of its folder ${wrong}.`);
    }
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('cannot be where nobody may write, not even root', () => {
    expect(whyUnusable('/sys/tandem')).toBe('it may not write into its folder /sys/tandem.');
  });

  it('cannot have a name that no disk takes', () => {
    const long = join(folder, 'x'.repeat(300));
    expect(whyUnusable(long)).toMatch(/^its folder .* cannot be used \(ENAMETOOLONG/);
  });
});

describe('secrets', () => {
  const keychain = (parts: Partial<Keychain> = {}): Keychain => ({
    isEncryptionAvailable: () => true,
    getSelectedStorageBackend: () => 'gnome_libsecret',
    encryptString: (text) => Buffer.from([...text].reverse().join('')),
    decryptString: (encrypted) => [...encrypted.toString()].reverse().join(''),
    ...parts,
  });
  const onDisk = () =>
    readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join();

  it('come back from the keychain, encrypted on disk', async () => {
    const secrets = await openSecrets(folder, keychain());
    expect(secrets.storage).toBe('keychain');
    await secrets.set('a', 'pass');
    await secrets.set('b', 'word');
    await secrets.forget('b');
    expect(onDisk()).not.toContain('pass');
    const again = await openSecrets(folder, keychain());
    expect([again.get('a'), again.get('b')]).toEqual(['pass', undefined]);
  });

  it.each([
    ['there is no keychain', { isEncryptionAvailable: () => false }],
    ['its key is fixed', { getSelectedStorageBackend: () => 'basic_text' }],
    [
      'it fails',
      {
        isEncryptionAvailable: () => {
          throw new Error('no bus');
        },
      },
    ],
  ])('are forgotten with the program where %s', async (_, parts) => {
    const secrets = await openSecrets(folder, keychain(parts));
    expect(secrets.storage).toBe('asked');
    await secrets.set('a', 'pass');
    expect(secrets.get('a')).toBe('pass');
    expect(readdirSync(folder)).toEqual([]);
    expect((await openSecrets(folder, keychain(parts))).get('a')).toBeUndefined();
  });

  it('that cannot be decrypted any more are asked for again', async () => {
    const first = await openSecrets(folder, keychain());
    await first.set('a', 'pass');
    const other = keychain({
      decryptString: () => {
        throw new Error('wrong key');
      },
    });
    expect((await openSecrets(folder, other)).get('a')).toBeUndefined();
  });

  it('in an unreadable file are asked for again', async () => {
    writeFileSync(join(folder, 'secrets.json'), '{"a": 1}');
    expect((await openSecrets(folder, keychain())).get('a')).toBeUndefined();
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^secrets\.json\.corrupt-/)]);
  });
});
