/** What a message says that waits for somebody. */
import { t } from '@lingui/core/macro';
import { said } from '../../../../words/said.ts';
import type { KeptMessage } from '../../../store/office-types.ts';
import { useOfficeAnswer } from '../../../store/use-office.ts';
import { Dialog } from '../../../ui/dialog.tsx';

export function KeptMessageDialog({ message, onClose }: { readonly message: KeptMessage; onClose(): void }) {
  const whole = useOfficeAnswer('messages.show', { id: message.id, body: true });
  return (
    <Dialog title={t`From ${message.sender}`} onClose={onClose}>
      {whole.state === 'loading' ? <p className="note">{t`Loading`}</p> : null}
      {whole.state === 'failed' ? <p className="note">{said(whole.reason)}</p> : null}
      {whole.state === 'ready' ? (
        <p dir="auto" className="kept-text">
          {whole.value.body}
        </p>
      ) : null}
    </Dialog>
  );
}
