/** Why a call failed, a user cannot be reached or an address was refused: the exchange's own sentences. */
import { t } from '@lingui/core/macro';
import { Network } from 'lucide-react';
import { said } from '../../../words/said.ts';
import type { OfficeParams } from '../../store/office-types.ts';
import { useOfficeAnswer } from '../../store/use-office.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';

export interface WhyReasonsProps {
  /** What is asked about, the same at every rendering. */
  readonly params: OfficeParams<'why'>;
  /** Leads to the messages of a call, where they are to be had from here. */
  onOpen?(callId: string): void;
}

export function WhyReasons({ params, onOpen }: WhyReasonsProps) {
  const why = useOfficeAnswer('why', params);
  if (why.state === 'loading') return <p className="note">{t`Looking…`}</p>;
  if (why.state === 'failed') return <p className="note">{said(why.reason)}</p>;
  return (
    <ul className="reasons">
      {why.value.reasons.map(({ key, at, callId, text, todo }) => (
        <li key={`${key} ${at} ${callId}`}>
          <p className="reason">{said(text)}</p>
          <p className="note">{said(todo)}</p>
          {onOpen === undefined || callId === '' ? null : (
            <Button icon={Network} onClick={() => onOpen(callId)}>
              {t`Messages`}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

export function WhyDialog({ about, onClose }: { readonly about: string; onClose(): void }) {
  return (
    <Dialog title={t`Why: ${about}`} onClose={onClose}>
      <WhyReasons params={{ about }} />
      <DialogActions>
        <Button data-autofocus="" onClick={onClose}>
          {t`Close`}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
