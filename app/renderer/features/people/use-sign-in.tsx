/** Signing in to a server whose certificate may be doubted: it is shown then, and once it is believed the same is sent again. */
import { type ReactNode, useState } from 'react';
import type { BooksSignedIn, CertificateProblem, Outcome } from '../../store/types.ts';
import { CertificateDialog } from '../account/certificate-dialog.tsx';
import { type Submit, useSubmit } from '../use-submit.ts';

interface Trusted {
  readonly trust?: string;
}

export interface SignIn {
  readonly submit: Submit;
  /** The certificate that is doubted, to be shown in place of the form. */
  readonly doubt: ReactNode;
  send(): Promise<void>;
}

/** @param ask sends the form, with the fingerprint of the certificate that the person believes, where there is one */
export function useSignIn(ask: (trusted: Trusted) => Promise<BooksSignedIn>, onDone: () => void): SignIn {
  const submit = useSubmit();
  const [doubted, setDoubted] = useState<CertificateProblem>();
  const signIn = async (trusted: Trusted): Promise<Outcome> => {
    const outcome = await ask(trusted);
    if (outcome.ok) onDone();
    else if (outcome.certificate !== undefined) setDoubted(outcome.certificate);
    return outcome;
  };
  return {
    submit,
    doubt: doubted && (
      <CertificateDialog
        problem={doubted}
        onTrust={() => signIn({ trust: doubted.fingerprint })}
        onClose={() => setDoubted(undefined)}
      />
    ),
    async send() {
      await submit.send(() => signIn({}));
    },
  };
}
