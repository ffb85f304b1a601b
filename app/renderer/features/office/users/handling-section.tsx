/** Where a user wants calls to go: do not disturb, and forwards. */
import { t } from '@lingui/core/macro';
import { Pencil } from 'lucide-react';
import { useStores } from '../../../store/context.tsx';
import type { HandlingInfo, UserInfo } from '../../../store/office-types.ts';
import { FORWARD_CASES, type ForwardCase, forwardCaseWords } from '../../../store/office-words.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { IconButton } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { useSubmit } from '../../use-submit.ts';
import { useTask } from '../task.tsx';
import { ForwardDialog } from './forward-dialog.tsx';
import { handlingList } from './lists.ts';

/** What holds of somebody who has never said anything is not listed. */
const UNSAID = { doNotDisturb: false, mayForwardOutside: false, noAnswerSeconds: 20, forwards: {} };

export function HandlingSection({ user }: { readonly user: UserInfo }) {
  const { office } = useStores();
  const openTask = useTask();
  const submit = useSubmit();
  const { number, domain } = user;
  const name = user.name || number;
  const list = useOfficeList(handlingList, { text: `${number}@${domain}` });
  const said = list.items.find((one) => one.number === number && one.domain === domain);
  const handling: HandlingInfo = said ?? { number, domain, ...UNSAID };

  const setDnd = (on: boolean) =>
    submit.send(() => {
      const words = on ? t`${name} is not disturbed.` : t`${name} takes calls again.`;
      return office.getState().change(words, 'dnd.set', { number, domain, on });
    });
  const setOutside = (allowed: boolean) =>
    submit.send(() => {
      const words = allowed ? t`${name} may forward calls outside.` : t`${name} may forward calls inside only.`;
      return office.getState().change(words, 'forwards.outside', { number, domain, allowed });
    });
  const change = (when: ForwardCase) =>
    openTask((close) => <ForwardDialog {...{ user, when, handling }} onClose={close} />);

  return (
    <section className="card section" aria-label={t`Calls to this user`}>
      <h2>{t`Calls to this user`}</h2>
      <Problem>{list.state === 'failed' ? list.reason : submit.problem}</Problem>
      <Switch
        label={t`Do not disturb`}
        hint={t`No phone of this user rings.`}
        checked={handling.doNotDisturb}
        onChange={(on) => void setDnd(on)}
      />
      <ul className="plain-rows" aria-label={t`Forwards`}>
        {FORWARD_CASES.map((when) => (
          <li key={when} className="plain-row">
            <div>
              <p>{forwardCaseWords(when, handling.noAnswerSeconds)}</p>
              <p className="note" dir="auto">
                {handling.forwards[when] ?? t`Not forwarded`}
              </p>
            </div>
            <IconButton
              icon={Pencil}
              label={t`Forward: ${forwardCaseWords(when, handling.noAnswerSeconds)}`}
              onClick={() => change(when)}
            />
          </li>
        ))}
      </ul>
      <Switch
        label={t`May forward outside`}
        hint={t`Calls may be sent on to addresses that are not of this office.`}
        checked={handling.mayForwardOutside}
        onChange={(on) => void setOutside(on)}
      />
    </section>
  );
}
