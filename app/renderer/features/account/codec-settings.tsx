/** The codecs of calls: which are on, in which order, and how much sound goes into a packet; for all accounts or for one. */
import { t } from '@lingui/core/macro';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useProfile, useStores } from '../../store/context.tsx';
import { CODECS, type CodecName, type CodecSettings as Codecs, PTIMES, profileOf } from '../../store/profile-store.ts';
import type { Account, Outcome } from '../../store/types.ts';
import { codecName } from '../../store/words.ts';
import { IconButton } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';

const scopes = () =>
  [
    ['all', t`As of all accounts`],
    ['own', t`Of its own`],
  ] as const;
const packets = () => PTIMES.map((ms) => [String(ms), t`${ms} ms`] as const);

export interface CodecSettingsProps {
  readonly account: Account;
  readonly send: (question: () => Promise<Outcome>) => void;
}

export function CodecSettings({ account, send }: CodecSettingsProps) {
  const { profile } = useStores();
  const ofAll = useProfile((state) => profileOf(state)?.codecs);
  const several = useProfile((state) => (profileOf(state)?.accounts.length ?? 0) > 1);
  if (ofAll === undefined) return null;
  const { setCodecs } = profile.getState();
  const own = account.codecs;
  const settings = own ?? ofAll;
  const set = (change: Partial<Codecs>) =>
    send(() => setCodecs(own === undefined ? null : account, { ...settings, ...change }));
  const ptime = String(settings.ptime);

  return (
    <>
      {several || own !== undefined ? (
        <Select
          label={t`Codecs`}
          value={own === undefined ? 'all' : 'own'}
          choices={scopes()}
          onChange={(scope) => send(() => setCodecs(account, scope === 'own' ? ofAll : null))}
        />
      ) : null}
      <CodecList
        label={own === undefined && several ? t`Codecs of all accounts` : t`Codecs, the first one preferred`}
        on={settings.codecs}
        change={(codecs) => set({ codecs })}
      />
      <Select
        label={t`Sound in a packet`}
        value={ptime}
        choices={packets()}
        onChange={(value) => set({ ptime: PTIMES.find((ms) => String(ms) === value) ?? 20 })}
      />
    </>
  );
}

interface CodecListProps {
  readonly label: string;
  readonly on: readonly CodecName[];
  readonly change: (on: readonly CodecName[]) => void;
}

/** Those that are on in their order, then the others. */
function CodecList({ label, on, change }: CodecListProps) {
  const off = CODECS.filter((name) => !on.includes(name));
  const swapped = (at: number): readonly CodecName[] => {
    const [before, after] = [on[at], on[at + 1]];
    return on.map((name, index) => (index === at ? after : index === at + 1 ? before : name) ?? name);
  };
  return (
    <fieldset className="codecs">
      <legend>{label}</legend>
      {[...on, ...off].map((name) => {
        const at = on.indexOf(name);
        const isOn = at >= 0;
        return (
          <div key={name} className="codec" data-off={isOn ? undefined : ''}>
            <label>
              <input
                type="checkbox"
                checked={isOn}
                // One must stay: there is no call without.
                disabled={isOn && on.length === 1}
                onChange={() => change(isOn ? on.filter((other) => other !== name) : [...on, name])}
              />
              {codecName(name)}
            </label>
            {isOn ? (
              <>
                <IconButton
                  icon={ArrowUp}
                  label={t`${codecName(name)} earlier`}
                  disabled={at === 0}
                  onClick={() => change(swapped(at - 1))}
                />
                <IconButton
                  icon={ArrowDown}
                  label={t`${codecName(name)} later`}
                  disabled={at === on.length - 1}
                  onClick={() => change(swapped(at))}
                />
              </>
            ) : null}
          </div>
        );
      })}
    </fieldset>
  );
}
