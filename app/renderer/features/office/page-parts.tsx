/** The parts of one page, of which one is shown. */
import { Button } from '../../ui/button.tsx';

export interface PagePartsProps<Part extends string> {
  readonly label: string;
  readonly parts: readonly (readonly [part: Part, words: string])[];
  readonly shown: Part;
  onShow(part: Part): void;
}

export function PageParts<Part extends string>({ label, parts, shown, onShow }: PagePartsProps<Part>) {
  return (
    <fieldset className="choice" aria-label={label}>
      {parts.map(([part, words]) => (
        <Button key={part} aria-pressed={part === shown} onClick={() => onShow(part)}>
          {words}
        </Button>
      ))}
    </fieldset>
  );
}
