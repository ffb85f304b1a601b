/** The numbers of a contact, each with its kind; there is always one more to add. */
import { t } from '@lingui/core/macro';
import { Plus, X } from 'lucide-react';
import { MAX_NUMBERS, NUMBER_KINDS } from '../../store/contact-store.ts';
import type { ContactNumber } from '../../store/types.ts';
import { kindWords } from '../../store/words.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';

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
        const one = numbers.length === 1;
        const place = index + 1;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: what is typed belongs to its place in the list
          <div key={index} className="number-field">
            <Select
              label={one ? t`Kind` : t`Kind ${place}`}
              value={kind}
              choices={NUMBER_KINDS.map((name) => [name, kindWords(name)] as const)}
              onChange={(chosen) => replace(index, { kind: chosen })}
            />
            <TextField
              label={one ? t`Number` : t`Number ${place}`}
              hint={index === 0 ? t`Or an address` : undefined}
              value={value}
              inputMode="tel"
              onChange={({ target }) => replace(index, { value: target.value })}
            />
            {numbers.length > 1 ? (
              <IconButton
                icon={X}
                label={t`Remove number ${place}`}
                onClick={() => onChange(numbers.filter((_, at) => at !== index))}
              />
            ) : null}
          </div>
        );
      })}
      {numbers.length < MAX_NUMBERS ? (
        <div>
          <Button kind="quiet" icon={Plus} onClick={() => onChange([...numbers, { kind: 'mobile', value: '' }])}>
            {t`Add number`}
          </Button>
        </div>
      ) : null}
    </>
  );
}
