/** Number, password and server, the rest under More: for signing in the first time, again, or in another way. */
import { t } from '@lingui/core/macro';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { useOffice, useProfile, useStores } from '../../store/context.tsx';
import { accountSettingsOf, profileOf } from '../../store/profile-store.ts';
import type { Account } from '../../store/types.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSubmit } from '../use-submit.ts';
import { errorsIn, MoreFields } from './more-fields.tsx';

export interface SignInFormProps {
  /** The account to sign in again with; absent the first time. */
  readonly account?: Account | undefined;
  /** Why it did not work before. */
  readonly problem?: string | undefined;
  /** Stand before the button, such as one to give up. */
  readonly actions?: ReactNode;
  /** The password is known and need not be typed again. */
  readonly keepsPassword?: boolean;
  /** It stands behind another way in, which has the keyboard and the button that most people want. */
  readonly isSecond?: boolean;
  onDone?(): void;
}

export function SignInForm({
  account,
  problem,
  actions,
  keepsPassword = false,
  isSecond = false,
  onDone,
}: SignInFormProps) {
  const { profile } = useStores();
  const known = accountSettingsOf(account ?? {});
  const secrets = useProfile((state) => profileOf(state)?.secrets);
  const ownServer = useOffice((state) => (state.office?.state === 'on' ? state.office.server : ''));
  const submit = useSubmit();
  const [tried, setTried] = useState(false);
  const [form, setForm] = useState({
    number: account?.number ?? '',
    password: '',
    server: account?.server ?? ownServer,
    outboundProxy: account?.outboundProxy ?? '',
    displayName: account?.displayName ?? '',
    authName: known.authName,
    expires: String(known.expires),
    registrar: known.registrar,
    listenPort: known.listenPort > 0 ? String(known.listenPort) : '',
  });
  const change = (field: keyof typeof form) => (event: { target: { value: string } }) =>
    setForm((now) => ({ ...now, [field]: event.target.value }));

  // An office that starts on this computer is most likely the one to sign in to.
  useEffect(() => {
    if (ownServer) setForm((now) => (now.server ? now : { ...now, server: ownServer }));
  }, [ownServer]);

  const { number, server } = splitAddress(form.number, form.server);
  const errors = {
    number: number ? undefined : t`Type your number.`,
    password: form.password || keepsPassword || !form.registrar ? undefined : t`Type your password.`,
    server: server || !form.registrar ? undefined : t`Type the server of your office.`,
  };
  const moreErrors = errorsIn(form);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values({ ...errors, ...moreErrors }).some((error) => error !== undefined)) return;
    const outboundProxy = form.outboundProxy.trim();
    // A name that was not touched belongs to the number that was there.
    const untouched = form.displayName === account?.displayName && account.number !== number;
    const displayName = untouched ? '' : form.displayName.trim();
    const settings = {
      ...{ authName: form.authName.trim(), registrar: form.registrar, listenPort: Number(form.listenPort) },
      ...(form.registrar ? { expires: Number(form.expires) } : {}),
    };
    const password = form.password || null;
    const done = await submit.send(() =>
      profile.getState().signIn({ number, password, server, outboundProxy, displayName, settings }, account),
    );
    if (done) onDone?.();
  };
  const wrong = submit.problem ?? problem;

  return (
    <form className="form sign-in-form" onSubmit={(event) => void send(event)} noValidate>
      <Problem>{wrong}</Problem>
      <div className="field-pair">
        <TextField
          label={t`Number`}
          placeholder="1001"
          autoFocus={!isSecond && !account}
          value={form.number}
          error={tried ? errors.number : undefined}
          onChange={change('number')}
        />
        {form.registrar ? (
          <TextField
            label={t`Password`}
            type="password"
            autoFocus={account !== undefined}
            data-autofocus=""
            placeholder={keepsPassword ? t`Unchanged` : undefined}
            value={form.password}
            error={tried ? errors.password : undefined}
            onChange={change('password')}
          />
        ) : null}
      </div>
      <TextField
        label={t`Server`}
        hint={form.registrar ? undefined : t`For numbers; may be empty`}
        placeholder={t`office.example or 192.0.2.10`}
        value={form.server}
        error={tried ? errors.server : undefined}
        onChange={change('server')}
      />
      <MoreFields
        form={form}
        errors={tried ? moreErrors : {}}
        change={(change) => setForm((now) => ({ ...now, ...change }))}
      />
      {secrets === 'asked' ? (
        <p className="note">
          {t`This computer has no keychain that Tandem can use, so the password is kept only until you quit.`}
        </p>
      ) : null}
      <div className="sign-in-actions">
        {actions}
        <Button kind={isSecond ? 'neutral' : 'primary'} type="submit" disabled={submit.busy}>
          {keepsPassword || !form.registrar ? t`Save` : t`Sign in`}
        </Button>
      </div>
    </form>
  );
}

/** Lets `1001@office.example` in the first field stand for number and server. */
function splitAddress(number: string, server: string): { number: string; server: string } {
  const typed = number.trim().replace(/^sips?:/i, '');
  const at = typed.lastIndexOf('@');
  if (at < 0) return { number: typed, server: server.trim() };
  return { number: typed.slice(0, at), server: server.trim() || typed.slice(at + 1) };
}
