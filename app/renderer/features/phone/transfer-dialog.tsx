/** Hands the other side of a call on: to a number at once, after a word with the new partner, or to another live call. */
import { t } from '@lingui/core/macro';
import { PhoneForwarded, UserRoundCheck } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { usePhone, useStores } from '../../store/context.tsx';
import type { CallSnapshot } from '../../store/types.ts';
import { peerName } from '../../store/words.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useDial } from './use-dial.ts';

export function TransferDialog({ call, onClose }: { call: CallSnapshot; onClose(): void }) {
  const { phone } = useStores();
  const calls = usePhone((state) => state.calls);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const { choice } = useDial(text, call.accountId).offer;
  const others = calls.filter((other) => other.id !== call.id && other.state === 'active');

  const done = (reason: string | undefined) => (reason === undefined ? onClose() : setProblem(reason));
  const target = (): string | undefined => {
    if (choice.kind === 'ready') return choice.option.number;
    setProblem(choice.kind === 'empty' ? t`Type a number or a name.` : choice.reason);
    return undefined;
  };
  const handOn = (event: FormEvent) => {
    event.preventDefault();
    const to = target();
    if (to !== undefined) done(phone.getState().transfer(call.id, { target: to }));
  };
  const askFirst = () => {
    const to = target();
    if (to !== undefined) done(phone.getState().call(to, call.accountId) ? undefined : phone.getState().dialProblem);
  };

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
      <form className="form" onSubmit={handOn} noValidate>
        <TextField
          label={others.length > 0 ? t`Or to` : t`To`}
          placeholder={t`Name or number`}
          dir="auto"
          data-autofocus=""
          value={text}
          error={problem}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(undefined);
          }}
        />
        <p className="note">
          {t`Ask first: the call is held while you talk to the new partner; then press Transfer again and connect the two.`}
        </p>
        <DialogActions>
          <Button onClick={askFirst}>{t`Ask first`}</Button>
          <Button kind="primary" type="submit" icon={PhoneForwarded}>
            {t`Transfer now`}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
