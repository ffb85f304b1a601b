/** The phones of a user that are registered now; each can be signed out, or all. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { CircleHelp, LogOut } from 'lucide-react';
import { useStores } from '../../../store/context.tsx';
import type { UserInfo } from '../../../store/office-types.ts';
import { untilWords } from '../../../store/office-words.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { ConfirmDialog } from '../../confirm-dialog.tsx';
import { useTask } from '../task.tsx';
import { WhyDialog } from '../why-dialog.tsx';
import { bindingList } from './lists.ts';
import { SignOutButton } from './sign-out-button.tsx';

export function PhonesSection({ user }: { readonly user: UserInfo }) {
  const { office } = useStores();
  const openTask = useTask();
  const now = useNow(true);
  const { number, domain } = user;
  const aor = `${number}@${domain}`;
  const list = useOfficeList(bindingList, { text: aor });
  const bindings = list.items.filter((one) => one.aor === aor);
  const signOutAll = () =>
    openTask((close) => (
      <ConfirmDialog
        title={t`Sign all phones of ${user.name || number} out?`}
        action={t`Sign out`}
        onConfirm={() => office.getState().change(t`All phones are signed out.`, 'location.remove', { number, domain })}
        onClose={close}
      >
        {t`They come back by themselves when they register next; another password keeps them out.`}
      </ConfirmDialog>
    ));

  return (
    <section className="card section" aria-label={t`Phones registered now`}>
      <div className="section-head">
        <h2>
          <Trans>
            Phones registered now <span className="count">{bindings.length}</span>
          </Trans>
        </h2>
        <div className="user-card-actions">
          <Button icon={CircleHelp} onClick={() => openTask((close) => <WhyDialog about={aor} onClose={close} />)}>
            {t`What is wrong?`}
          </Button>
          {bindings.length > 1 ? (
            <Button icon={LogOut} onClick={signOutAll}>
              {t`Sign all out…`}
            </Button>
          ) : null}
        </div>
      </div>
      <Problem>{list.state === 'failed' ? list.reason : undefined}</Problem>
      {list.state === 'ready' && bindings.length === 0 ? (
        <p className="note">{t`None: nobody can reach this user now.`}</p>
      ) : null}
      <ul className="plain-rows">
        {bindings.map((binding) => {
          const { contact, received, userAgent, device, expiresAt, regId } = binding;
          return (
            <li key={`${contact} ${regId}`} className="plain-row">
              <div>
                <p>{device || userAgent || t`Unknown program`}</p>
                <p className="note">{[device ? userAgent : '', received || contact].filter(Boolean).join(' · ')}</p>
                <p className="note">{untilWords(expiresAt, now)}</p>
              </div>
              <SignOutButton binding={binding} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
