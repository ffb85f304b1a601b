/** A dialog that asks a few things and sends them; it stays open with the reason where they are refused. */
import { t } from '@lingui/core/macro';
import type { FormEvent, ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogActions } from '../ui/dialog.tsx';
import { Problem } from '../ui/problem.tsx';
import type { Submit } from './use-submit.ts';

export interface FormDialogProps {
  readonly title: string;
  /** The fields. */
  readonly children: ReactNode;
  /** The word on the button that sends them. */
  readonly action: string;
  readonly submit: Submit;
  onSubmit(): Promise<void>;
  onClose(): void;
}

export function FormDialog({ title, children, action, submit, onSubmit, onClose }: FormDialogProps) {
  const send = (event: FormEvent) => {
    event.preventDefault();
    void onSubmit();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={send} noValidate>
        <Problem>{submit.problem}</Problem>
        {children}
        <DialogActions>
          <Button onClick={onClose}>{t`Cancel`}</Button>
          <Button kind="primary" type="submit" disabled={submit.busy}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
