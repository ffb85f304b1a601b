/** The keypad of a call, in whichever window it is open: what was sent, and the keys. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useCallback } from 'react';
import { useStores } from '../../store/context.tsx';
import type { CallSnapshot } from '../../store/types.ts';
import { peerName } from '../../store/words.ts';
import { Keypad } from '../../ui/keypad.tsx';

export function CallKeys({ call }: { call: CallSnapshot }) {
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
