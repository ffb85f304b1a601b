/** A labelled value between nothing and all. */
import { useId } from 'react';

export interface SliderProps {
  readonly label: string;
  /** 0 to 1. */
  readonly value: number;
  onChange(value: number): void;
}

export function Slider({ label, value, onChange }: SliderProps) {
  const id = useId();
  return (
    <div className="field slider-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="slider"
        type="range"
        min={0}
        max={100}
        value={Math.round(value * 100)}
        onChange={({ target }) => onChange(Number(target.value) / 100)}
      />
    </div>
  );
}
