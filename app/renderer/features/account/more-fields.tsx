/** What most accounts leave as it is: the outbound proxy, the name shown, the name for signing in, how long, and whether there is a server at all. */
import { t } from '@lingui/core/macro';
import type { ChangeEvent } from 'react';
import { LEAST_EXPIRES, MOST_EXPIRES } from '../../store/profile-store.ts';
import { Switch } from '../../ui/switch.tsx';
import { TextField } from '../../ui/text-field.tsx';

export interface MoreForm {
  readonly outboundProxy: string;
  readonly displayName: string;
  readonly authName: string;
  readonly expires: string;
  readonly registrar: boolean;
  readonly listenPort: string;
}

export interface MoreFieldsProps {
  readonly form: MoreForm;
  /** By field; shown once the person has tried. */
  readonly errors: Readonly<Partial<Record<keyof MoreForm, string | undefined>>>;
  readonly change: (change: Partial<MoreForm>) => void;
}

export function MoreFields({ form, errors, change }: MoreFieldsProps) {
  const field = (name: 'listenPort' | 'outboundProxy' | 'displayName' | 'authName' | 'expires') => ({
    value: form[name],
    error: errors[name],
    onChange: ({ target }: ChangeEvent<HTMLInputElement>) => change({ [name]: target.value }),
  });
  const open = Object.values(errors).some((error) => error !== undefined) || !form.registrar;
  return (
    <details className="more" open={open || undefined}>
      <summary>{t`More`}</summary>
      <div className="form">
        <Switch
          label={t`Without signing in`}
          hint={t`Phones that know this computer’s address call it, and it calls theirs`}
          checked={!form.registrar}
          onChange={(direct) => change({ registrar: !direct })}
        />
        {form.registrar ? null : (
          <TextField
            label={t`Port`}
            hint={t`Empty for the first free one`}
            inputMode="numeric"
            {...field('listenPort')}
          />
        )}
        <TextField label={t`Your name`} hint={t`Shown to the people you call`} {...field('displayName')} />
        {form.registrar ? (
          <>
            <TextField label={t`Outbound proxy`} hint={t`Usually empty`} {...field('outboundProxy')} />
            <TextField label={t`Name for signing in`} hint={t`Where it is not the number`} {...field('authName')} />
            <TextField label={t`Registration lasts`} hint={t`Seconds`} inputMode="numeric" {...field('expires')} />
          </>
        ) : null}
      </div>
    </details>
  );
}

/** What is wrong with what was typed, by field. */
export function errorsIn({ expires, registrar, listenPort }: MoreForm): MoreFieldsProps['errors'] {
  const inRange = (typed: string, least: number, most: number): boolean =>
    /^\s*\d{1,6}\s*$/.test(typed) && Number(typed) >= least && Number(typed) <= most;
  if (!registrar) {
    const fits = listenPort.trim() === '' || inRange(listenPort, 1, 65_535);
    return fits ? {} : { listenPort: t`Type a number from 1 to 65535.` };
  }
  if (inRange(expires, LEAST_EXPIRES, MOST_EXPIRES)) return {};
  return { expires: t`Type a number from ${LEAST_EXPIRES} to ${MOST_EXPIRES}.` };
}
