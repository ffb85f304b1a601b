/** The field for whom to call, with what Call will do written under it. */

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Phone } from 'lucide-react';
import { type FormEvent, type Ref, useEffect, useId, useMemo, useState } from 'react';
import { said } from '../../../words/said.ts';
import { useOffice, usePhone, useStores } from '../../store/context.tsx';
import { previewDial } from '../../store/dial-preview.ts';
import { callingAccount } from '../../store/phone-store.ts';
import { Button } from '../../ui/button.tsx';
import { CallAs } from './call-as.tsx';

export function DialField({ ref }: { ref: Ref<HTMLInputElement> }) {
  const { phone, office } = useStores();
  const text = usePhone((state) => state.dialled);
  const problem = usePhone((state) => state.dialProblem);
  const account = usePhone((state) => callingAccount(state) ?? state.accounts[0]);
  const users = useOffice((state) => state.users);
  const hintId = useId();
  const [pressed, setPressed] = useState('');
  const preview = useMemo(
    () => previewDial(text, account, users.state === 'ready' ? users.list : []),
    [text, account, users],
  );

  // The names of the office's users are known where the office is hosted.
  useEffect(() => {
    if (office.getState().office?.state === 'on') void office.getState().refreshUsers();
  }, [office]);

  const call = (event: FormEvent) => {
    event.preventDefault();
    setPressed(text);
    if (preview.kind === 'ready') phone.getState().call(preview.target);
  };
  const wrong = problem ?? (preview.kind === 'unclear' && pressed === text ? preview.reason : undefined);

  return (
    <form className="dial" onSubmit={call}>
      <div className="dial-row">
        <input
          ref={ref}
          className="dial-input"
          aria-label={t`Name or number`}
          placeholder={t`Name or number`}
          aria-describedby={hintId}
          aria-invalid={wrong ? true : undefined}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          dir="auto"
          // biome-ignore lint/a11y/noAutofocus: the field is what the page is for
          autoFocus
          value={text}
          onChange={(event) => phone.getState().setDialled(event.target.value)}
        />
        <Button kind="primary" type="submit" icon={Phone} className="dial-call" disabled={preview.kind === 'empty'}>
          {t`Call`}
        </Button>
      </div>
      <CallAs />
      <p id={hintId} className="dial-hint" data-wrong={wrong ? '' : undefined} aria-live="polite">
        {wrong === undefined ? <Hint preview={preview} /> : said(wrong)}
      </p>
    </form>
  );
}

function Hint({ preview }: { preview: ReturnType<typeof previewDial> }) {
  switch (preview.kind) {
    case 'empty':
      return null;
    case 'unclear':
      return said(preview.reason);
    case 'ready':
      return (
        <Trans>
          Will call <bdi>{preview.shown}</bdi> as <bdi>{preview.from}</bdi>
        </Trans>
      );
  }
}
