/** What may be done with a call and others together: as by dragging, for the keyboard. */
import { t } from '@lingui/core/macro';
import { UserRoundCheck, UsersRound } from 'lucide-react';
import { Fragment } from 'react';
import { usePhone, useStores } from '../../store/context.tsx';
import type { CallSnapshot } from '../../store/types.ts';
import { peerName } from '../../store/words.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';

export function CallMenu({ call }: { readonly call: CallSnapshot }) {
  const { phone } = useStores();
  const calls = usePhone((state) => state.calls);
  if (call.state !== 'active') return null;
  const others = calls.filter((other) => other.id !== call.id && other.state === 'active');
  if (others.length === 0) return null;
  const { transfer, join, tellProblem } = phone.getState();
  return (
    <Menu label={t`More for the call with ${peerName(call)}`}>
      {others.map((other) => (
        <Fragment key={other.id}>
          <MenuItem icon={UserRoundCheck} onSelect={() => tellProblem(transfer(call.id, { callId: other.id }))}>
            {t`Connect with ${peerName(other)} and leave`}
          </MenuItem>
          {call.inConference && other.inConference ? null : (
            <MenuItem icon={UsersRound} onSelect={() => tellProblem(join(call.id, other.id))}>
              {t`Talk together with ${peerName(other)}`}
            </MenuItem>
          )}
        </Fragment>
      ))}
    </Menu>
  );
}
