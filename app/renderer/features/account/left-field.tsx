/** A field whose text is taken when it is left. */
import { useState } from 'react';
import { TextField, type TextFieldProps } from '../../ui/text-field.tsx';

export function LeftField({
  known,
  onTyped,
  ...rest
}: TextFieldProps & { readonly known: string; readonly onTyped: (text: string) => void }) {
  const [draft, setDraft] = useState(known);
  const text = rest.type === 'password' ? draft : draft.trim();
  return (
    <TextField
      {...rest}
      value={draft}
      onChange={({ target }) => setDraft(target.value)}
      onBlur={() => {
        if (text !== known) onTyped(text);
      }}
    />
  );
}
