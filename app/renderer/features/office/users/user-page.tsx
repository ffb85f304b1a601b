/** One user with all that is theirs: phones, passwords of devices, further numbers, and where their calls go. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { ArrowLeft, KeyRound, Pencil, Trash2 } from 'lucide-react';
import { useStores } from '../../../store/context.tsx';
import type { UserKey } from '../../../store/office-pages.ts';
import type { UserInfo } from '../../../store/office-types.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { useSubmit } from '../../use-submit.ts';
import { RuleSection } from '../rule-section.tsx';
import { useTask } from '../task.tsx';
import { AliasSection } from './alias-section.tsx';
import { CodeSection } from './code-section.tsx';
import { DeviceSection } from './device-section.tsx';
import { HandlingSection } from './handling-section.tsx';
import { KeptSection } from './kept-section.tsx';
import { userList } from './lists.ts';
import { PhonesSection } from './phones-section.tsx';
import { RemoveUserDialog } from './remove-user-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { SetPasswordDialog } from './set-password-dialog.tsx';

export function UserPage({ who }: { readonly who: UserKey }) {
  const { office } = useStores();
  const list = useOfficeList(userList, { text: who.number, domain: who.domain });
  const user = list.items.find(({ number }) => number === who.number);
  return (
    <>
      <header className="user-page-head">
        <IconButton icon={ArrowLeft} label={t`All users`} onClick={() => office.getState().open({ page: 'users' })} />
        <h1 dir="auto" title={user?.name || who.number}>
          {user?.name || who.number}
        </h1>
      </header>
      {list.state === 'failed' ? <Problem>{list.reason}</Problem> : null}
      {list.state === 'ready' && user === undefined ? (
        <p className="note">
          <Trans>
            There is no user {who.number}@{who.domain}.
          </Trans>
        </p>
      ) : null}
      {user === undefined ? null : <User user={user} />}
    </>
  );
}

function User({ user }: { readonly user: UserInfo }) {
  const { office } = useStores();
  const openTask = useTask();
  const submit = useSubmit();
  const { number, domain, isAdmin } = user;
  const name = user.name || number;
  const setAdmin = (on: boolean) =>
    submit.send(() => {
      const words = on ? t`${name} may administer the office.` : t`${name} may no longer administer the office.`;
      return office.getState().change(words, 'users.setAdmin', { number, domain, isAdmin: on });
    });
  return (
    <>
      <section className="card user-card" aria-label={t`User`}>
        <div className="user-card-head">
          <Avatar name={user.name} size="large" />
          <div>
            <p className="user-name">{number}</p>
            <p className="note">
              {number}@{domain}
            </p>
          </div>
        </div>
        <div className="user-card-actions">
          <Button icon={Pencil} onClick={() => openTask((close) => <RenameDialog user={user} onClose={close} />)}>
            {t`Change name…`}
          </Button>
          <Button
            icon={KeyRound}
            onClick={() => openTask((close) => <SetPasswordDialog user={user} onClose={close} />)}
          >
            {t`Set password…`}
          </Button>
          <Button icon={Trash2} onClick={() => openTask((close) => <RemoveUserDialog user={user} onClose={close} />)}>
            {t`Remove…`}
          </Button>
        </div>
        <Problem>{submit.problem}</Problem>
        <Switch
          label={t`May administer the office`}
          hint={t`By codes and lists that other programs offer to administrators.`}
          checked={isAdmin}
          onChange={(on) => void setAdmin(on)}
        />
      </section>
      <HandlingSection user={user} />
      <PhonesSection user={user} />
      <AliasSection user={user} />
      <CodeSection user={user} />
      <DeviceSection user={user} />
      <RuleSection owner={{ number, domain, name, mode: user.mode }} />
      <KeptSection user={user} />
    </>
  );
}
