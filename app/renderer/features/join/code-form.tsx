/** "I have a code": the code, or its link, and the office where that is not known by itself. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type FormEvent, useEffect, useState } from 'react';
import { useJoining, useProfile, useStores } from '../../store/context.tsx';
import { officeOfLink } from '../../store/joining-store.ts';
import { profileOf } from '../../store/profile-store.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSubmit } from '../use-submit.ts';

/** Chosen where the office is none of those that were found. */
const ELSEWHERE = 'elsewhere';
const EXAMPLE = 'K7M-4QP-9XT';

export function CodeForm({ onDone }: { onDone?(): void }) {
  const { joining } = useStores();
  const offices = useJoining((state) => state.offices);
  const secrets = useProfile((state) => profileOf(state)?.secrets);
  const submit = useSubmit();
  const offered = useJoining((state) => state.offered);
  const [text, setText] = useState(offered ?? '');
  const [address, setAddress] = useState('');
  const [chosen, setChosen] = useState('');
  const [tried, setTried] = useState(false);
  useEffect(() => joining.getState().look(), [joining]);
  useEffect(() => {
    if (offered !== undefined) setText(offered);
  }, [offered]);

  const led = officeOfLink(text);
  const isLink = led !== undefined;
  const office = offices.find(({ server }) => server === chosen) ?? (chosen === ELSEWHERE ? undefined : offices[0]);
  const server = office?.server ?? address;
  const missing = text.trim() === '' ? t`Type the code that you were given.` : undefined;
  // Nobody is asked for an address before it is plain that no office says its own.
  const asksAddress = !isLink && office === undefined && ((tried && missing === undefined) || chosen === ELSEWHERE);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing !== undefined || (!isLink && server.trim() === '')) return;
    if (await submit.send(() => joining.getState().join(text, isLink ? '' : server))) onDone?.();
  };

  return (
    <form className="form code-form" aria-label={t`I have a code`} onSubmit={(event) => void send(event)} noValidate>
      <Problem>{submit.problem}</Problem>
      <div className="code-line">
        <TextField
          label={t`Code`}
          hint={t`Or its link`}
          className="code-field"
          placeholder={EXAMPLE}
          autoFocus={onDone === undefined}
          value={text}
          error={tried ? missing : undefined}
          onChange={({ target }) => setText(target.value)}
        />
        <Button kind="primary" type="submit" disabled={submit.busy}>
          {submit.busy ? t`Joining…` : t`Join`}
        </Button>
      </div>
      {led === undefined ? null : (
        <p className="note">
          <Trans>
            The link leads to the office at <bdi>{addressOf(led)}</bdi>. Join it if you know who sent the link.
          </Trans>
        </p>
      )}
      {isLink || offices.length === 0 ? null : (
        <Select
          label={t`Office on this network`}
          value={office?.server ?? ELSEWHERE}
          choices={[
            ...offices.map(({ name, server: at }) => [at, `${name} (${addressOf(at)})`] as const),
            [ELSEWHERE, t`Another one…`],
          ]}
          onChange={setChosen}
        />
      )}
      {asksAddress ? (
        <TextField
          label={t`Address of the office`}
          hint={t`It was given with the code`}
          placeholder="192.0.2.10:5060"
          value={address}
          error={tried && address.trim() === '' ? t`Type the address of the office.` : undefined}
          onChange={({ target }) => setAddress(target.value)}
        />
      ) : null}
      {secrets === 'asked' ? (
        <p className="note">
          {t`This computer has no keychain that Tandem can use: after you quit, you will need another code.`}
        </p>
      ) : null}
    </form>
  );
}

const addressOf = (server: string): string => server.replace(/^sips?:/, '').replace(/;.*$/, '');
