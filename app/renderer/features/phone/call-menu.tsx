/** What may be done with a call and others together, as by dragging, for the keyboard; and moving it to other devices. */
import { t } from '@lingui/core/macro';
import { MonitorSmartphone, MonitorUp, UserRoundCheck, UsersRound } from 'lucide-react';
import { Fragment } from 'react';
import { usePhone, useStores } from '../../store/context.tsx';
import type { CallSnapshot } from '../../store/types.ts';
import { useDevices } from '../../store/use-devices.ts';
import { peerName } from '../../store/words.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';

export function CallMenu({ call }: { readonly call: CallSnapshot }) {
  const { phone } = useStores();
  const calls = usePhone((state) => state.calls);
  const { canMove, devices } = useDevices(call.accountId);
  if (call.state !== 'active') return null;
  const others = calls.filter((other) => other.id !== call.id && other.state === 'active');
  const { transfer, join, moveAway, tellProblem } = phone.getState();
  // With a single other device there is nothing to choose.
  const toAll = canMove && devices?.length !== 0 && devices?.length !== 1;
  const named = canMove ? (devices ?? []) : [];
  if (others.length === 0 && !toAll && named.length === 0) return null;
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
      {named.map(({ id, name }) => (
        <MenuItem key={id} icon={MonitorUp} onSelect={() => tellProblem(moveAway(call.id, id))}>
          {t`Move to ${name}`}
        </MenuItem>
      ))}
      {toAll ? (
        <MenuItem icon={MonitorSmartphone} onSelect={() => tellProblem(moveAway(call.id))}>
          {t`Move to my other devices`}
        </MenuItem>
      ) : null}
    </Menu>
  );
}
