/** Keys that work while another program has the keyboard. */
import type { GlobalShortcut } from 'electron';
import { KEY_DEEDS, type KeyDeed, type Keys } from '../../shared/computer.ts';

export interface GlobalKeys {
  /** These from now on, and no others; gives why some of them do not work, each as one sentence. */
  use(keys: Keys): Readonly<Partial<Record<KeyDeed, string>>>;
}

export interface GlobalKeysPorts {
  readonly system: Pick<GlobalShortcut, 'register' | 'unregister'>;
  readonly pressed: (deed: KeyDeed) => void;
}

const TAKEN = 'Another program has this key, or the system keeps it for itself.';
const TWICE = 'This key is chosen for something else already.';

export function createGlobalKeys({ system, pressed }: GlobalKeysPorts): GlobalKeys {
  const held = new Map<string, KeyDeed>();

  function take(key: string, deed: KeyDeed): string | undefined {
    if (held.has(key)) return TWICE;
    try {
      if (!system.register(key, () => pressed(deed))) return TAKEN;
    } catch {
      // What this version of Electron does not know as a key.
      return 'This key cannot be used.';
    }
    held.set(key, deed);
    return undefined;
  }

  return {
    use(keys) {
      for (const key of held.keys()) system.unregister(key);
      held.clear();
      const problems: Partial<Record<KeyDeed, string>> = {};
      for (const deed of KEY_DEEDS) {
        const key = keys[deed];
        const problem = key === undefined ? undefined : take(key, deed);
        if (problem !== undefined) problems[deed] = problem;
      }
      return problems;
    },
  };
}
