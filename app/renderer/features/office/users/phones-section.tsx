/** The phones of a user that are registered now; each can be signed out. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { LogOut } from 'lucide-react';
import { useStores } from '../../../store/context.tsx';
import type { UserInfo } from '../../../store/office-types.ts';
import { untilWords } from '../../../store/office-words.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { IconButton } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { ConfirmDialog } from '../../confirm-dialog.tsx';
import { useTask } from '../task.tsx';
import { bindingList } from './lists.ts';

export function PhonesSection({ user }: { readonly user: UserInfo }) {
  const { office } = useStores();
  const openTask = useTask();
  const now = useNow(true);
  const { number, domain } = user;
  const aor = `${number}@${domain}`;
  const list = useOfficeList(bindingList, { text: aor });
  const bindings = list.items.filter((one) => one.aor === aor);
  const signOut = (contact: string) =>
    office.getState().change(t`The phone is signed out.`, 'location.remove', { number, domain, contact });

  return (
    <section className="card section" aria-label={t`Phones registered now`}>
      <h2>
        <Trans>
          Phones registered now <span className="count">{bindings.length}</span>
        </Trans>
      </h2>
      <Problem>{list.state === 'failed' ? list.reason : undefined}</Problem>
      {list.state === 'ready' && bindings.length === 0 ? (
        <p className="note">{t`None: nobody can reach this user now.`}</p>
      ) : null}
      <ul className="plain-rows">
        {bindings.map(({ contact, received, userAgent, device, expiresAt, regId }) => (
          <li key={`${contact} ${regId}`} className="plain-row">
            <div>
              <p>{device || userAgent || t`Unknown program`}</p>
              <p className="note">{[device ? userAgent : '', received || contact].filter(Boolean).join(' · ')}</p>
              <p className="note">{untilWords(expiresAt, now)}</p>
            </div>
            <IconButton
              icon={LogOut}
              label={t`Sign out ${device || userAgent || contact}`}
              onClick={() =>
                openTask((close) => (
                  <ConfirmDialog
                    title={t`Sign this phone out?`}
                    action={t`Sign out`}
                    onConfirm={() => signOut(contact)}
                    onClose={close}
                  >
                    {t`It comes back by itself when it registers next; another password keeps it out.`}
                  </ConfirmDialog>
                ))
              }
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
