/** The keys under the field. They dial, or, once a call's keypad is opened, send digits into that call. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type RefObject, useCallback } from 'react';
import { usePhone, useStores } from '../../store/context.tsx';
import type { CallSnapshot } from '../../store/types.ts';
import { peerName } from '../../store/words.ts';
import { Keypad } from '../../ui/keypad.tsx';

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

function CallKeys({ call }: { call: CallSnapshot }) {
  const { phone } = useStores();
  const send = useCallback((digit: string) => phone.getState().sendDigit(call.id, digit), [phone, call.id]);
  return (
    <section className="call-keys" aria-label={t`Keypad of the call`}>
      <p className="call-digits">
        {call.digits || (
          <span className="call-digits-none">
            <Trans>
              Digits go to <bdi>{peerName(call)}</bdi>
            </Trans>
          </span>
        )}
      </p>
      <Keypad label={t`Digits to send`} typed onDigit={send} />
    </section>
  );
}
