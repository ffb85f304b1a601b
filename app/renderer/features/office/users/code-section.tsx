/** Codes of a user that are open, and making one: the way for one more Tandem of somebody who is there already. */
import { t } from '@lingui/core/macro';
import { Plus, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import type { NewInvite, UserInfo } from '../../../store/office-types.ts';
import { untilWords } from '../../../store/office-words.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Dialog, DialogActions } from '../../../ui/dialog.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useSubmit } from '../../use-submit.ts';
import { useTask } from '../task.tsx';
import { JoinCode } from './join-code.tsx';
import { inviteList } from './lists.ts';

export function CodeSection({ user }: { readonly user: UserInfo }) {
  const { office } = useStores();
  const openTask = useTask();
  const now = useNow(true);
  const submit = useSubmit();
  const { number, domain } = user;
  const list = useOfficeList(inviteList, { number, domain });
  const takeBack = (id: string) =>
    submit.send(() => office.getState().change(t`The code ${id} is good for nothing now.`, 'invites.remove', { id }));

  return (
    <section className="card section" aria-label={t`Codes to join`}>
      <div className="section-head">
        <h2>{t`Codes to join`}</h2>
        <Button icon={Plus} onClick={() => openTask((close) => <CodeDialog user={user} onClose={close} />)}>
          {t`New code…`}
        </Button>
      </div>
      <Problem>{list.state === 'failed' ? list.reason : submit.problem}</Problem>
      {list.state === 'ready' && list.items.length === 0 ? (
        <p className="note">{t`None is open. With a code another Tandem joins as this user.`}</p>
      ) : null}
      <ul className="plain-rows">
        {list.items.map(({ id, expiresAt, attemptsLeft }) => (
          <li key={id} className="plain-row">
            <div>
              <p>{t`Begins with ${id}`}</p>
              <p className="note">
                {attemptsLeft > 0 ? untilWords(expiresAt, now) : t`Locked: it was typed wrong too often`}
              </p>
            </div>
            <IconButton icon={Trash2} label={t`Take the code ${id} back`} onClick={() => void takeBack(id)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Makes a code at once: whoever opens it wants one. */
function CodeDialog({ user, onClose }: { readonly user: UserInfo; onClose(): void }) {
  const { office } = useStores();
  const [invite, setInvite] = useState<NewInvite>();
  const [problem, setProblem] = useState<string>();
  const { number, domain } = user;
  const isAsked = useRef(false);
  useEffect(() => {
    if (isAsked.current) return;
    isAsked.current = true;
    void office
      .getState()
      .invite({ number, domain })
      .then((made) => (made.ok ? setInvite(made.value) : setProblem(made.reason)));
  }, [office, number, domain]);
  return (
    <Dialog title={t`A code for ${user.name || number}`} onClose={onClose}>
      <Problem>{problem}</Problem>
      {invite === undefined ? null : <JoinCode invite={invite} />}
      <DialogActions>
        <Button kind="primary" onClick={onClose}>
          {t`Done`}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
