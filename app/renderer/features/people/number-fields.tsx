/** The numbers of a contact, each with its kind; there is always one more to add. */
import { Plus, X } from 'lucide-react';
import { MAX_NUMBERS, NUMBER_KINDS } from '../../store/contact-store.ts';
import type { ContactNumber } from '../../store/types.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { KIND_WORDS } from './person-row.tsx';

export interface NumberFieldsProps {
  readonly numbers: readonly ContactNumber[];
  onChange(numbers: readonly ContactNumber[]): void;
}

export function NumberFields({ numbers, onChange }: NumberFieldsProps) {
  const replace = (at: number, more: Partial<ContactNumber>) =>
    onChange(numbers.map((one, index) => (index === at ? { ...one, ...more } : one)));
  return (
    <>
      {numbers.map(({ kind, value }, index) => {
        const which = numbers.length === 1 ? '' : ` ${index + 1}`;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: what is typed belongs to its place in the list
          <div key={index} className="number-field">
            <Select
              label={`Kind${which}`}
              value={kind}
              choices={NUMBER_KINDS.map((one) => [one, KIND_WORDS[one]] as const)}
              onChange={(chosen) => replace(index, { kind: chosen })}
            />
            <TextField
              label={`Number${which}`}
              hint={index === 0 ? 'Or an address' : undefined}
              value={value}
              inputMode="tel"
              onChange={({ target }) => replace(index, { value: target.value })}
            />
            {numbers.length > 1 ? (
              <IconButton
                icon={X}
                label={`Remove number${which}`}
                onClick={() => onChange(numbers.filter((_, at) => at !== index))}
              />
            ) : null}
          </div>
        );
      })}
      {numbers.length < MAX_NUMBERS ? (
        <div>
          <Button kind="quiet" icon={Plus} onClick={() => onChange([...numbers, { kind: 'mobile', value: '' }])}>
            Add number
          </Button>
        </div>
      ) : null}
    </>
  );
}
