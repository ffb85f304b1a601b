/** A labelled choice of one among a few. */
import { useId } from 'react';

export interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [value: T, words: string])[];
  readonly disabled?: boolean;
  /** Leaves the label to screen readers, where the choices speak for themselves. */
  readonly hideLabel?: boolean;
  onChange(value: T): void;
}

export function Select<T extends string>({
  label,
  value,
  choices,
  disabled = false,
  hideLabel = false,
  onChange,
}: SelectProps<T>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <select
        id={id}
        className="select"
        value={value}
        disabled={disabled}
        onChange={(event) => {
          const chosen = choices.find(([candidate]) => candidate === event.target.value);
          if (chosen) onChange(chosen[0]);
        }}
      >
        {choices.map(([candidate, words]) => (
          <option key={candidate} value={candidate}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
