/** The keys under the field; they make room for a call's own keys. */
import type { RefObject } from 'react';
import { usePhone, useStores } from '../../store/context.tsx';
import { Keypad } from '../../ui/keypad.tsx';

export function DialKeys({ field }: { field: RefObject<HTMLInputElement | null> }) {
  const { phone } = useStores();
  const open = usePhone((state) => state.keypadOf !== undefined);
  if (open) return null;
  const add = (digit: string) => {
    const { dialled, setDialled } = phone.getState();
    setDialled(dialled + digit);
    field.current?.focus();
  };
  return (
    <div className="phone-keys">
      <Keypad label="Dialling keys" onDigit={add} />
    </div>
  );
}
