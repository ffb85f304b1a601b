/** The buttons of a call that rings, over the stores of this window. */
import { useMemo } from 'react';
import { useProfile, useStores } from '../../store/context.tsx';
import { profileOf } from '../../store/profile-store.ts';
import { repliesOf } from '../../store/replies.ts';
import type { CallSnapshot } from '../../store/types.ts';
import { IncomingActions, type IncomingCommands } from './incoming-actions.tsx';
import { usePlaces } from './use-places.ts';

export function RingingActions({ call: { id, accountId, peer } }: { readonly call: CallSnapshot }) {
  const { phone } = useStores();
  const profile = useProfile(profileOf);
  const find = usePlaces(accountId);
  const commands = useMemo((): IncomingCommands => {
    const { answer, decline, declineWith, sendElsewhere } = phone.getState();
    return {
      answer: () => answer(id),
      decline: () => decline(id),
      declineWith: (text) => declineWith(id, text),
      sendElsewhere: (target) => sendElsewhere(id, target),
    };
  }, [phone, id]);
  // Who hides cannot be written to.
  const replies = peer.uri === '' && peer.number === '' ? [] : repliesOf(profile);
  return <IncomingActions commands={commands} replies={replies} find={find} />;
}
