/** A call that runs: who with whom, how far it is, and how long. */
import { t } from '@lingui/core/macro';
import { Network, PhoneCall, PhoneForwarded } from 'lucide-react';
import { said } from '../../../../words/said.ts';
import { useStores } from '../../../store/context.tsx';
import type { CallInfo } from '../../../store/office-types.ts';
import { callNowWords, partyName, partyWords } from '../../../store/office-words.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { CallTime } from '../../../ui/call-time.tsx';
import { useSubmit } from '../../use-submit.ts';

export function CallRow({ call }: { readonly call: CallInfo }) {
  const { office } = useStores();
  const submit = useSubmit();
  const { id, callId, caller, callee, state, startedAt, answeredAt } = call;
  const isAnswered = state === 'answered';
  const Icon = isAnswered ? PhoneCall : PhoneForwarded;
  const end = () =>
    submit.send(() => office.getState().change(t`The call to ${partyName(callee)} was ended.`, 'calls.end', { id }));
  return (
    <div className="user-row">
      <Icon aria-hidden="true" className="row-icon" />
      <div className="user-words">
        <p className="user-name" dir="auto" title={partyWords(caller, callee)}>
          {partyWords(caller, callee)}
        </p>
      </div>
      <p className="user-devices" data-some={isAnswered ? '' : undefined}>
        <span className="dot" aria-hidden="true" />
        <span className="user-devices-text">
          {submit.problem ? said(submit.problem) : callNowWords(state)}{' '}
          <CallTime since={isAnswered ? answeredAt : startedAt} hidden />
        </span>
      </p>
      <div className="row-actions">
        <IconButton
          icon={Network}
          label={t`Messages of the call ${partyWords(caller, callee)}`}
          onClick={() => office.getState().open({ page: 'calls', callId })}
        />
        {isAnswered ? null : (
          <Button disabled={submit.busy} aria-label={t`End ${partyWords(caller, callee)}`} onClick={() => void end()}>
            {t`End`}
          </Button>
        )}
      </div>
    </div>
  );
}
