/** The twelve keys of a telephone. */
import { type RefObject, useEffect, useRef, useState } from 'react';

const KEYS: readonly (readonly [digit: string, letters: string])[] = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', ''],
  ['#', ''],
];

/** How long a typed key looks pressed. */
const FLASH_MS = 120;

export interface KeypadProps {
  readonly label: string;
  /** Listens to digits typed in its window too, unless they go into a field. */
  readonly typed?: boolean;
  onDigit(digit: string): void;
}

export function Keypad({ label, typed = false, onDigit }: KeypadProps) {
  const pad = useRef<HTMLDivElement>(null);
  const flashing = useTypedDigits(pad, typed, onDigit);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a form's looks and meaning
    <div ref={pad} className="keypad" role="group" aria-label={label}>
      {KEYS.map(([digit, letters]) => (
        <button
          key={digit}
          type="button"
          className="key"
          data-pressed={flashing === digit ? '' : undefined}
          onClick={() => onDigit(digit)}
        >
          <span className="key-digit">{digit}</span>
          <span className="key-letters" aria-hidden="true">
            {letters}
          </span>
        </button>
      ))}
    </div>
  );
}

/** Calls back for digits typed anywhere but in a field; gives the one to show as pressed. */
function useTypedDigits(
  pad: RefObject<HTMLElement | null>,
  on: boolean,
  onDigit: (digit: string) => void,
): string | undefined {
  const [flashing, setFlashing] = useState<string>();

  useEffect(() => {
    const page = pad.current?.ownerDocument;
    if (!on || page === undefined) return;
    const typedKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
      if (!/^[0-9*#]$/.test(event.key)) return;
      event.preventDefault();
      setFlashing(event.key);
      onDigit(event.key);
    };
    page.addEventListener('keydown', typedKey);
    return () => page.removeEventListener('keydown', typedKey);
  }, [pad, on, onDigit]);

  useEffect(() => {
    if (!flashing) return;
    const timer = setTimeout(() => setFlashing(undefined), FLASH_MS);
    return () => clearTimeout(timer);
  }, [flashing]);

  return flashing;
}

export function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
