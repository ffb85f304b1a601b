/** The keys under the field. They dial, or, once a call's keypad is opened, send digits into that call. */
import { t } from '@lingui/core/macro';
import type { RefObject } from 'react';
import { usePhone, useStores } from '../../store/context.tsx';
import { Keypad } from '../../ui/keypad.tsx';
import { CallKeys } from './call-keys.tsx';

export function PhoneKeys({ field }: { field: RefObject<HTMLInputElement | null> }) {
  const call = usePhone((state) => state.calls.find(({ id }) => id === state.keypadOf));
  return <div className="phone-keys">{call ? <CallKeys call={call} /> : <DialKeys field={field} />}</div>;
}

function DialKeys({ field }: { field: RefObject<HTMLInputElement | null> }) {
  const { phone } = useStores();
  const add = (digit: string) => {
    const { dialled, setDialled } = phone.getState();
    setDialled(dialled + digit);
    field.current?.focus();
  };
  return <Keypad label={t`Dialling keys`} onDigit={add} />;
}
