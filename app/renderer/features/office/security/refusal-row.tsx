/** Somebody who was refused: from where, as whom, why and how often; and what may be done about it. */
import { plural, t } from '@lingui/core/macro';
import { Ban, CircleSlash, ShieldCheck } from 'lucide-react';
import { memo } from 'react';
import { said } from '../../../../words/said.ts';
import type { RefusalInfo } from '../../../store/office-types.ts';
import { dayAndTime } from '../../../store/words.ts';
import { Menu, MenuItem } from '../../../ui/menu.tsx';
import { NameAndNumber } from '../../../ui/name-and-number.tsx';
import { RowButton } from '../../../ui/row-button.tsx';
import { useLanguage } from '../../../ui/use-language.ts';
import { useTask } from '../task.tsx';
import { WhyDialog } from '../why-dialog.tsx';
import { AddBanDialog } from './add-ban-dialog.tsx';
import { TrustDialog } from './trust-dialog.tsx';

export const RefusalRow = memo(function RefusalRow({
  refusal,
  now,
}: {
  readonly refusal: RefusalInfo;
  readonly now: number;
}) {
  useLanguage();
  const openTask = useTask();
  const { address, as, why, last, count, isBanned, isTrusted } = refusal;
  const host = address.replace(/\/64$/, '');
  const who = as === '' ? address : t`${address} as ${as}`;
  const when = dayAndTime(last, now);
  const often = plural(count, { one: '# time', other: '# times' });
  const state = [
    ...(isBanned ? [t`kept out now`] : []),
    ...(isTrusted ? [t`trusted`] : []),
    count === 1 ? when : t`${often}, last ${when}`,
  ].join(' · ');
  return (
    <div className="user-row row-pressed refusal-row">
      <CircleSlash aria-hidden="true" className="row-icon" />
      <RowButton
        label={t`Why was ${who} refused`}
        title={who}
        onClick={() => openTask((close) => <WhyDialog about={host} onClose={close} />)}
      />
      <NameAndNumber name={address} number={as} />
      <div className="refusal-words">
        <p>{said(why)}</p>
        <p className="note">{state}</p>
      </div>
      <Menu label={t`More for ${who}`}>
        {isBanned ? null : (
          <MenuItem
            icon={Ban}
            danger
            onSelect={() => openTask((close) => <AddBanDialog address={host} onClose={close} />)}
          >
            {t`Keep it out…`}
          </MenuItem>
        )}
        {isTrusted ? null : (
          <MenuItem
            icon={ShieldCheck}
            onSelect={() => openTask((close) => <TrustDialog network={address} onClose={close} />)}
          >
            {t`Trust its network…`}
          </MenuItem>
        )}
      </Menu>
    </div>
  );
});
