/** Makes a whole row a button, under what else stands on the row. The row needs the class `row-pressed`. */

export interface RowButtonProps {
  /** What the press does and to whom; what is seen is said by the row itself. */
  readonly label: string;
  /** Read where the pointer rests, for names that are cut. */
  readonly title?: string;
  readonly pressed?: boolean;
  readonly current?: boolean;
  onClick(): void;
}

export function RowButton({ label, title, pressed, current = false, onClick }: RowButtonProps) {
  return (
    <button
      type="button"
      className="row-button"
      aria-label={label}
      title={title}
      aria-pressed={pressed}
      aria-current={current ? 'true' : undefined}
      onClick={onClick}
    />
  );
}
