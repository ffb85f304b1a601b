/** Hands the other side of a call on: to a number at once, after a word with the new partner, or to another live call. */
import { t } from '@lingui/core/macro';
import { PhoneForwarded, UserRoundCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import { usePhone, useStores } from '../../store/context.tsx';
import { resolvePlace } from '../../store/places.ts';
import type { CallSnapshot } from '../../store/types.ts';
import { peerName } from '../../store/words.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { PlaceField } from './place-field.tsx';
import { usePlaces } from './use-places.ts';

export function TransferDialog({ call, onClose }: { call: CallSnapshot; onClose(): void }) {
  const { phone } = useStores();
  const find = usePlaces(call.accountId);
  const calls = usePhone((state) => state.calls);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const places = useMemo(() => find(text), [find, text]);
  const others = calls.filter((other) => other.id !== call.id && other.state === 'active');

  const done = (reason: string | undefined) => (reason === undefined ? onClose() : setProblem(reason));
  const transfer = (to: string) => done(phone.getState().transfer(call.id, { target: to }));
  const withTyped = (work: (to: string) => void) => {
    const to = resolvePlace(text, places);
    if (to.ok) work(to.target);
    else setProblem(to.reason);
  };
  const askFirst = (to: string) =>
    done(phone.getState().call(to, call.accountId) ? undefined : phone.getState().dialProblem);

  return (
    <Dialog title={t`Transfer ${peerName(call)}`} onClose={onClose}>
      {others.length > 0 ? (
        <div className="transfer-others">
          {others.map((other) => (
            <Button
              key={other.id}
              icon={UserRoundCheck}
              onClick={() => done(phone.getState().transfer(call.id, { callId: other.id }))}
            >
              {t`Connect with ${peerName(other)}`}
            </Button>
          ))}
        </div>
      ) : null}
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          withTyped(transfer);
        }}
        noValidate
      >
        <PlaceField
          label={others.length > 0 ? t`Or to` : t`To`}
          text={text}
          places={places}
          problem={problem}
          onText={(typed) => {
            setText(typed);
            setProblem(undefined);
          }}
          onTake={(place) => setText(place.target)}
        />
        <p className="note">
          {t`Ask first: the call is held while you talk to the new partner; then press Transfer again and connect the two.`}
        </p>
        <DialogActions>
          <Button onClick={() => withTyped(askFirst)}>{t`Ask first`}</Button>
          <Button kind="primary" type="submit" icon={PhoneForwarded}>
            {t`Transfer now`}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
