/** How an account dials: its country, its rules in the order in which they are done, and a number to try them with. */
import { t } from '@lingui/core/macro';
import { ArrowUp, Pencil, Plus, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useProfile, useStores } from '../../store/context.tsx';
import { allCountries, systemCountry } from '../../store/country.ts';
import { profileOf } from '../../store/profile-store.ts';
import { type Account, type DialRule, MAX_DIAL_RULES } from '../../store/types.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Select } from '../../ui/select.tsx';
import { useLanguage } from '../../ui/use-language.ts';
import { useSubmit } from '../use-submit.ts';
import { DialRuleForm } from './dial-rule-form.tsx';
import { DialTry } from './dial-try.tsx';
import { ruleWords } from './rule-words.ts';

export function DiallingDialog({ account, onClose }: { readonly account: Account; onClose(): void }) {
  return (
    <Dialog title={t`Dialling of ${account.number}`} onClose={onClose}>
      <DiallingForm account={account} />
    </Dialog>
  );
}

export function DiallingForm({ account: { id } }: { readonly account: Account }) {
  const { profile } = useStores();
  const account = useProfile((state) => profileOf(state)?.accounts.find((known) => known.id === id));
  const submit = useSubmit();
  const language = useLanguage();
  /** The place of the rule that is edited; that behind the last for a new one. */
  const [editing, setEditing] = useState<number>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names are in the language
  const countries = useMemo(allCountries, [language]);
  if (!account) return null;
  const { country = '', rules = [] } = account.dialling ?? {};
  const usual = systemCountry();
  const usualName = countries.find(([code]) => code === usual)?.[1];
  const set = (change: { readonly country?: string; readonly rules?: readonly DialRule[] }) =>
    submit.send(() => profile.getState().setDialling(account, change));
  const put = async (rule: DialRule) => {
    const next = editing === rules.length ? [...rules, rule] : rules.map((one, at) => (at === editing ? rule : one));
    if (await set({ rules: next })) setEditing(undefined);
  };
  const raise = (place: number) => {
    const next = [...rules];
    next.splice(place - 1, 0, ...next.splice(place, 1));
    void set({ rules: next });
  };

  return (
    <>
      <Problem>{submit.problem}</Problem>
      <div className="form">
        <Select
          label={t`Country`}
          value={country}
          choices={[['', usualName === undefined ? t`As the system` : t`As the system (${usualName})`], ...countries]}
          onChange={(chosen) => void set({ country: chosen })}
        />
        <p className="note">{t`Numbers without a country code are of this country.`}</p>
        <fieldset className="dial-rules">
          <legend>{t`Before a number is called`}</legend>
          {rules.length === 0 ? <p className="note">{t`It is dialled as it was typed.`}</p> : null}
          <ol>
            {rules.map((rule, place) => {
              const words = ruleWords(rule);
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: a rule is its place in the order
                <li key={place} className="dial-rule">
                  <span className="dial-rule-words">{words}</span>
                  {place === 0 ? null : (
                    <IconButton icon={ArrowUp} label={t`Do earlier: ${words}`} onClick={() => raise(place)} />
                  )}
                  <IconButton icon={Pencil} label={t`Change: ${words}`} onClick={() => setEditing(place)} />
                  <IconButton
                    icon={Trash2}
                    label={t`Remove: ${words}`}
                    onClick={() => {
                      setEditing(undefined);
                      void set({ rules: rules.filter((_, at) => at !== place) });
                    }}
                  />
                </li>
              );
            })}
          </ol>
          {editing === undefined ? (
            rules.length < MAX_DIAL_RULES ? (
              <Button icon={Plus} onClick={() => setEditing(rules.length)}>
                {t`Add rule`}
              </Button>
            ) : null
          ) : (
            <DialRuleForm key={editing} rule={rules[editing]} onSave={put} onCancel={() => setEditing(undefined)} />
          )}
        </fieldset>
        <DialTry rules={rules} country={country || usual} />
      </div>
    </>
  );
}
