/** Somebody who has an account already opened the link of a code: one more account, if the person wants it. */
import { useJoining, useStores } from '../../store/context.tsx';
import { AccountDialog } from '../account/account-dialog.tsx';

export function JoinOffer() {
  const { joining } = useStores();
  const isOffered = useJoining((state) => state.offered !== undefined);
  return isOffered ? <AccountDialog onClose={() => joining.getState().dismissOffer()} /> : null;
}
