/** What a call that was dropped on another one, or on a person, is to become. */
import { t } from '@lingui/core/macro';
import { PhoneForwarded, UserRoundCheck, UsersRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { usePhone, useStores } from '../../store/context.tsx';
import type { Place } from '../../store/places.ts';
import type { CallSnapshot } from '../../store/types.ts';
import { peerName } from '../../store/words.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/problem.tsx';

/** Two calls, or a call and somebody. */
export type Dropped =
  | { readonly callId: string; readonly otherId: string }
  | { readonly callId: string; readonly place: Place };

export function DropChoice({ dropped, onClose }: { readonly dropped: Dropped; onClose(): void }) {
  const call = useActive(dropped.callId);
  const other = useActive('otherId' in dropped ? dropped.otherId : undefined);
  const isOver = call === undefined || ('otherId' in dropped && other === undefined);
  useEffect(() => {
    if (isOver) onClose();
  }, [isOver, onClose]);
  if (isOver) return null;
  if ('place' in dropped) return <WithPlace call={call} place={dropped.place} onClose={onClose} />;
  return other === undefined ? null : <WithCall call={call} other={other} onClose={onClose} />;
}

const useActive = (callId: string | undefined): CallSnapshot | undefined =>
  usePhone(({ calls }) => calls.find(({ id, state }) => id === callId && state === 'active'));

interface ChoiceProps {
  readonly call: CallSnapshot;
  onClose(): void;
}

function WithCall({ call, other, onClose }: ChoiceProps & { readonly other: CallSnapshot }) {
  const { phone } = useStores();
  const [problem, setProblem] = useState<string>();
  const done = (reason: string | undefined) => (reason === undefined ? onClose() : setProblem(reason));
  return (
    <Dialog title={t`${peerName(call)} and ${peerName(other)}`} onClose={onClose}>
      <Problem>{problem}</Problem>
      <div className="drop-choices">
        <Button
          kind="primary"
          icon={UserRoundCheck}
          data-autofocus=""
          onClick={() => done(phone.getState().transfer(call.id, { callId: other.id }))}
        >
          {t`Connect them and leave`}
        </Button>
        <Button icon={UsersRound} onClick={() => done(phone.getState().join(call.id, other.id))}>
          {t`Talk together`}
        </Button>
      </div>
    </Dialog>
  );
}

function WithPlace({ call, place, onClose }: ChoiceProps & { readonly place: Place }) {
  const { phone } = useStores();
  const [problem, setProblem] = useState<string>();
  const done = (reason: string | undefined) => (reason === undefined ? onClose() : setProblem(reason));
  const askFirst = () => {
    const { call: dial } = phone.getState();
    done(dial(place.target, call.accountId) ? undefined : phone.getState().dialProblem);
  };
  return (
    <Dialog title={t`Transfer ${peerName(call)} to ${place.name}`} onClose={onClose}>
      <Problem>{problem}</Problem>
      <div className="drop-choices">
        <Button
          kind="primary"
          icon={PhoneForwarded}
          data-autofocus=""
          onClick={() => done(phone.getState().transfer(call.id, { target: place.target }))}
        >
          {t`Transfer now`}
        </Button>
        <Button onClick={askFirst}>{t`Ask first`}</Button>
      </div>
    </Dialog>
  );
}
