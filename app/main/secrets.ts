/**
 * Passwords of the accounts: encrypted with a key of the operating system's keychain, or, where there is none, known
 * only until the program ends. They are never written in the clear.
 */
import { join } from 'node:path';
import * as v from 'valibot';
import type { SecretStorage } from '../shared/bridge.ts';
import { inOrder, readJson, writeJson } from './atomic-file.ts';

/** The part of Electron's safeStorage that is used. */
export interface Keychain {
  isEncryptionAvailable(): boolean;
  /** Linux only, and not in every version. `basic_text` is a fixed key: no secret at all. */
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
}

export interface Secrets {
  readonly storage: SecretStorage;
  /** Undefined when it is not known, or was encrypted with a key that is gone. */
  get(accountId: string): string | undefined;
  /** Rejects with FileNotWritten; the secret is then known until the program ends. */
  set(accountId: string, secret: string): Promise<void>;
  forget(accountId: string): Promise<void>;
}

const fileShape = v.record(v.string(), v.string());

export async function openSecrets(folder: string, keychain: Keychain): Promise<Secrets> {
  const path = join(folder, 'secrets.json');
  const storage: SecretStorage = trustworthy(keychain) ? 'keychain' : 'asked';
  const known = new Map<string, string>();
  const kept = new Map<string, string>();
  const serially = inOrder();

  const found = await readJson(path, (value) => v.is(fileShape, value));
  if (found.state === 'read') {
    for (const [id, encrypted] of Object.entries(v.parse(fileShape, found.value))) kept.set(id, encrypted);
  }
  if (storage === 'keychain') {
    for (const [id, encrypted] of kept) {
      try {
        known.set(id, keychain.decryptString(Buffer.from(encrypted, 'base64')));
      } catch {
        // The key changed (another computer, a reset keychain): the person is asked again.
      }
    }
  }

  const save = () => serially(() => writeJson(path, Object.fromEntries(kept)));
  return {
    storage,
    get: (accountId) => known.get(accountId),
    async set(accountId, secret) {
      known.set(accountId, secret);
      if (storage !== 'keychain') return;
      kept.set(accountId, keychain.encryptString(secret).toString('base64'));
      await save();
    },
    async forget(accountId) {
      known.delete(accountId);
      if (kept.delete(accountId)) await save();
    },
  };
}

function trustworthy(keychain: Keychain): boolean {
  try {
    return keychain.isEncryptionAvailable() && keychain.getSelectedStorageBackend?.() !== 'basic_text';
  } catch {
    // A keychain that cannot say is none: the person is asked each time.
    return false;
  }
}
