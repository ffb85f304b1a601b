/** Changes how this computer signs in: another password after it was changed in the office, or another server. */
import type { Account } from '../../store/types.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SignInForm } from './sign-in-form.tsx';

export function AccountDialog({ account, onClose }: { account: Account; onClose(): void }) {
  return (
    <Dialog title="Change account" onClose={onClose}>
      <SignInForm account={account} onDone={onClose} actions={<Button onClick={onClose}>Cancel</Button>} />
    </Dialog>
  );
}
