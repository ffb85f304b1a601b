/** Signing in to a server of address books, for the first time or anew; a certificate that is doubted is shown first. */
import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { BooksView } from '../../store/books-store.ts';
import { useStores } from '../../store/context.tsx';
import type { CertificateProblem, Outcome } from '../../store/types.ts';
import { Banner } from '../../ui/banner.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { CertificateDialog } from '../account/certificate-dialog.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { useSubmit } from '../use-submit.ts';

export interface BooksSignInDialogProps {
  /** Null for a server that is new here. */
  readonly known: BooksView | null;
  onClose(): void;
}

export function BooksSignInDialog({ known, onClose }: BooksSignInDialogProps) {
  const { books } = useStores();
  const submit = useSubmit();
  const [form, setForm] = useState({ server: known?.server ?? '', user: known?.user ?? '', password: '' });
  const [tried, setTried] = useState(false);
  const [doubted, setDoubted] = useState<CertificateProblem>();
  const change = (more: Partial<typeof form>) => setForm((before) => ({ ...before, ...more }));
  const server = form.server.trim();
  const isNameless = form.user.trim() === '' && !server.includes('@');
  const isOpen = /^http:\/\//i.test(server);

  const signIn = async (trust?: string): Promise<Outcome> => {
    const { user, password } = form;
    const outcome = await books.getState().signIn({
      ...{ server, user: user.trim() || server, password: password === '' ? null : password },
      ...(known === null ? {} : { id: known.id }),
      ...(trust === undefined ? {} : { trust }),
    });
    if (!outcome.ok && outcome.certificate !== undefined) setDoubted(outcome.certificate);
    return outcome;
  };
  const send = async () => {
    setTried(true);
    if (server === '' || isNameless || (known === null && form.password === '')) return;
    if (await submit.send(() => signIn())) onClose();
  };
  const trust = async (): Promise<Outcome> => {
    const outcome = await signIn(doubted?.fingerprint);
    if (outcome.ok) onClose();
    return outcome;
  };

  if (doubted !== undefined) {
    return <CertificateDialog problem={doubted} onTrust={trust} onClose={() => setDoubted(undefined)} />;
  }
  return (
    <FormDialog
      title={known === null ? t`Add address books` : t`Sign in again`}
      action={submit.busy ? t`Looking…` : known === null ? t`Add` : t`Sign in`}
      submit={submit}
      onSubmit={send}
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
