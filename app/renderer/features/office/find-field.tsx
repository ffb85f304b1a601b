/** The field over a listing that says what is looked for. */
import { TextField } from '../../ui/text-field.tsx';

export interface FindFieldProps {
  readonly label: string;
  /** What may be typed, where the label does not say it. */
  readonly placeholder?: string;
  readonly text: string;
  onChange(text: string): void;
}

export function FindField({ label, placeholder = label, text, onChange }: FindFieldProps) {
  return (
    <TextField
      {...{ label, placeholder }}
      hideLabel
      type="search"
      value={text}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
