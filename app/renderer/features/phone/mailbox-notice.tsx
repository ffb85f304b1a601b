/** Tells of waiting voice messages, and calls what they are heard by. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Voicemail } from 'lucide-react';
import { usePhone, useProfile, useStores } from '../../store/context.tsx';
import { callSettingsOf, profileOf } from '../../store/profile-store.ts';
import type { MailboxSnapshot } from '../../store/types.ts';
import { accountLabel, mailboxWords } from '../../store/words.ts';
import { Button } from '../../ui/button.tsx';

export function MailboxNotice() {
  const mailboxes = usePhone((state) => state.mailboxes);
  return mailboxes
    .filter(({ isWaiting }) => isWaiting)
    .map((mailbox) => <Waiting key={mailbox.accountId} mailbox={mailbox} />);
}

function Waiting({ mailbox }: { readonly mailbox: MailboxSnapshot }) {
  const { phone, view } = useStores();
  const { accountId } = mailbox;
  const accounts = usePhone((state) => state.accounts);
  const known = useProfile((state) => profileOf(state)?.accounts.find(({ id }) => id === accountId));
  const account = accounts.find(({ id }) => id === accountId);
  const voicemail = known ? callSettingsOf(known).voicemail : '';
  const listen = () => {
    if (phone.getState().call(voicemail, accountId)) view.getState().show('phone');
  };
  return (
    <section className="mailbox" aria-label={t`Voice messages`}>
      <Voicemail aria-hidden="true" />
      <p className="mailbox-words">
        {mailboxWords(mailbox)}
        {account && accounts.length > 1 ? (
          <>
            {' '}
            <Trans>
              for <bdi>{accountLabel(account, accounts)}</bdi>
            </Trans>
          </>
        ) : null}
      </p>
      {voicemail === '' ? null : <Button onClick={listen}>{t`Listen`}</Button>}
    </section>
  );
}
