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
import { Select } from '../../../ui/select.tsx';
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

const spans = () =>
  [
    ['1', t`An hour`],
    ['4', t`4 hours`],
    ['24', t`A day`],
    ['168', t`A week`],
  ] as const;
type Hours = ReturnType<typeof spans>[number][0];

/** Makes a code at once: whoever opens it wants one. Another span of time is another code, and the first goes. */
function CodeDialog({ user, onClose }: { readonly user: UserInfo; onClose(): void }) {
  const { office } = useStores();
  const submit = useSubmit();
  const [invite, setInvite] = useState<NewInvite>();
  const [hours, setHours] = useState<Hours>('24');
  const { number, domain } = user;
  const isAsked = useRef(false);
  const make = (span: Hours) =>
    submit.send(async () => {
      const made = await office.getState().invite({ number, domain, hours: Number(span) });
      if (!made.ok) return made;
      setInvite(made.value);
      return { ok: true, value: undefined };
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as it is opened
  useEffect(() => {
    if (isAsked.current) return;
    isAsked.current = true;
    void make(hours);
  }, []);
  const changeSpan = async (next: Hours) => {
    if (invite === undefined) return;
    const { id } = invite;
    const gone = t`The code ${id} is good for nothing now.`;
    if (!(await submit.send(() => office.getState().change(gone, 'invites.remove', { id })))) return;
    setInvite(undefined);
    setHours(next);
    await make(next);
  };
  return (
    <Dialog title={t`A code for ${user.name || number}`} onClose={onClose}>
      <Problem>{submit.problem}</Problem>
      {invite === undefined ? null : <JoinCode key={invite.id} invite={invite} />}
      <Select<Hours>
        label={t`Good for`}
        value={hours}
        choices={spans()}
        disabled={submit.busy || invite === undefined}
        onChange={(next) => void changeSpan(next)}
      />
      <DialogActions>
        <Button kind="primary" onClick={onClose}>
          {t`Done`}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
