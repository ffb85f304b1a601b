/** How loud something is, as a bar. */

export function LevelMeter({ label, level }: { readonly label: string; readonly level: number }) {
  return <meter className="level-meter" aria-label={label} min={0} max={1} value={level} />;
}
