/** Signing in to a server of address books, for the first time or anew; a certificate that is doubted is shown first. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { BooksView } from '../../store/books-store.ts';
import { useStores } from '../../store/context.tsx';
import { Banner } from '../../ui/banner.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { useSignIn } from './use-sign-in.tsx';

export interface BooksSignInDialogProps {
  /** Null for a server that is new here. */
  readonly known: BooksView | null;
  onClose(): void;
}

export function BooksSignInDialog({ known, onClose }: BooksSignInDialogProps) {
  const { books } = useStores();
  const [form, setForm] = useState({ server: known?.server ?? '', user: known?.user ?? '', password: '' });
  const [tried, setTried] = useState(false);
  const change = (more: Partial<typeof form>) => setForm((before) => ({ ...before, ...more }));
  const server = form.server.trim();
  const isNameless = form.user.trim() === '' && !server.includes('@');
  const isOpen = /^http:\/\//i.test(server);

  const { submit, doubt, send } = useSignIn(
    (trusted) =>
      books.getState().signIn({
        ...{ server, user: form.user.trim() || server, password: form.password === '' ? null : form.password },
        ...(known === null ? {} : { id: known.id }),
        ...trusted,
      }),
    onClose,
  );
  const sendWhole = async () => {
    setTried(true);
    if (server !== '' && !isNameless && (known !== null || form.password !== '')) await send();
  };

  if (doubt) return doubt;
  return (
    <FormDialog
      title={known === null ? t`Add address books` : t`Sign in again`}
      action={submit.busy ? t`Looking…` : known === null ? t`Add` : t`Sign in`}
      submit={submit}
      onSubmit={sendWhole}
      onClose={onClose}
    >
      <TextField
        label={t`Server or e-mail address`}
        value={form.server}
        error={tried && server === '' ? t`Type the server, or your e-mail address there.` : undefined}
        data-autofocus=""
        inputMode="url"
        onChange={({ target }) => change({ server: target.value })}
      />
      <TextField
        label={t`User name`}
        hint={server.includes('@') ? t`Where it is not the e-mail address` : undefined}
        value={form.user}
        error={tried && server !== '' && isNameless ? t`Type your name on the server.` : undefined}
        onChange={({ target }) => change({ user: target.value })}
      />
      <TextField
        label={t`Password`}
        hint={known === null ? undefined : t`Left empty: the one that is known`}
        type="password"
        value={form.password}
        error={tried && known === null && form.password === '' ? t`Type the password.` : undefined}
        onChange={({ target }) => change({ password: target.value })}
      />
      {isOpen ? (
        <Banner kind="warning">{t`This way is not protected: others in the network can read the password and the contacts.`}</Banner>
      ) : null}
    </FormDialog>
  );
}
