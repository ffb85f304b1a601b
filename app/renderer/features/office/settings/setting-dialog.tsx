/** One setting of the exchange: its value, or back to what usually holds. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { said } from '../../../../words/said.ts';
import { useStores } from '../../../store/context.tsx';
import type { SettingInfo } from '../../../store/office-types.ts';
import { valueWords } from '../../../store/office-words.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { FormDialog } from '../../form-dialog.tsx';
import { useSubmit } from '../../use-submit.ts';

export function SettingDialog({ setting, onClose }: { readonly setting: SettingInfo; onClose(): void }) {
  const { office } = useStores();
  const submit = useSubmit();
  const { name, unit, usual, source, choices, min, max } = setting;
  const what = said(setting.what);
  const [value, setValue] = useState(String(setting.value));
  const save = async () => {
    const params = { name, value: value.trim() };
    const words = t`${what}: ${valueWords(value.trim(), unit)}.`;
    if (await submit.send(() => office.getState().change(words, 'settings.set', params))) onClose();
  };
  const reset = async () => {
    const words = t`${what}: ${valueWords(usual, unit)}, as usual.`;
    if (await submit.send(() => office.getState().change(words, 'settings.reset', { name }))) onClose();
  };
  return (
    <FormDialog title={what} action={t`Save`} submit={submit} onSubmit={save} onClose={onClose}>
      {source === 'command line' ? (
        <Banner kind="info">
          {t`The command that started the exchange says this; what is kept here holds without it.`}
        </Banner>
      ) : null}
      {choices === undefined ? (
        <TextField
          label={unit === undefined ? t`Value` : t`Value (${unit})`}
          hint={min === undefined || max === undefined ? undefined : t`${min} to ${max}`}
          inputMode="numeric"
          value={value}
          data-autofocus=""
          onChange={(event) => setValue(event.target.value)}
        />
      ) : (
        <Select
          label={t`Value`}
          value={value}
          choices={choices.map((choice) => [choice, choice] as const)}
          onChange={setValue}
        />
      )}
      <p className="note">
        <Trans>
          Usually {valueWords(usual, unit)}. It is called <code>{name}</code> on the command line.
        </Trans>
      </p>
      {source === 'default' ? null : (
        <div>
          <Button icon={RotateCcw} disabled={submit.busy} onClick={() => void reset()}>
            {t`As usual`}
          </Button>
        </div>
      )}
    </FormDialog>
  );
}
