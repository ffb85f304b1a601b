/** Calls that this person has on other devices, to go on with here. */
import { t } from '@lingui/core/macro';
import { MonitorSmartphone } from 'lucide-react';
import { usePhone, useStores } from '../../store/context.tsx';
import type { ElsewhereCall } from '../../store/types.ts';
import { useNamed } from '../../store/use-who.ts';
import { peerName } from '../../store/words.ts';
import { Button } from '../../ui/button.tsx';

export function ElsewhereCalls() {
  const calls = usePhone((state) => state.elsewhere);
  return calls.map((call) => <Elsewhere key={`${call.accountId} ${call.id}`} call={call} />);
}

function Elsewhere({ call }: { readonly call: ElsewhereCall }) {
  const { phone } = useStores();
  const name = peerName(useNamed(call));
  return (
    <article className="ended-card elsewhere" aria-label={name}>
      <MonitorSmartphone aria-hidden="true" className="ended-icon" />
      <div className="ended-words">
        <p className="ended-who">
          <span className="ended-name" dir="auto" title={name}>
            {name}
          </span>
        </p>
        <p className="ended-why">{t`On another device of yours`}</p>
      </div>
      <Button onClick={() => phone.getState().takeHere(call)}>{t`Take it here`}</Button>
    </article>
  );
}
