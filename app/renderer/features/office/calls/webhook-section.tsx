/** Which program outside the office is told of each call that ends, such as one that keeps customers. */
import { plural, t } from '@lingui/core/macro';
import { Pencil, Unplug } from 'lucide-react';
import { useState } from 'react';
import { said } from '../../../../words/said.ts';
import { useStores } from '../../../store/context.tsx';
import type { WebhookInfo } from '../../../store/office-types.ts';
import { generatePassword } from '../../../store/password.ts';
import { useOfficeAnswer } from '../../../store/use-office.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { FormDialog } from '../../form-dialog.tsx';
import { useSubmit } from '../../use-submit.ts';
import { useTask } from '../task.tsx';

/** How many wait changes by itself. */
const EVERY_MS = 5_000;

export function WebhookSection() {
  const { office } = useStores();
  const openTask = useTask();
  const submit = useSubmit();
  const told = useOfficeAnswer('records.webhook', {}, EVERY_MS);
  const end = () =>
    submit.send(async () => {
      const outcome = await office.getState().setWebhook(t`No program is told of calls any more.`, { url: '' });
      return outcome.ok ? { ok: true, value: undefined } : outcome;
    });
  const info = told.state === 'ready' ? told.value : undefined;
  return (
    <section className="card section" aria-label={t`Tell another program of calls`}>
      <div className="section-head">
        <h2>{t`Tell another program of calls`}</h2>
        {info === undefined ? null : (
          <div className="user-card-actions">
            <Button
              icon={Pencil}
              aria-label={t`Change who is told of calls`}
              onClick={() => openTask((close) => <WebhookDialog info={info} onClose={close} />)}
            >
              {info.url === undefined ? t`Set up…` : t`Change…`}
            </Button>
            {info.url === undefined ? null : (
              <IconButton
                icon={Unplug}
                label={t`Tell nobody any more`}
                disabled={submit.busy}
                onClick={() => void end()}
              />
            )}
          </div>
        )}
      </div>
      <Problem>{submit.problem}</Problem>
      {told.state === 'failed' ? <p className="note">{said(told.reason)}</p> : null}
      {info === undefined ? null : <Told info={info} />}
    </section>
  );
}

function Told({ info: { url, hasSecret, waiting, givenUp } }: { readonly info: WebhookInfo }) {
  if (url === undefined) {
    return (
      <p className="note">{t`None. A program that keeps customers or bills can be told of each call once it is over (a webhook).`}</p>
    );
  }
  return (
    <>
      <p className="webhook-url">{url}</p>
      <p className="note">{hasSecret ? t`What is told is signed with a secret.` : t`What is told is not signed.`}</p>
      {waiting > 0 ? (
        <p className="note">
          {plural(waiting, {
            one: '# call waits to be told: nobody took it yet.',
            other: '# calls wait to be told: nobody took them yet.',
          })}
        </p>
      ) : null}
      {givenUp > 0 ? (
        <p className="note">
          {plural(givenUp, { one: '# call was refused for good.', other: '# calls were refused for good.' })}
        </p>
      ) : null}
    </>
  );
}

function WebhookDialog({ info, onClose }: { readonly info: WebhookInfo; onClose(): void }) {
  const { office } = useStores();
  const submit = useSubmit();
  const [url, setUrl] = useState(info.url ?? '');
  const [isSigned, setSigned] = useState(info.hasSecret);
  const [secret, setSecret] = useState('');
  const save = async () => {
    const address = url.trim();
    const wanted = {
      ...(address === info.url ? {} : { url: address }),
      ...(isSigned ? (secret === '' ? {} : { secret }) : info.hasSecret ? { secret: '' } : {}),
    };
    const sent = await submit.send(async () => {
      if (address === '') return { ok: false, reason: t`Say the address of the program.` };
      if (isSigned && secret === '' && !info.hasSecret) return { ok: false, reason: t`Say a secret, or do not sign.` };
      if (Object.keys(wanted).length === 0) return { ok: true, value: undefined };
      const outcome = await office.getState().setWebhook(t`Who is told of calls was changed.`, wanted);
      if (!outcome.ok) return outcome;
      return outcome.value ? { ok: true, value: undefined } : { ok: false, reason: t`Nothing was changed.` };
    });
    if (sent) onClose();
  };
  return (
    <FormDialog
      title={t`Tell another program of calls`}
      action={t`Save`}
      submit={submit}
      onSubmit={save}
      onClose={onClose}
    >
      <p className="note">{t`Who called whom, when and for how long goes there. You are asked once more before it does.`}</p>
      <TextField
        label={t`Address of the program`}
        hint={t`Begins with https://`}
        inputMode="url"
        value={url}
        data-autofocus=""
        onChange={(event) => setUrl(event.target.value)}
      />
      <Switch
        label={t`Sign what is told`}
        hint={t`With a secret that the program knows too, so that it believes nobody else.`}
        checked={isSigned}
        onChange={setSigned}
      />
      {isSigned ? (
        <TextField
          className="field-mono"
          label={t`Secret`}
          hint={info.hasSecret ? t`Empty keeps the one there is` : t`16 characters or more`}
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
          end={
            <>
              <Button className="field-button" onClick={() => setSecret(generatePassword())}>
                {t`Propose one`}
              </Button>
              {secret === '' ? null : <CopyButton text={secret} label={t`Copy`} />}
            </>
          }
        />
      ) : null}
    </FormDialog>
  );
}
