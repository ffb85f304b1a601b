/** Asks before something that cannot be undone, and stays open with the reason where it fails. */
import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import type { Outcome } from '../store/types.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Problem } from '../ui/problem.tsx';
import { useSubmit } from './use-submit.ts';

export interface ConfirmDialogProps {
  readonly title: string;
  /** What follows, for the person to weigh. */
  readonly children: ReactNode;
  /** The word on the button that does it. */
  readonly action: string;
  onConfirm(): Promise<Outcome>;
  onClose(): void;
}

export function ConfirmDialog({ title, children, action, onConfirm, onClose }: ConfirmDialogProps) {
  const submit = useSubmit();
  const confirm = async () => {
    if (await submit.send(onConfirm)) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p className="note">{children}</p>
      <Problem>{submit.problem}</Problem>
      <DialogActions>
        <Button onClick={onClose} data-autofocus="">
          {t`Cancel`}
        </Button>
        <Button kind="danger" disabled={submit.busy} onClick={() => void confirm()}>
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
