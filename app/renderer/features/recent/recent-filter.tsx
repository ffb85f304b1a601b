/** Which of the calls that were are listed: those with somebody, of one kind, by one account. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useHistory, useProfile, useStores } from '../../store/context.tsx';
import { HISTORY_KINDS, type HistoryFilter, type HistoryKind, MAX_FOUND_NUMBERS } from '../../store/history-store.ts';
import { profileOf } from '../../store/profile-store.ts';
import { numberIn } from '../../store/typed-number.ts';
import type { Account } from '../../store/types.ts';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';

const kindWords = (kind: HistoryKind): string => {
  const words = {
    all: t`All calls`,
    missed: t`Missed`,
    incoming: t`Incoming`,
    outgoing: t`Outgoing`,
    recorded: t`With a recording`,
  };
  return words[kind];
};
const NONE: readonly Account[] = [];

export function RecentFilter() {
  const { book, history } = useStores();
  const filter = useHistory((state) => state.filter);
  const accounts = useProfile((state) => profileOf(state)?.accounts ?? NONE);
  const [typed, setTyped] = useState(filter.text);
  const set = (change: Partial<HistoryFilter>) => void history.getState().find({ ...filter, ...change });
  const search = (text: string) => {
    setTyped(text);
    const wanted = text.trim();
    // Whoever has another name by now than when he called is found by his numbers.
    const known = wanted === '' || numberIn(wanted) !== undefined ? [] : book.search(wanted, MAX_FOUND_NUMBERS);
    set({ text: wanted, numbers: known.map(({ number }) => number) });
  };
  return (
    <div className="filters">
      <TextField
        label={t`Find a call`}
        placeholder={t`Name or number`}
        hideLabel
        type="search"
        dir="auto"
        maxLength={200}
        value={typed}
        onChange={({ target }) => search(target.value)}
      />
      <Select
        label={t`Which calls`}
        hideLabel
        value={filter.kind}
        choices={HISTORY_KINDS.map((kind) => [kind, kindWords(kind)] as const)}
        onChange={(kind) => set({ kind })}
      />
      {accounts.length > 1 ? (
        <Select
          label={t`By account`}
          hideLabel
          value={filter.accountId}
          choices={[
            ['', t`By all accounts`],
            ...accounts.map(({ id, number, server }) => [id, t`${number} at ${server}`] as const),
          ]}
          onChange={(accountId) => set({ accountId })}
        />
      ) : null}
    </div>
  );
}
