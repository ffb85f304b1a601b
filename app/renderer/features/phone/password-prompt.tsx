/** Asks for a password that this computer could not keep, or that the server refused. */
import { type FormEvent, useState } from 'react';
import { useStores } from '../../store/context.tsx';
import type { Account, SecretStorage } from '../../store/types.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSubmit } from '../use-submit.ts';

export interface PasswordPromptProps {
  readonly account: Account;
  readonly secrets: SecretStorage;
  /** Why the last password did not do. */
  readonly problem: string | undefined;
}

export function PasswordPrompt({ account, secrets, problem }: PasswordPromptProps) {
  const { profile } = useStores();
  const submit = useSubmit();
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!password) return setMissing(true);
    await submit.send(() => profile.getState().givePassword(account, password));
  };

  return (
    <form className="card form prompt" onSubmit={(event) => void send(event)} noValidate>
      <h1>Password for {account.number}</h1>
      <p className="note">
        Sign in again as {account.displayName ? <bdi>{account.displayName}</bdi> : account.number} at {account.server}.
      </p>
      {(submit.problem ?? problem) ? (
        <Banner kind="danger" urgent>
          {submit.problem ?? problem}
        </Banner>
      ) : null}
      <TextField
        label="Password"
        type="password"
        autoFocus
        value={password}
        error={missing && !password ? 'Type the password.' : undefined}
        onChange={(event) => setPassword(event.target.value)}
      />
      {secrets === 'asked' ? <NoKeychain /> : null}
      <Button kind="primary" type="submit" disabled={submit.busy}>
        Sign in
      </Button>
    </form>
  );
}

export function NoKeychain() {
  return (
    <p className="note">
      This computer has no keychain that Tandem can use, so the password is kept only until you quit.
    </p>
  );
}
