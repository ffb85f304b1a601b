/** Which account the next call goes by; there is nothing to choose where there is one only. */
import { t } from '@lingui/core/macro';
import { usePhone, useStores } from '../../store/context.tsx';
import { callingAccount } from '../../store/phone-store.ts';
import { accountLabel } from '../../store/words.ts';
import { Select } from '../../ui/select.tsx';

export function CallAs() {
  const { phone } = useStores();
  const accounts = usePhone((state) => state.accounts);
  const chosen = usePhone((state) => (callingAccount(state) ?? state.accounts[0])?.id);
  if (accounts.length < 2 || chosen === undefined) return null;
  return (
    <div className="dial-as">
      <Select
        label={t`Call as`}
        value={chosen}
        choices={accounts.map((account) => [account.id, accountLabel(account, accounts)] as const)}
        onChange={(id) => phone.getState().setCallAs(id)}
      />
    </div>
  );
}
