/** What Call will do: whom it calls, by which account, and what is dialled for that. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { said } from '../../../words/said.ts';
import { usePhone, useStores } from '../../store/context.tsx';
import { type DialChoice, type DialKnown, type DialOption, toldOf } from '../../store/dial-options.ts';
import { callingAccount } from '../../store/phone-store.ts';
import { accountLabel } from '../../store/words.ts';

export interface DialHintProps {
  readonly id: string;
  readonly known: DialKnown;
  readonly choice: DialChoice;
  /** Who is called, where somebody is. */
  readonly option: DialOption | undefined;
  /** Call was pressed for what stands there. */
  readonly asked: boolean;
}

export function DialHint({ id, known, choice, option, asked }: DialHintProps) {
  const problem = usePhone((state) => state.dialProblem);
  const isWrong = problem !== undefined || (choice.kind === 'unclear' && option === undefined && asked);
  const reason = problem ?? (choice.kind === 'unclear' ? choice.reason : undefined);
  return (
    <p id={id} className="dial-hint" data-wrong={isWrong ? '' : undefined} aria-live="polite">
      {problem === undefined && option !== undefined ? (
        <WillCall known={known} option={option} />
      ) : reason === undefined ? null : (
        said(reason)
      )}
    </p>
  );
}

export function WillCall({ known, option }: { readonly known: DialKnown; readonly option: DialOption }) {
  const { planOf } = useStores();
  const accounts = usePhone((state) => state.accounts);
  const isChosen = usePhone((state) => callingAccount(state) !== undefined);
  const own = isChosen ? undefined : accounts.find(({ id }) => id === option.accountId);
  const by = own === undefined ? known : { ...known, account: own, plan: planOf(own.id) };
  if (by.account === undefined) return null;
  const { shown, prefix, dials } = toldOf(option, by);
  const account = accountLabel(by.account, accounts);
  return (
    <>
      <Trans>
        Will call <bdi>{shown}</bdi> by <bdi>{account}</bdi>
      </Trans>
      {prefix === undefined ? null : ` ${t`(dials ${prefix} first)`}`}
      {dials === undefined ? null : ` ${t`(dials ${dials})`}`}
    </>
  );
}
