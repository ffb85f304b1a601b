/** A key with its modifiers, as it was pressed, in the words of Electron's accelerators, and as people read it. */

const NAMED: Readonly<Record<string, string>> = {
  ...{ Space: 'Space', Insert: 'Insert', Delete: 'Delete', Home: 'Home', End: 'End' },
  ...{ PageUp: 'PageUp', PageDown: 'PageDown', ArrowUp: 'Up', ArrowDown: 'Down', ArrowLeft: 'Left' },
  ...{ ArrowRight: 'Right', MediaPlayPause: 'MediaPlayPause', MediaStop: 'MediaStop', ScrollLock: 'Scrolllock' },
  ...{ MediaTrackNext: 'MediaNextTrack', MediaTrackPrevious: 'MediaPreviousTrack' },
};

export interface PressedKey {
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

/** Undefined while modifiers alone are pressed, and for keys that no program may take for itself. */
export function acceleratorOf(pressed: PressedKey): string | undefined {
  const key = keyOf(pressed.code);
  if (key === undefined) return undefined;
  const modifiers = [
    pressed.ctrlKey ? 'Control' : '',
    pressed.altKey ? 'Alt' : '',
    pressed.shiftKey ? 'Shift' : '',
    pressed.metaKey ? 'Super' : '',
  ].filter(Boolean);
  // A letter that writes nothing any more would be missed everywhere.
  const isFree = modifiers.some((one) => one !== 'Shift') || /^(?:F\d|Media|Scrolllock)/.test(key);
  return isFree ? [...modifiers, key].join('+') : undefined;
}

function keyOf(code: string): string | undefined {
  const [, letter, digit, pad] = /^(?:Key([A-Z])|Digit(\d)|Numpad(\d))$/.exec(code) ?? [];
  if (letter !== undefined || digit !== undefined) return letter ?? digit;
  if (pad !== undefined) return `num${pad}`;
  return /^F(?:[1-9]|1\d|2[0-4])$/.test(code) ? code : NAMED[code];
}

/** Such as `Ctrl + Alt + A`. */
export const keyWords = (accelerator: string): string =>
  accelerator
    .split('+')
    .map((part) => (part === 'Control' ? 'Ctrl' : part))
    .join(' + ');
